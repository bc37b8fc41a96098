use opentelemetry::trace::{SpanId, Status};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing::{field, trace_span, warn};
use tracing_subscriber::layer::SubscriberExt;

use super::*;

/// What is exported of what `run` does.
fn exported(run: impl FnOnce()) -> Vec<SpanData> {
    let memory = InMemorySpanExporter::default();
    let traces = SdkTracerProvider::builder().with_simple_exporter(memory.clone()).build();
    let subscriber = tracing_subscriber::registry().with(Spans::of(&traces).filtered());
    tracing::subscriber::with_default(subscriber, run);
    memory.get_finished_spans().unwrap()
}

fn named<'a>(spans: &'a [SpanData], name: &str) -> &'a SpanData {
    spans.iter().find(|span| span.name == name).unwrap()
}

fn linked(span: &SpanData) -> Vec<SpanId> {
    span.links.iter().map(|link| link.span_context.span_id()).collect()
}

#[test]
fn a_flight_is_the_child_of_its_first_asker_and_linked_to_the_others() {
    // One trace must lead from a request to the call that it caused, and others must find it.
    let spans = exported(|| {
        let request = trace_span!(target: TARGET, parent: None, "request");
        let joins: Vec<_> = ["join a", "join b"]
            .into_iter()
            .map(|key| trace_span!(target: TARGET, parent: &request, "join", key))
            .collect();
        let flight = trace_span!(target: TARGET, parent: None, "flight", n = field::Empty);
        flight.record("n", 1);
        joins.iter().for_each(|join| {
            flight.follows_from(join.id());
        });
        flight.in_scope(|| drop(trace_span!(target: TARGET, "fetch", "otel.kind" = "client")));
    });
    let joins: Vec<_> = spans.iter().filter(|span| span.name == "join").collect();
    let (flight, fetch) = (named(&spans, "flight"), named(&spans, "fetch"));
    assert_eq!(flight.parent_span_id, joins[0].span_context.span_id());
    assert_eq!(linked(flight), [joins[1].span_context.span_id()]);
    assert_eq!(fetch.parent_span_id, flight.span_context.span_id());
    assert_eq!(fetch.span_kind, opentelemetry::trace::SpanKind::Client);
    let request = named(&spans, "request").span_context.trace_id();
    assert!(spans.iter().all(|span| span.span_context.trace_id() == request));
}

#[test]
fn a_request_ends_while_the_flight_that_it_began_goes_on() {
    // A client that hangs up would seem to have waited for the whole call.
    let spans = exported(|| {
        let request = trace_span!(target: TARGET, parent: None, "request");
        let flight = trace_span!(target: TARGET, parent: None, "flight");
        flight.follows_from(request.id());
        flight.in_scope(|| drop(request));
        drop(flight);
    });
    assert_eq!(spans[0].name, "request");
    assert!(named(&spans, "request").end_time <= named(&spans, "flight").end_time);
}

#[test]
fn who_joins_a_flight_in_the_air_is_linked_to_it() {
    // The flight knows only those who were aboard when it left.
    let spans = exported(|| {
        let flight = trace_span!(target: TARGET, parent: None, "flight");
        flight.in_scope(|| ());
        let late = trace_span!(target: TARGET, parent: None, "join");
        late.in_scope(|| ());
        late.follows_from(flight.id());
    });
    let flight = named(&spans, "flight").span_context.span_id();
    assert_eq!(linked(named(&spans, "join")), [flight]);
}

#[test]
fn a_caller_s_trace_goes_on_and_nonsense_begins_one() {
    // traceparent is what a client wrote: anything may stand there.
    let of = |traceparent: &str| {
        let spans = exported(|| {
            drop(trace_span!(target: TARGET, parent: None, "request", traceparent));
        });
        (spans[0].span_context.trace_id().to_string(), spans[0].parent_span_id.to_string())
    };
    let (trace, parent) = of("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert_eq!(trace, "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(parent, "b7ad6b7169203331");
    for nonsense in ["", "00-xyz", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"] {
        assert_eq!(of(nonsense).1, SpanId::INVALID.to_string(), "{nonsense}");
    }
    assert_eq!(of(&"0".repeat(4_000)).1, SpanId::INVALID.to_string());
}

#[test]
fn nothing_that_is_logged_leaves_and_no_span_of_others() {
    // Log lines may hold what a collector must not read.
    let spans = exported(|| {
        let foreign = tracing::info_span!("foreign", secret = "canary");
        let _inside = foreign.enter();
        let ours = trace_span!(target: TARGET, "request");
        ours.in_scope(|| warn!("canary"));
    });
    assert_eq!(spans.len(), 1);
    assert!(spans[0].events.events.is_empty());
    assert_eq!(spans[0].parent_span_id, SpanId::INVALID);
    assert!(!format!("{spans:?}").contains("canary"));
}

#[test]
fn a_failure_is_one_for_the_collector_too() {
    // A trace of an outage would look like success.
    let spans = exported(|| {
        let span = trace_span!(target: TARGET, "fetch", failed = field::Empty, n = 3_u64);
        span.record("failed", "timed_out");
    });
    assert_eq!(spans[0].status, Status::error("timed_out"));
    let said = |name: &str| spans[0].attributes.iter().find(|pair| pair.key.as_str() == name);
    assert_eq!(said("error.type").unwrap().value.as_str(), "timed_out");
    assert_eq!(said("n").unwrap().value, opentelemetry::Value::I64(3));
}

#[test]
fn a_thread_is_in_the_trace_of_the_nearest_span_that_is_recorded() {
    // Exemplars would lead to traces that nobody kept.
    let traceparent =
        |flags: &str| format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
    let seen = |flags: &str| {
        let (mut seen, traceparent) = (Vec::new(), traceparent(flags));
        drop(exported(|| {
            seen.push(crate::current_trace());
            let request = trace_span!(target: TARGET, parent: None, "request", traceparent);
            request.in_scope(|| {
                seen.push(crate::current_trace());
                tracing::info_span!("of the log").in_scope(|| seen.push(crate::current_trace()));
            });
            seen.push(crate::current_trace());
        }));
        seen
    };
    let trace = Some(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c);
    assert_eq!(seen("01"), [None, trace, trace, None]);
    assert_eq!(seen("00"), [None; 4], "the caller does not record it");
    assert_eq!(crate::current_trace(), None, "nobody listens");
}
