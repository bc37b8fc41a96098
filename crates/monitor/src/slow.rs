//! The latest slow operations, and where their time went.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Serialize, Serializer};

/// Where the time went, as far as the caller knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SlowCause {
    /// Waiting for a turn.
    #[serde(
        rename = "queue_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub queue: Option<Duration>,
    /// Finding and reaching the other side (DNS, TCP, TLS).
    #[serde(
        rename = "connect_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub connect: Option<Duration>,
    /// From the request sent to the first byte back.
    #[serde(
        rename = "wait_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub wait: Option<Duration>,
    /// Reading the body.
    #[serde(
        rename = "body_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub body: Option<Duration>,
    /// Making sense of it.
    #[serde(
        rename = "decode_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub decode: Option<Duration>,
    /// Asking cache tiers.
    #[serde(
        rename = "tier_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub tier: Option<Duration>,
    /// Writing to a store, or counting in one.
    #[serde(
        rename = "store_ms",
        serialize_with = "some_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub store: Option<Duration>,
}

impl SlowCause {
    /// The parts added up.
    #[must_use]
    pub fn explained(&self) -> Duration {
        [self.queue, self.connect, self.wait, self.body, self.decode, self.tier, self.store]
            .into_iter()
            .flatten()
            .fold(Duration::ZERO, Duration::saturating_add)
    }
}

/// One slow operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slow {
    /// What was done.
    pub operation: Arc<str>,
    /// How it ended.
    pub outcome: Arc<str>,
    /// How long it took.
    #[serde(rename = "elapsed_ms", serialize_with = "ms")]
    pub elapsed: Duration,
    /// When it ended, on the owner's clock.
    #[serde(rename = "at_ms", serialize_with = "ms")]
    pub at: Duration,
    /// Where the time went.
    pub cause: SlowCause,
}

/// A bounded ring: the oldest leaves for the newest.
#[derive(Debug)]
pub(crate) struct SlowLog {
    max: usize,
    latest: Mutex<VecDeque<Slow>>,
}

impl SlowLog {
    pub(crate) fn new(max: usize) -> Self {
        Self { max, latest: Mutex::default() }
    }

    pub(crate) fn push(&self, slow: Slow) {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if self.max == 0 {
            return;
        }
        if latest.len() == self.max {
            latest.pop_front();
        }
        latest.push_back(slow);
    }

    /// Those that ended at `since` or later, slowest first.
    pub(crate) fn since(&self, since: Duration) -> Vec<Slow> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Slow> = latest.iter().filter(|slow| slow.at >= since).cloned().collect();
        drop(latest);
        found.sort_by_key(|slow| std::cmp::Reverse(slow.elapsed));
        found
    }
}

fn ms<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64() * 1e3)
}

fn some_ms<S: Serializer>(part: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    ms(&part.unwrap_or_default(), serializer)
}

#[cfg(test)]
mod tests;
