use credits::{Figure, Figures, Total};
use serde::{Deserialize, Serialize};

use super::ratio;

/// One line of a report. Rates are absent where nothing was counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UsageLine {
    /// The group; empty in the sum of all.
    pub key: String,
    /// All charges on record. By operation these are of calls made, by client those attributed to
    /// the client's answers.
    pub credits: u64,
    /// Calls that were charged, or went out for nothing.
    pub calls: u64,
    /// The part of `credits` whose true amount is not known.
    pub assumed: u64,
    /// The mean length of a call, in milliseconds.
    pub call_ms: Option<f64>,
    /// Requests that were answered.
    pub answers: u64,
    /// Of these, all from the cache and fresh.
    pub full: u64,
    /// Of these, in part from the cache.
    pub partial: u64,
    /// Of these, nothing of it.
    pub cold: u64,
    /// Of these, older than they should be, because fetching failed.
    pub stale: u64,
    /// Requests without an answer.
    pub failed: u64,
    /// The share of answers that needed no call: full and stale.
    pub hit_rate: Option<f64>,
    /// The mean length of an answer, in milliseconds. Answers that lie ready in memory count as
    /// taking no time: they take microseconds.
    pub answer_ms: Option<f64>,
    /// The mean age of an answer when it was given, in seconds.
    pub age_s: Option<f64>,
    /// Credits that were charged for the sake of these answers.
    pub charged: u64,
    /// Credits that the same answers cost without a cache, by the tariff.
    pub worth: u64,
    /// `worth` less `charged`.
    pub saved: i64,
    /// Credits for a thousand answers: `charged`, in the sum and by time all of `credits`.
    pub credits_per_1000: Option<f64>,
    /// Places for items in the blocks that were charged.
    pub paid_slots: u64,
    /// Of these, those that something was asked for.
    pub filled_slots: u64,
    /// The share of paid places that stayed empty.
    pub unused_slots: Option<f64>,
}

/// Credits that bought nothing. The kinds may overlap: an early call may be half empty, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Wasted {
    /// For currencies that no answer needed while their quotes were kept.
    pub unused_converts: u64,
    /// For calls that came again before upstream's own answer had changed, by the share of its
    /// cadence that had not passed yet.
    pub below_cadence: f64,
    /// For places that stayed empty in blocks that were paid for.
    pub empty_slots: f64,
    /// Charged by operations whose end is announced and that have a newer twin.
    pub deprecated: u64,
}

impl UsageLine {
    /// A line of `key`; `whole` says whether its credits are all that its answers made necessary.
    pub(super) fn new(key: &str, total: Option<&Total>, figures: &Figures, whole: bool) -> Self {
        let nothing = Total::default();
        let total = total.unwrap_or(&nothing);
        let answers = figures.answers();
        let credits = total.credits.get();
        let charged = figures[Figure::Charged];
        let hits = figures[Figure::Full] + figures[Figure::Stale];
        let spent = if whole { credits } else { charged };
        let empty = figures[Figure::PaidSlots].saturating_sub(figures[Figure::FilledSlots]);
        let saved = i128::from(figures[Figure::Worth]) - i128::from(spent);
        Self {
            key: key.to_owned(),
            credits,
            calls: total.calls,
            assumed: total.assumed.get(),
            call_ms: ratio(millis(total), total.calls),
            answers,
            full: figures[Figure::Full],
            partial: figures[Figure::Partial],
            cold: figures[Figure::Cold],
            stale: figures[Figure::Stale],
            failed: figures[Figure::Failed],
            hit_rate: ratio(hits, answers),
            answer_ms: ratio(figures[Figure::ElapsedUs], answers).map(|us| us / 1_000.0),
            age_s: ratio(figures[Figure::AgeMs], answers).map(|ms| ms / 1_000.0),
            charged,
            worth: figures[Figure::Worth],
            saved: i64::try_from(saved).unwrap_or(if saved < 0 { i64::MIN } else { i64::MAX }),
            credits_per_1000: ratio(spent, answers).map(|each| each * 1_000.0),
            paid_slots: figures[Figure::PaidSlots],
            filled_slots: figures[Figure::FilledSlots],
            unused_slots: ratio(empty, figures[Figure::PaidSlots]),
        }
    }
}

fn millis(total: &Total) -> u64 {
    u64::try_from(total.elapsed.as_millis()).unwrap_or(u64::MAX)
}
