//! The way out: one method, and wrappers around it.

use std::{fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::{call::Call, error::UpstreamError, reply::Reply};

/// Tells how much time passed since some origin; handed to everything that measures or waits.
///
/// The origin must lie on a full minute of the API's clock (the Unix epoch does), because the API
/// counts requests per calendar minute.
pub type Now = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The paid API, as seen by whoever spends the credits.
///
/// # Contract
/// - One call to [`call`](Upstream::call) is one [`Call`]; layers may make several attempts of it,
///   but only after attempts that are known to have cost nothing.
/// - An error says what it cost ([`UpstreamError::charge`]); a reply says what it cost
///   ([`Reply::charge`]).
/// - Dropping the future is allowed at any await. What was already sent may then have been charged:
///   whoever drops it books the call as spent.
#[async_trait]
pub trait Upstream: Debug + Send + Sync + 'static {
    /// Makes one call.
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError>;
}

/// A concern that wraps an [`Upstream`].
pub trait Layer<U> {
    /// The wrapped upstream.
    type Upstream: Upstream;

    /// Wraps `inner`.
    fn layer(self, inner: U) -> Self::Upstream;
}

#[async_trait]
impl<U: Upstream + ?Sized> Upstream for Arc<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        (**self).call(call).await
    }
}

#[async_trait]
impl<U: Upstream + ?Sized> Upstream for Box<U> {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        (**self).call(call).await
    }
}

/// Compiles only while the trait can be used as `dyn Upstream`.
const _: Option<&dyn Upstream> = None;
