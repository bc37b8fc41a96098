#![doc = include_str!("../README.md")]

mod check;
mod registry;
mod report;
mod status;

pub use check::{Check, Effect, Finding, Group};
pub use registry::{Phase, Registry};
pub use report::{CheckReport, Report};
pub use status::Status;
