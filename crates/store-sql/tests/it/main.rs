//! The exams on each dialect, and what has to hold across restarts, deaths and instances.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod death;
mod exam;
mod heavy;
mod instances;
mod leases;
mod meters;
mod months;
mod opening;
mod place;
mod relay;
mod reports;
mod restart;

use cache_tiers::Timestamp;

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
