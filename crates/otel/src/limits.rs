//! What is bounded, and by how much.

use std::time::Duration;

/// Spans that wait to be sent; what is more is dropped, and the SDK counts it.
pub(crate) const QUEUE_MAX: usize = 8_192;
/// Spans in one request to the collector.
pub(crate) const BATCH_MAX: usize = 512;
/// How long a span waits for others.
pub(crate) const BATCH_DELAY: Duration = Duration::from_secs(2);
/// Callers that a span is linked to.
pub(crate) const LINKS_MAX: u32 = 128;
/// Attributes of one span.
pub(crate) const ATTRIBUTES_MAX: u32 = 32;
/// Series of metrics, all names together; labels come from closed sets.
pub(crate) const SERIES_MAX: usize = 4_096;
/// The longest `traceparent` that is read.
pub(crate) const TRACEPARENT_BYTES_MAX: usize = 256;
/// For one request to the collector.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);
/// For all that waits, at the end.
pub(crate) const LAST_WORDS: Duration = Duration::from_secs(5);
/// What a collector may answer.
pub(crate) const ANSWER_BYTES_MAX: usize = 64 * 1024;
