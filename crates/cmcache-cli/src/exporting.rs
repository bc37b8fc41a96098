//! Traces and metrics for a collector, if this program is built with the feature `otel`.
//!
//! The exporter stands in a place of its own for the whole process, as the subscriber and the
//! recorder do that it feeds from.

#[cfg(feature = "otel")]
mod otlp;
#[cfg(not(feature = "otel"))]
mod without;

#[cfg(feature = "otel")]
pub(crate) use otlp::{begin, beside, end, observe};
#[cfg(not(feature = "otel"))]
pub(crate) use without::{begin, beside, end, observe};

use tracing_subscriber::{Layer, Registry};

/// Whether anything can be exported.
pub(crate) const IS_BUILT_IN: bool = cfg!(feature = "otel");

/// A layer of the one subscriber.
type Spans = Box<dyn Layer<Registry> + Send + Sync>;
