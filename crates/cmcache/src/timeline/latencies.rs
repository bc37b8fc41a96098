//! How long answers and tiers took of late.

use monitor::Sketch;
use serde::Serialize;

/// Quantiles of the last minute, in milliseconds; absent where nothing was answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Latencies {
    /// Of answers that were wholly cached.
    pub hit: Option<Quantiles>,
    /// Of all others.
    pub other: Option<Quantiles>,
}

/// Three quantiles, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct Quantiles {
    pub p50_ms: f64,
    pub p95_ms: f64,
    pub p99_ms: f64,
}

impl Quantiles {
    /// `None` of nothing.
    pub(crate) fn of(sketch: &Sketch) -> Option<Self> {
        let ms = |quantile: f64| sketch.quantile(quantile).as_secs_f64() * 1_000.0;
        (sketch.count() > 0).then(|| Self { p50_ms: ms(0.5), p95_ms: ms(0.95), p99_ms: ms(0.99) })
    }
}

/// How long a tier took to say what it holds, over the last minute; calls that failed or were given
/// up included.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TierLatency {
    /// The tier.
    pub name: String,
    /// Its quantiles.
    #[serde(flatten)]
    pub quantiles: Quantiles,
}
