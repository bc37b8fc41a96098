#![doc = include_str!("../README.md")]

mod clock;
mod timestamp;

pub use clock::{Clock, CoarseClock, ManualClock, SystemClock};
pub use timestamp::Timestamp;
