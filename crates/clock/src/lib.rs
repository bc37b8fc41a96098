#![doc = include_str!("../README.md")]

mod clock;
mod timestamp;

pub use clock::{Clock, CoarseClock, ManualClock, Stopwatch, SystemClock};
pub use timestamp::Timestamp;
