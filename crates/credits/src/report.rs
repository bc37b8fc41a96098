use serde::Serialize;

use crate::{Credits, Total};

/// What clients got of one operation, as counted by whoever answered them: the ledger knows only
/// of calls that were paid for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// The operation.
    pub operation: String,
    /// Requests answered.
    pub requests: u64,
    /// Of these, without any call.
    pub hits: u64,
    /// The sum of all answers' lengths, in milliseconds.
    pub elapsed_ms: u64,
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The operation; empty in the sum of all.
    pub operation: String,
    /// What it took.
    pub credits: Credits,
    /// Of this, assumed.
    pub assumed: Credits,
    /// Calls made.
    pub calls: u64,
    /// Requests answered.
    pub requests: u64,
    /// The share of requests without a call, in percent; `None` without requests.
    pub hit_rate: Option<f64>,
    /// Credits for one request; `None` without requests.
    pub credits_per_request: Option<f64>,
    /// The mean length of an answer in milliseconds; `None` without requests.
    pub response_ms: Option<f64>,
    /// See [`efficiency_score`]; `None` without requests.
    pub efficiency: Option<f64>,
}

/// What was spent on what, and how well.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// By operation: the most efficient first, those nobody asked for last.
    pub lines: Vec<Line>,
    /// All operations together.
    pub sum: Line,
}

impl Report {
    /// Puts the ledger's totals by operation beside what was served.
    #[must_use]
    pub fn new(totals: &[Total], served: &[Served]) -> Self {
        let mut operations: Vec<&str> = totals.iter().map(|total| total.key.as_str()).collect();
        operations.extend(served.iter().map(|served| served.operation.as_str()));
        operations.sort_unstable();
        operations.dedup();
        let mut lines: Vec<_> = operations
            .into_iter()
            .map(|operation| {
                let totals = totals.iter().filter(|total| total.key == operation);
                let served = served.iter().filter(|served| served.operation == operation);
                Line::new(operation, totals, served)
            })
            .collect();
        lines.sort_by(|a, b| {
            let score = |line: &Line| line.efficiency.unwrap_or(f64::NEG_INFINITY);
            score(b).total_cmp(&score(a)).then_with(|| a.operation.cmp(&b.operation))
        });
        Self { lines, sum: Line::new("", totals.iter(), served.iter()) }
    }
}

impl Line {
    fn new<'a>(
        operation: &str,
        totals: impl Iterator<Item = &'a Total> + Clone,
        served: impl Iterator<Item = &'a Served> + Clone,
    ) -> Self {
        let credits: Credits = totals.clone().map(|total| total.credits).sum();
        let requests: u64 = served.clone().map(|served| served.requests).sum();
        let hits: u64 = served.clone().map(|served| served.hits).sum();
        let elapsed_ms: u64 = served.map(|served| served.elapsed_ms).sum();
        let hit_rate = ratio(hits, requests).map(|share| share * 100.0);
        let credits_per_request = ratio(credits.get(), requests);
        let response_ms = ratio(elapsed_ms, requests);
        let efficiency = hit_rate.zip(credits_per_request).zip(response_ms);
        Self {
            operation: operation.to_owned(),
            credits,
            assumed: totals.clone().map(|total| total.assumed).sum(),
            calls: totals.map(|total| total.calls).sum(),
            requests,
            hit_rate,
            credits_per_request,
            response_ms,
            efficiency: efficiency.map(|((hits, each), ms)| efficiency_score(hits, each, ms)),
        }
    }
}

/// One figure from 0 to 100: half of it the hit rate in percent, three tenths the cheapness (five
/// credits a request are worth nothing), two tenths the speed (five seconds are worth nothing).
///
/// Its weights are a convention, not a law of nature: compare it with itself over time.
#[must_use]
pub fn efficiency_score(hit_rate: f64, credits_per_request: f64, response_ms: f64) -> f64 {
    let cheapness = (100.0 - credits_per_request * 20.0).max(0.0);
    let speed = (100.0 - response_ms / 50.0).max(0.0);
    hit_rate * 0.5 + cheapness * 0.3 + speed * 0.2
}

fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
