//! The parts that live in memory, which are also the reference for all others.

mod ledger;
mod meter;
mod tallies;

pub use ledger::MemoryLedger;
pub use meter::MemoryMeter;
pub use tallies::MemoryTallies;

#[cfg(all(test, feature = "conformance"))]
mod tests;
