//! How old answers should be, so that what is left lasts until the reset and none of it is left
//! over. Values to values: estimates in, ages and a step out. Nothing here spends or refuses; what
//! may be spent is decided by [`Budget`], in whole credits.
//!
//! The reasoning, with its derivation, is in `docs/guide/pacing.md`.

mod funds;
mod ladder;
mod learned;
mod lot;
mod memory;
mod outlook;
mod pacer;
mod profile;

pub use funds::Funds;
pub use ladder::{Ladder, Signal, Step};
pub use lot::Lot;
pub use memory::Memory;
pub use outlook::Outlook;
pub use pacer::{PaceSettings, Paced, Pacer, Seen};
pub use profile::Profile;

#[cfg(test)]
mod tests;
