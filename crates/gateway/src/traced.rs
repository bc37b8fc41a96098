//! The span of a request, for those who export traces. While nobody does, there is none.

use std::future::Future;

use cmcache::{
    cmc_api::Operation,
    credits::Credits,
    engine::{AnswerError, FlightError, TRACED},
};
use http::{Method, Request};
use tracing::{Instrument, Level, Span, field, level_enabled, trace_span};

use crate::{respond::Reply, router};

/// The span of a request to the API; a child of the caller's, if it names one. What a client wrote
/// does not get into it, but for that.
pub(crate) fn span<B>(request: &Request<B>) -> Span {
    if !level_enabled!(Level::TRACE) || !router::is_api(path(request)) {
        return Span::none();
    }
    let traceparent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    trace_span!(
        target: TRACED,
        parent: None,
        "request",
        "otel.kind" = "server",
        "http.request.method" = method(request.method()),
        traceparent,
        operation = field::Empty,
        outcome = field::Empty,
        charged = field::Empty,
        failed = field::Empty,
        "http.response.status_code" = field::Empty,
    )
}

fn path<B>(request: &Request<B>) -> &str {
    let path = request.uri().path();
    path.strip_prefix("/public-api").unwrap_or(path)
}

/// Those that the API knows; anything may stand there.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "_OTHER",
    }
}

/// Within the span of a request: how it was answered.
pub(crate) fn answered(operation: &Operation, outcome: &'static str, charged: Credits) {
    if level_enabled!(Level::TRACE) {
        let span = Span::current();
        span.record("operation", name(operation));
        span.record("outcome", outcome);
        span.record("charged", charged.get());
    }
}

/// Within the span of a request: that it could not be answered.
pub(crate) fn failed(operation: &Operation, error: &AnswerError) {
    if level_enabled!(Level::TRACE) {
        let span = Span::current();
        span.record("operation", name(operation));
        span.record("outcome", "failed");
        span.record("failed", why(error));
    }
}

/// The path, if the catalogue lists it: else a client wrote it.
fn name(operation: &Operation) -> &str {
    if operation.known { &operation.path } else { "unknown" }
}

fn why(error: &AnswerError) -> &'static str {
    match error {
        AnswerError::Bad(_) => "bad_query",
        AnswerError::NotCached => "not_cached",
        AnswerError::TooDear { .. } => "too_dear",
        AnswerError::Failed(flight) => match flight {
            FlightError::Denied(_) => "denied",
            FlightError::Upstream(error) | FlightError::Paused { error, .. } => error.kind.name(),
            FlightError::Unreadable(_) => "unreadable",
            FlightError::Deadline => "deadline",
            FlightError::Overloaded => "overloaded",
            FlightError::Unsendable(_) => "unsendable",
            _ => "lost",
        },
        _ => "unknown",
    }
}

/// What the client was told.
pub(crate) fn replied(span: &Span, reply: &Reply) {
    span.record("http.response.status_code", reply.status().as_u16());
}

/// The way to a reply, within the span.
pub(crate) async fn until_replied(span: Span, reply: impl Future<Output = Reply>) -> Reply {
    let reply = reply.instrument(span.clone()).await;
    replied(&span, &reply);
    reply
}

#[cfg(test)]
mod tests;
