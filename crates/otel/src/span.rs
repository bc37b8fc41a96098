//! What a span says of itself, in OpenTelemetry's words.

use std::{collections::HashMap, fmt};

use opentelemetry::{
    Context, KeyValue, Value,
    propagation::TextMapPropagator,
    trace::{SpanKind, Status, TraceContextExt},
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::field::{Field, Visit};

use crate::limits;

/// The fields of a span, sorted by what they are for.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) kind: Option<SpanKind>,
    pub(crate) status: Option<Status>,
    pub(crate) traceparent: Option<String>,
}

impl Said {
    /// The caller's context, if it says of one that can be read.
    pub(crate) fn caller(&self) -> Option<Context> {
        let text = self.traceparent.as_ref()?;
        if text.len() > limits::TRACEPARENT_BYTES_MAX {
            return None;
        }
        let carrier = HashMap::from([("traceparent".to_owned(), text.clone())]);
        let context = TraceContextPropagator::new().extract_with_context(&Context::new(), &carrier);
        context.span().span_context().is_valid().then_some(context)
    }

    fn attribute(&mut self, field: &Field, value: impl Into<Value>) {
        self.attributes.push(KeyValue::new(field.name(), value));
    }
}

impl Visit for Said {
    fn record_f64(&mut self, field: &Field, value: f64) {
        self.attribute(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.attribute(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.attribute(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.attribute(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "traceparent" => self.traceparent = Some(value.to_owned()),
            "otel.kind" => self.kind = kind(value),
            "failed" => {
                self.status = Some(Status::error(value.to_owned()));
                self.attributes.push(KeyValue::new("error.type", value.to_owned()));
            }
            _ => self.attribute(field, value.to_owned()),
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

fn kind(name: &str) -> Option<SpanKind> {
    match name {
        "server" => Some(SpanKind::Server),
        "client" => Some(SpanKind::Client),
        _ => None,
    }
}
