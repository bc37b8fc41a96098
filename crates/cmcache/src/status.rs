//! What a gateway tells of itself, as JSON.

use std::{sync::Arc, time::Duration};

use clock::Timestamp;
use credits::Paced;
use serde::Serialize;

/// The whole at a glance.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// Of cmcache.
    pub version: &'static str,
    /// Since the start.
    pub uptime_s: u64,
    /// Where calls go; never with a key.
    pub upstream: String,
    /// Connections to it: in use, waiting, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<Connections>,
    /// Breakers that are not closed, by endpoint.
    pub breakers: Vec<(String, String)>,
    /// Requests so far, by how much of their answer was cached.
    pub requests: Requests,
    /// Answers that needed no composing.
    pub ready_answers: u64,
    /// What is held decoded in memory.
    pub hot: Hot,
    /// The tiers, nearest first.
    pub tiers: Vec<TierStatus>,
    /// Entities that upstream had to be asked for.
    pub fetched: u64,
    /// Flights under way.
    pub flights: usize,
    /// Since when an operator has paused paid calls; absent while they go out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<String>,
    /// Resident memory, where the system tells it.
    pub resident_bytes: Option<u64>,
}

/// Requests by how much of their answer was cached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the words of `X-Cmcache-Cache`, and those without an answer")]
pub struct Requests {
    pub full: u64,
    pub partial: u64,
    pub cold: u64,
    pub stale: u64,
    pub failed: u64,
}

impl Requests {
    /// How many more than before.
    pub(crate) const fn since(self, before: Self) -> Self {
        Self {
            full: self.full.saturating_sub(before.full),
            partial: self.partial.saturating_sub(before.partial),
            cold: self.cold.saturating_sub(before.cold),
            stale: self.stale.saturating_sub(before.stale),
            failed: self.failed.saturating_sub(before.failed),
        }
    }

    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self {
            full: self.full + other.full,
            partial: self.partial + other.partial,
            cold: self.cold + other.cold,
            stale: self.stale + other.stale,
            failed: self.failed + other.failed,
        }
    }
}

/// The connections to upstream.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct Connections {
    pub in_use: usize,
    pub waiting: usize,
    pub limit: usize,
}

/// The nearest tier: entities held decoded.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Hot {
    /// How many.
    pub entities: usize,
    /// Their bodies.
    pub bytes: usize,
    /// Found here, fresh.
    pub hits: u64,
}

/// One tier.
#[derive(Clone, Debug, Serialize)]
pub struct TierStatus {
    /// Its name.
    pub name: String,
    /// `serving`, or `shadow`: it gets every write and gives no answer.
    pub role: &'static str,
    /// Whether other instances see the same entries.
    pub shared: bool,
    /// Whether entries outlive the process.
    pub persistent: bool,
    /// Whether it is asked: `closed` (as it should be), `open` (left alone after failures) or
    /// `half-open` (being tried).
    pub breaker: &'static str,
    /// Whether it has missed removals, and is still to be told of them.
    pub behind: bool,
    /// Found here, fresh.
    pub hits: u64,
}

/// What is spent, and what may be.
#[derive(Clone, Debug, Serialize)]
pub struct CreditsStatus {
    /// The limits of the key, as it tells them itself; absent until it could be asked.
    pub plan: Option<PlanStatus>,
    /// The billing month.
    pub month: WindowStatus,
    /// The day, UTC.
    pub day: WindowStatus,
    /// Calls of this minute, where the operator limits them.
    pub minute_calls: u64,
    /// Credits held by calls under way.
    pub reserved: u64,
    /// All charges on record.
    pub ledger: LedgerStatus,
    /// The charges by operation, dearest first.
    pub by_operation: Vec<OperationStatus>,
    /// Postings that wait for the ledger.
    pub waiting_postings: usize,
    /// The key's own count against the books; absent until both could be read.
    pub reconciled: Option<ReconciledStatus>,
    /// Burn alarms that ring.
    pub burning: Vec<String>,
    /// Price rules that were learned from charges, and are on record.
    pub learned_prices: usize,
    /// How the rest is made to last; absent where pacing is off, or no gateway runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<PaceStatus>,
}

/// What the key says was used this month, against what is booked.
#[derive(Clone, Debug, Serialize)]
pub struct ReconciledStatus {
    /// When the key was asked.
    pub at: String,
    /// What it said.
    pub upstream: u64,
    /// What the books had when all that was charged before was in them.
    pub booked: u64,
    /// Credits of the key that the books do not know: somebody else has spent them.
    pub elsewhere: u64,
    /// Credits that are booked and were not billed: calls whose end is unknown count as spent.
    pub unbilled: u64,
}

