//! In which trace is this thread?

use opentelemetry::trace::TraceContextExt;
use tracing::dispatcher;
use tracing_subscriber::{Registry, registry::LookupSpan};

use crate::spans::State;

/// The id of the trace of the span that this thread is in, if that trace is recorded.
#[must_use]
pub fn current_trace() -> Option<u128> {
    dispatcher::get_default(|dispatch| {
        let registry = dispatch.downcast_ref::<Registry>()?;
        let current = dispatch.current_span();
        let span = registry.span(current.id()?)?;
        // The nearest one that is exported; spans of the log may lie between.
        let trace = span.scope().find_map(|span| match span.extensions().get::<State>() {
            Some(State::Begun(context)) => {
                let span = context.span();
                let told = span.span_context();
                let id = u128::from_be_bytes(told.trace_id().to_bytes());
                Some(told.is_sampled().then_some(id))
            }
            Some(State::Told(_)) | None => None,
        });
        trace.flatten()
    })
}
