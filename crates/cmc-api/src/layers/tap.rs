//! Lets somebody listen to what goes out and what comes back.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{
    call::Call,
    error::UpstreamError,
    reply::Reply,
    upstream::{Layer, Now, Upstream},
};

/// Hears of a call, how it ended and how long it took. Called on the caller's way: it must be
/// quick, and must not block.
pub type Listener = Arc<dyn Fn(&Call, Result<&Reply, &UpstreamError>, Duration) + Send + Sync>;

/// Makes upstreams that somebody listens to. It changes nothing.
#[derive(Clone)]
pub struct Tap {
    listener: Listener,
    now: Option<Now>,
}

impl Tap {
    /// Tells `listener` of every call that ends; one that is dropped ends unheard.
    #[must_use]
    pub fn new(listener: Listener) -> Self {
        Self { listener, now: None }
    }

    /// Measures with `now`; without it, all calls take no time.
    #[must_use]
    pub fn timed_by(mut self, now: Now) -> Self {
        self.now = Some(now);
        self
    }
}

impl<U: Upstream> Layer<U> for Tap {
    type Upstream = Tapped<U>;

    fn layer(self, inner: U) -> Tapped<U> {
        Tapped { inner, tap: self }
    }
}

/// An upstream that somebody listens to.
pub struct Tapped<U> {
    inner: U,
    tap: Tap,
}

#[async_trait]
impl<U: Upstream> Upstream for Tapped<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let now = || self.tap.now.as_ref().map_or(Duration::ZERO, |now| now());
        let began = now();
        let answered = self.inner.call(call).await;
        (self.tap.listener)(call, answered.as_ref(), now().saturating_sub(began));
        answered
    }
}

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tap")
    }
}

impl<U: fmt::Debug> fmt::Debug for Tapped<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tapped").field("inner", &self.inner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
