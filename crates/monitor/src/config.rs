//! What a monitor is told when it is made.

use std::time::Duration;

use crate::exemplar::Traces;
use crate::limits;

/// The shape of a [`Monitor`](crate::Monitor).
#[derive(Debug, Clone)]
pub struct MonitorConfig {
    /// When the owner started, on the clock that will be handed in as `now`.
    pub started: Duration,
    /// An operation that takes this long or longer is kept as slow.
    pub slow_threshold: Duration,
    /// How many pairs of operation and outcome are told apart; the rest is `other`.
    pub max_operations: usize,
    /// How many slow samples are kept, the latest first to stay.
    pub max_slow: usize,
    /// The first word of each name in the text exposition.
    pub prefix: String,
    /// Keeps the latest traced sample of each operation and outcome as an exemplar, if it is there.
    pub traces: Option<Traces>,
}

impl Default for MonitorConfig {
    fn default() -> Self {
        Self {
            started: Duration::ZERO,
            slow_threshold: limits::SLOW_THRESHOLD,
            max_operations: limits::MAX_OPERATIONS,
            max_slow: limits::MAX_SLOW,
            prefix: "monitor".to_owned(),
            traces: None,
        }
    }
}
