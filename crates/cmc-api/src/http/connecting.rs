//! How long a request waited for a connection to be set up, told apart from waiting for its answer.
//!
//! The client polls the connector within the future of the request that asked for the connection.
//! Where another request gives a connection back first, the client takes that one and finishes the
//! new one in a task of its own: then nobody has waited for it to the end, and it is nobody's.

use std::{
    cell::Cell,
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use tower_layer::Layer;
use tower_service::Service;

use crate::upstream::Now;

tokio::task_local! {
    /// What the request that is being polled has spent on connecting.
    static CONNECTING: Cell<Duration>;
}

/// What a request came to, and how much of its time went into connecting: names, TCP and TLS.
/// Nothing, if it travelled on a connection that was there.
pub(super) async fn measured<F: Future>(request: F) -> (F::Output, Duration) {
    let within = async {
        let output = request.await;
        (output, CONNECTING.with(Cell::get))
    };
    CONNECTING.scope(Cell::default(), within).await
}

/// Measures a connector for the request that waits for it.
#[derive(Clone)]
pub(super) struct Watch(pub(super) Now);

impl<S> Layer<S> for Watch {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched { inner, now: Arc::clone(&self.0) }
    }
}

/// A connector that is measured.
#[derive(Clone)]
pub(super) struct Watched<S> {
    inner: S,
    now: Now,
}

impl<S, Target> Service<Target> for Watched<S>
where
    S: Service<Target>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let now = Arc::clone(&self.now);
        let began = now();
        let connecting = self.inner.call(target);
        Box::pin(async move {
            let connected = connecting.await;
            let took = now().saturating_sub(began);
            // No request is there if this one took another connection: then nobody is told.
            CONNECTING.try_with(|spent| spent.set(spent.get().saturating_add(took))).ok();
            connected
        })
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
