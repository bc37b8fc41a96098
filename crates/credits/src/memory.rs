//! The parts that live in memory, which are also the reference for all others.

mod ledger;
mod meter;

pub use ledger::MemoryLedger;
pub use meter::MemoryMeter;

#[cfg(all(test, feature = "conformance"))]
mod tests;