/// How the rest of the budget is made to last.
#[derive(Clone, Debug, Serialize)]
pub struct PaceStatus {
    /// Where the ladder stands: `fresh`, `paced`, `stale` or `cache-only`.
    pub step: &'static str,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
    /// The window of the budget that is the tightest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<&'static str>,
    /// By how much ages are stretched, in the mean of all answers.
    pub stretch: f64,
    /// Credits a day that would use the rest up evenly.
    pub target_per_day: f64,
    /// Credits a day spent of late.
    pub actual_per_day: f64,
    /// Credits a day that are spent besides what is paced, such as by others with the same key.
    pub others_per_day: f64,
    /// Credits that will have been used at the reset.
    pub expected_use: u64,
    /// Credits that answers as young as the operator wants them would take until then.
    pub wanted_until_reset: u64,
    /// Seconds of age, summed over answers, that one credit is worth at present.
    pub credit_is_worth_s: f64,
    /// What is served older or younger than its own age.
    pub ages: Vec<PacedAge>,
}

/// What is bought together, and how old it is served.
#[derive(Clone, Debug, Serialize)]
pub struct PacedAge {
    /// What it is.
    pub name: Arc<str>,
    /// In seconds.
    pub age_s: f64,
}

impl PaceStatus {
    pub(crate) fn of(
        paced: &Paced,
        since: Option<Timestamp>,
        ages: Vec<(Arc<str>, Duration)>,
    ) -> Self {
        let tenth = |value: f64| (value * 10.0).round() / 10.0;
        let whole = |value: f64| Duration::try_from_secs_f64(value.round());
        let of_age =
            |(name, age): (Arc<str>, Duration)| PacedAge { name, age_s: age.as_secs_f64() };
        Self {
            step: paced.step.name(),
            since: since.map(|since| since.to_string()),
            window: paced.window.map(credits::Window::name),
            stretch: f64::from(paced.stretch_permille) / 1_000.0,
            target_per_day: tenth(paced.target_per_day),
            actual_per_day: tenth(paced.actual_per_day),
            others_per_day: tenth(paced.others_per_day),
            expected_use: paced.expected_use.get(),
            wanted_until_reset: whole(paced.outlook.at_least).map_or(0, |whole| whole.as_secs()),
            credit_is_worth_s: tenth(paced.outlook.worth),
            ages: ages.into_iter().map(of_age).collect(),
        }
    }
}

/// The plan of the key.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the API's own names")]
pub struct PlanStatus {
    pub credit_limit_monthly: Option<u64>,
    pub credit_limit_daily: Option<u64>,
    pub rate_limit_minute: Option<u32>,
    /// What upstream itself says was used this month.
    pub upstream_credits_used: u64,
}

/// One window of the budget.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct WindowStatus {
    pub limit: Option<u64>,
    pub used: u64,
    pub available: Option<u64>,
    pub reset: String,
}

/// Sums over the ledger.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct LedgerStatus {
    /// Credits, those assumed included.
    pub credits: u64,
    /// Calls.
    pub calls: u64,
    /// Credits of calls whose outcome is unknown: booked at their price.
    pub assumed: u64,
}

/// The charges of one operation.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct OperationStatus {
    pub operation: String,
    pub credits: u64,
    pub calls: u64,
    pub assumed: u64,
    pub mean_ms: u64,
}

/// How a drain ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Drained {
    /// Whether every flight landed within the grace.
    pub flights: bool,
    /// Whether every posting reached the ledger. If not, the journal has them.
    pub postings: bool,
}

impl Drained {
    /// Whether nothing was left behind.
    #[must_use]
    pub const fn is_complete(self) -> bool {
        self.flights && self.postings
    }
}

/// One client; never its token.
#[derive(Clone, Debug, Serialize)]
pub struct ClientStatus {
    /// Its name.
    pub name: String,
    /// Where it stands: `config`, or the `file` of `cmcache client`.
    pub listed: &'static str,
    /// Who goes on spending when not everybody may.
    pub priority: credits::Priority,
    /// The part of the budget that others leave to it.
    pub reserved: credits::Part,
    /// Its billing month.
    pub month: WindowStatus,
    /// Its day, UTC.
    pub day: WindowStatus,
    /// Its requests of this minute.
    pub minute: MinuteStatus,
}

/// The requests of a minute.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(missing_docs, reason = "each name says what it is")]
pub struct MinuteStatus {
    pub limit: Option<u32>,
    pub used: u64,
}
