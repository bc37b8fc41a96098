//! Traces and metrics for a collector, if this program is built with the feature `otel`.
//!
//! The exporter stands in a place of its own for the whole process, as the subscriber and the
//! recorder do that it feeds from.

#[cfg(feature = "otel")]
mod otlp;
#[cfg(not(feature = "otel"))]
mod without;

#[cfg(feature = "otel")]
pub(crate) use otlp::{begin, beside, end, observe, traces};
#[cfg(not(feature = "otel"))]
pub(crate) use without::{begin, beside, end, observe, traces};

use cmcache::config::OtelConfig;
use tracing_subscriber::{Layer, Registry};

use crate::print;

/// Says it where something is to be exported, and this program cannot.
pub(crate) fn warn_if_missing(config: &OtelConfig) {
    if config.is_on() && cfg!(not(feature = "otel")) {
        print::error(
            "cmcache: otel.endpoint is set, but this program is built without the feature `otel`: \
             nothing is sent there",
        );
    }
}

/// A layer of the one subscriber.
pub(crate) type Spans = Box<dyn Layer<Registry> + Send + Sync>;
