//! The demo: simulator and gateway in one process, a realistic demand, a report.

mod demand;
mod models;
mod play;
mod report;

pub(crate) use play::{Played, play};
pub(crate) use report::{Facts, report};
