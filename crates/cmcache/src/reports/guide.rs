//! The two reports of the guide that this project grew from, field by field.
//!
//! Its table holds a row for each request: endpoint, credits, milliseconds, hit or not. Here a
//! request is an answer of the operation that was asked, its credits are those that were charged
//! for its sake, and a hit is an answer that needed no call. The arithmetic is the guide's own.

use std::sync::Arc;

use credits::{Figure, Figures, LedgerError, TallyBy, efficiency_score};
use serde::{Deserialize, Serialize};

use super::ReportAsk;
use crate::wiring::Kept;

/// Both reports over one span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GuideReport {
    /// Its first instant, a whole hour.
    pub from: String,
    /// The first instant after it.
    pub until: String,
    /// The most expensive endpoint first.
    pub analytics: Vec<GuideAnalytics>,
    /// The best score first.
    pub efficiency: Vec<GuideEfficiency>,
}

/// A row of `getCreditAnalytics`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the guide's own names")]
pub struct GuideAnalytics {
    pub endpoint: String,
    pub total_credits: u64,
    pub total_requests: u64,
    pub avg_response_time: f64,
    pub cache_hits: u64,
    pub cache_misses: u64,
}

/// A row of `generateEfficiencyReport`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the guide's own names")]
pub struct GuideEfficiency {
    pub endpoint: String,
    pub total_credits: u64,
    pub total_requests: u64,
    pub cache_hit_rate: f64,
    pub avg_credits_per_request: f64,
    pub avg_response_time: f64,
    pub efficiency_score: f64,
}

pub(crate) async fn guide(
    (account, kept): (&Arc<str>, &Kept),
    ask: &ReportAsk,
) -> Result<GuideReport, LedgerError> {
    let counted = kept.tallies.sums(&ask.tallies(account), TallyBy::Operation).await?;
    let (from, until) = ask.span();
    Ok(GuideReport::of(&counted, (from.to_string(), until.to_string())))
}

impl GuideReport {
    pub(super) fn of(counted: &[(String, Figures)], (from, until): (String, String)) -> Self {
        // A group without a row is no group.
        let rows = counted.iter().filter(|(_, figures)| figures.answers() > 0);
        let mut analytics: Vec<GuideAnalytics> =
            rows.clone().map(|(endpoint, figures)| analytics(endpoint, figures)).collect();
        analytics.sort_by_key(|row| std::cmp::Reverse(row.total_credits));
        let mut efficiency: Vec<GuideEfficiency> =
            rows.map(|(endpoint, figures)| efficiency(endpoint, figures)).collect();
        efficiency.sort_by(|a, b| b.efficiency_score.total_cmp(&a.efficiency_score));
        Self { from, until, analytics, efficiency }
    }
}

/// The mean over all answers, in milliseconds.
#[expect(clippy::cast_precision_loss, reason = "the guide divides floats, too")]
fn response_ms(figures: &Figures) -> f64 {
    figures[Figure::ElapsedUs] as f64 / 1_000.0 / figures.answers() as f64
}

fn hits(figures: &Figures) -> u64 {
    figures[Figure::Full] + figures[Figure::Stale]
}

fn analytics(endpoint: &str, figures: &Figures) -> GuideAnalytics {
    GuideAnalytics {
        endpoint: endpoint.to_owned(),
        total_credits: figures[Figure::Charged],
        total_requests: figures.answers(),
        avg_response_time: response_ms(figures),
        cache_hits: hits(figures),
        cache_misses: figures.answers() - hits(figures),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the guide divides floats, too")]
fn efficiency(endpoint: &str, figures: &Figures) -> GuideEfficiency {
    let requests = figures.answers() as f64;
    let hit_rate = hits(figures) as f64 / requests * 100.0;
    let each = figures[Figure::Charged] as f64 / requests;
    let response = response_ms(figures);
    GuideEfficiency {
        endpoint: endpoint.to_owned(),
        total_credits: figures[Figure::Charged],
        total_requests: figures.answers(),
        cache_hit_rate: rounded(hit_rate, 100.0),
        avg_credits_per_request: rounded(each, 1_000.0),
        avg_response_time: rounded(response, 100.0),
        // Of the exact values: only what is shown is rounded.
        efficiency_score: efficiency_score(hit_rate, each, response),
    }
}

/// Half away from zero, as the guide's language rounds.
fn rounded(value: f64, to: f64) -> f64 {
    (value * to).round() / to
}
