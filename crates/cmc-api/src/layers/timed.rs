//! How long calls take, by endpoint and outcome, and how many are under way.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{
    call::Call,
    error::{Charge, UpstreamError},
    metrics::{self, CallMetrics, Counted},
    reply::Reply,
    upstream::{Layer, Now, Upstream},
};

/// Makes upstreams that measure.
#[derive(Clone)]
pub struct Timed {
    now: Now,
}

impl Timed {
    /// Measures with `now`.
    #[must_use]
    pub fn new(now: Now) -> Self {
        Self { now }
    }
}

impl<U: Upstream> Layer<U> for Timed {
    type Upstream = TimedUpstream<U>;

    fn layer(self, inner: U) -> TimedUpstream<U> {
        TimedUpstream { inner, now: self.now, metrics: CallMetrics::default() }
    }
}

/// An upstream that measures.
pub struct TimedUpstream<U> {
    inner: U,
    now: Now,
    metrics: CallMetrics,
}

#[async_trait]
impl<U: Upstream> Upstream for TimedUpstream<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let operation = metrics::operation_of(call);
        let _in_flight = Counted::in_gauge(self.metrics.in_flight(&operation));
        let began = (self.now)();
        let mut watch = Watch { upstream: self, operation, began, outcome: "dropped" };
        let result = self.inner.call(call).await;
        watch.outcome = result.as_ref().map_or_else(|error| error.kind.name(), |_| "ok");
        let charge = result.as_ref().map_or_else(|error| error.charge, |reply| reply.charge);
        if let Charge::Exactly(credits) = charge {
            self.metrics.charge(&watch.operation, credits.get());
        }
        result
    }
}

/// Records when it ends, also if the call is dropped.
struct Watch<'a, U> {
    upstream: &'a TimedUpstream<U>,
    operation: Arc<str>,
    began: Duration,
    outcome: &'static str,
}

impl<U> Drop for Watch<'_, U> {
    fn drop(&mut self) {
        let took = (self.upstream.now)().saturating_sub(self.began);
        self.upstream.metrics.record(&self.operation, self.outcome, took);
    }
}

impl fmt::Debug for Timed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Timed")
    }
}

impl<U: fmt::Debug> fmt::Debug for TimedUpstream<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TimedUpstream").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
