#![doc = include_str!("../README.md")]

mod config;
mod current;
mod exporter;
mod limits;
mod meter;
mod span;
mod spans;
mod way;

pub use config::{OtelConfig, OtelError};
pub use current::current_trace;
pub use exporter::Exporter;
pub use meter::{Meters, Reading};
pub use spans::{Spans, TARGET};
