//! What sends, from the start to the last words.

use std::fmt;

use opentelemetry::{KeyValue, metrics::MeterProvider};
use opentelemetry_otlp::{MetricExporter, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{
    Resource,
    metrics::{PeriodicReader, SdkMeterProvider, Temporality},
    trace::{
        BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider, SpanExporter as Exports,
    },
};

use crate::{
    config::{OtelConfig, OtelError},
    limits,
    meter::Meters,
    spans::Spans,
    way::Way,
};

/// Sends what its [`Spans`] and [`Meters`] hear, from threads of its own.
pub struct Exporter {
    traces: Option<SdkTracerProvider>,
    metrics: Option<SdkMeterProvider>,
}

impl Exporter {
    /// Opens the way; nothing is sent yet. Must be called on the runtime that shall carry it.
    ///
    /// What the standard's own environment variables say of resources, timeouts and further headers
    /// is read by the SDK.
    ///
    /// # Errors
    ///
    /// [`OtelError`]: the endpoint cannot be used, or there is no runtime.
    pub fn start(config: &OtelConfig) -> Result<Self, OtelError> {
        let way = Way::open()?;
        let traces = config.traces.then(|| spans_to(config, &way)).transpose()?;
        let traces = traces.map(|exporter| traces_of(config, exporter));
        let metrics = config.metrics.then(|| metrics_to(config, &way)).transpose()?;
        let metrics = metrics.map(|exporter| {
            let reader = PeriodicReader::builder(exporter).with_interval(config.metrics_interval);
            let reader = reader.build();
            let builder = SdkMeterProvider::builder().with_resource(resource(config));
            builder.with_reader(reader).build()
        });
        Ok(Self { traces, metrics })
    }

    /// The layer that traces come from, if traces are sent.
    #[must_use]
    pub fn spans(&self) -> Option<Spans> {
        self.traces.as_ref().map(Spans::of)
    }

    /// The recorder that metrics come from, if metrics are sent.
    #[must_use]
    pub fn meters(&self) -> Option<Meters> {
        self.metrics.as_ref().map(|metrics| Meters::of(metrics.meter("cmcache")))
    }

    /// Sends what waits, and ends; the last words take a few seconds at most where nobody listens.
    ///
    /// It blocks: call it where that is allowed, and while the runtime still runs.
    pub fn end(self) {
        if let Some(traces) = self.traces
            && let Err(error) = traces.shutdown_with_timeout(limits::LAST_WORDS)
        {
            tracing::warn!(%error, "the last spans may not have been sent");
        }
        if let Some(metrics) = self.metrics
            && let Err(error) = metrics.shutdown_with_timeout(limits::LAST_WORDS)
        {
            tracing::warn!(%error, "the last metrics may not have been sent");
        }
    }
}

fn spans_to(config: &OtelConfig, way: &Way) -> Result<SpanExporter, OtelError> {
    let builder = SpanExporter::builder().with_http().with_http_client(way.clone());
    let builder = builder.with_endpoint(config.url("traces"));
    let built = builder.with_headers(config.headers.clone()).build();
    built.map_err(|_| OtelError("spans cannot be sent to this endpoint"))
}

fn metrics_to(config: &OtelConfig, way: &Way) -> Result<MetricExporter, OtelError> {
    let builder = MetricExporter::builder().with_temporality(Temporality::Cumulative).with_http();
    let builder = builder.with_http_client(way.clone()).with_endpoint(config.url("metrics"));
    let built = builder.with_headers(config.headers.clone()).build();
    built.map_err(|_| OtelError("metrics cannot be sent to this endpoint"))
}

/// A caller's decision is kept; traces that begin here are sampled by their share.
pub(crate) fn traces_of(
    config: &OtelConfig,
    exporter: impl Exports + 'static,
) -> SdkTracerProvider {
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(limits::QUEUE_MAX)
        .with_max_export_batch_size(limits::BATCH_MAX)
        .with_scheduled_delay(limits::BATCH_DELAY)
        .build();
    let batches = BatchSpanProcessor::builder(exporter).with_batch_config(batches).build();
    let share = Sampler::TraceIdRatioBased(config.sample);
    SdkTracerProvider::builder()
        .with_resource(resource(config))
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_max_links_per_span(limits::LINKS_MAX)
        .with_max_attributes_per_span(limits::ATTRIBUTES_MAX)
        .with_span_processor(batches)
        .build()
}

fn resource(config: &OtelConfig) -> Resource {
    Resource::builder()
        .with_service_name(config.service_name.clone())
        .with_attribute(KeyValue::new("service.version", config.service_version.clone()))
        .build()
}

impl fmt::Debug for Exporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exporter")
            .field("traces", &self.traces.is_some())
            .field("metrics", &self.metrics.is_some())
            .finish()
    }
}
