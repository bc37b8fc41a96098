#![doc = include_str!("../README.md")]

mod entry;
mod error;
pub mod freshness;
mod guarded;
mod key;
pub mod limits;
mod meta;
pub mod metrics;
mod stack;
mod tier;
mod ttl;
mod version;

pub use clock::{Clock, Timestamp};
pub use entry::{DecodeError, Entry, HEADER_BYTES, SCHEMA};
pub use error::{TierError, TierErrorKind};
pub use freshness::Freshness;
pub use guarded::Guarded;
pub use key::Key;
pub use meta::{Flags, Meta};
pub use metrics::TierCounters;
pub use stack::{Found, Stack, StackBuilder, TierPolicy, WriteBehind};
pub use tier::{Capability, Tier, TierExt};
pub use ttl::TtlPolicy;
pub use version::{Version, Versions};
