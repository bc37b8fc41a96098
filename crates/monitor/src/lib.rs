#![doc = include_str!("../README.md")]

mod config;
mod exemplar;
mod exposition;
mod histogram;
mod limits;
#[cfg(feature = "prometheus")]
mod marked;
mod monitor;
#[cfg(feature = "prometheus")]
mod openmetrics;
mod operation;
#[cfg(feature = "prometheus")]
mod prometheus;
mod recorder;
mod rings;
mod slow;
mod snapshot;
mod timer;
mod vitals;
mod window;

pub use config::MonitorConfig;
pub use exemplar::Traces;
pub use histogram::Sketch;
pub use monitor::{Monitor, Total};
pub use operation::Operation;
#[cfg(feature = "prometheus")]
pub use prometheus::Prometheus;
pub use recorder::Fanout;
pub use slow::{Slow, SlowCause};
pub use snapshot::{Memory, OperationReport, Report, Snapshot};
pub use timer::Timer;
pub use vitals::Vitals;
pub use window::Window;
