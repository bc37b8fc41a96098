//! What the integration tests stand on: the paid API, the gateway, and those who ask.
//!
//! Three nouns. A [`Sim`] is the paid API, in this process and with its clock stopped, so that the
//! same question has the same answer twice. A [`Gateway`] is the real `cmcache` binary in a process
//! of its own: it starts in milliseconds, it can be killed, and what it prints can be read. A
//! [`Client`] asks either of them and keeps every byte that came back.
//!
//! Stores are real, too: those that a run shares ([`TestServers`]), those that a test may kill
//! ([`RedisServer`], [`MemcachedServer`]), and a network before them that breaks ([`Proxy`]).
//!
//! Tests wait for *values* ([`eventually`]), never for time; JSON is compared with numbers as text
//! ([`json_difference`]), because byte-exact numbers are promised.
//!
//! ```
//! use harness::json_difference;
//!
//! assert_eq!(json_difference(r#"{"a": 1, "b": [2]}"#, r#"{"b":[2],"a":1}"#), None);
//! let difference = json_difference(r#"{"a":[1.0]}"#, r#"{"a":[1]}"#).unwrap();
//! assert!(difference.starts_with("$.a[0]: 1.0"));
//! ```

mod askers;
mod booked;
mod client;
mod envelope;
mod exposition;
mod gateway;
mod json;
mod listener;
mod machine;
mod proxy;
mod raw;
mod receiver;
mod same;
mod seasoned;
mod servers;
mod sim;
mod spawned;
mod waiting;

pub use askers::{Load, ask_all, ask_all_at_once};
pub use booked::Booked;
pub use client::{Client, Reply};
pub use envelope::Envelope;
pub use exposition::{Exposition, Family, Sample, exposition};
pub use gateway::{Gateway, GatewaySpec};
pub use json::{json_difference, same_json};
pub use listener::{Listener, Told};
pub use machine::{Scratch, cpu_seconds, free_port, lasting_port, scratch, setting, unread_bytes};
pub use proxy::{Counts, Fault, Proxy};
pub use raw::raw_exchange;
pub use receiver::{Received, Receiver};
pub use same::{error_difference, style_difference};
pub use seasoned::Seasoned;
pub use servers::{Database, MemcachedServer, RedisServer, TestServers};
pub use sim::{KEY, Sim};
pub use spawned::Spawned;
pub use waiting::{PATIENCE, eventually, eventually_async, stopwatch};
