#![doc = include_str!("../README.md")]

mod backplane;
#[cfg(feature = "conformance")]
pub mod conformance;
mod entry;
mod error;
#[cfg(feature = "testing")]
mod far;
#[cfg(feature = "testing")]
mod faulty;
pub mod freshness;
mod guarded;
mod key;
mod lease;
pub mod limits;
mod mark;
mod memory;
mod meta;
pub mod metrics;
mod observer;
pub mod ranges;
mod stack;
mod tier;
mod ttl;
mod version;

pub use backplane::{Backplane, Listener, MemoryBackplane, Note};
pub use clock::{Clock, SystemClock, Timestamp};
pub use entry::{DecodeError, Entry, HEADER_BYTES, SCHEMA};
pub use error::{TierError, TierErrorKind};
#[cfg(feature = "testing")]
pub use far::Far;
#[cfg(feature = "testing")]
pub use faulty::{Faults, Faulty};
pub use freshness::Freshness;
pub use guarded::Guarded;
pub use key::Key;
pub use lease::{GuardedLeases, Lease, Leases, MemoryLeases};
pub use mark::{Mark, Scope};
pub use memory::MemoryTier;
pub use meta::{Flags, Meta};
pub use metrics::TierCounters;
pub use observer::{Ended, Observer, Verb};
pub use stack::{Found, Refreshed, Stack, StackBuilder, TierPolicy, TierState, WriteBehind};
pub use tier::{Capability, Tier, TierExt};
pub use ttl::TtlPolicy;
pub use version::{Version, Versions};
