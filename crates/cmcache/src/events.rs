//! What happens, as it happens: typed events on one bounded bus.
//!
//! ```
//! use cmcache::events::{Events, Heard, Kind, Switches, What};
//! use cmcache::clock::Timestamp;
//!
//! # tokio::runtime::Runtime::new()?.block_on(async {
//! let events = Events::new(1, Switches::default());
//! let mut tiers = events.subscribe().only([Kind::TierDown, Kind::TierUp]);
//! events.publish(Timestamp::EPOCH, What::TierDown { tier: "redis".into() });
//! let Some(Heard::Event(event)) = tiers.next().await else { panic!("nothing was told") };
//! assert_eq!(event.what.kind().name(), "tier_down");
//! # });
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! Whoever publishes never waits: what a subscriber has not read when the bus is full is lost to
//! that subscriber, who is told how much it was.

mod bus;
mod event;
mod kind;
mod lookout;
mod subscription;
mod taps;

pub use bus::Events;
pub use event::{Event, Severity, What};
pub use kind::{Kind, Kinds, Switches};
pub use subscription::{Heard, Subscription};

pub(crate) use lookout::Lookout;
pub(crate) use taps::{Announced, tap};

/// Events that the bus remembers: for subscribers that are slow, or come back after a break.
pub const REMEMBERED_MAX: usize = 1_024;

#[cfg(test)]
mod tests;
