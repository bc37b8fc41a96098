//! Faults on request: which ones, how often, and what the caller sees.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::market::noise;

/// A way for a call to go wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// HTTP 500 with an envelope; free.
    #[serde(rename = "error_500")]
    Error500,
    /// HTTP 200 with `error_code` 500 inside; free.
    #[serde(rename = "busy_200")]
    Busy200,
    /// HTTP 502 with a page of HTML; free.
    #[serde(rename = "html_502")]
    Html502,
    /// HTTP 503 without a body; free.
    #[serde(rename = "empty_503")]
    Empty503,
    /// HTTP 429, code 1008; free.
    #[serde(rename = "rate_1008")]
    Rate1008,
    /// HTTP 429, code 1011; free.
    #[serde(rename = "rate_1011")]
    Rate1011,
    /// Served and charged, but the connection closes in the middle of the body.
    Truncated,
    /// The connection closes before any answer; free.
    Reset,
    /// Never answered; free.
    Hang,
    /// HTTP 200 without a body; free.
    #[serde(rename = "empty_200")]
    Empty200,
    /// HTTP 200 with a page of HTML; free.
    #[serde(rename = "html_200")]
    Html200,
    /// Served and charged, but sent a few bytes at a time.
    Drip,
}

impl FaultKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Error500,
        Self::Busy200,
        Self::Html502,
        Self::Empty503,
        Self::Rate1008,
        Self::Rate1011,
        Self::Truncated,
        Self::Reset,
        Self::Hang,
        Self::Empty200,
        Self::Html200,
        Self::Drip,
    ];
}

/// A fault on its way to one call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) kind: FaultKind,
    /// Told beside it.
    pub(crate) retry_after_s: Option<u64>,
    /// Of a drip.
    pub(crate) bytes_per_s: u64,
}

/// Make the next calls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailNext {
    /// How many.
    pub count: u32,
    /// In which way.
    pub kind: FaultKind,
}

/// Make a share of the calls fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailRate {
    /// Between 0 (never) and 1 (always).
    pub rate: f64,
    /// One of these each time; empty: any.
    #[serde(default)]
    pub kinds: Vec<FaultKind>,
    /// The same seed fails the same calls.
    #[serde(default)]
    pub seed: u64,
}

/// The faults still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    next: VecDeque<FailNext>,
    rate: Option<FailRate>,
    n_drawn: u64,
}

impl Faults {
    /// A count of 0 forgets what was planned.
    pub(crate) fn fail_next(&mut self, plan: FailNext) {
        if plan.count == 0 {
            self.next.clear();
        } else {
            self.next.push_back(plan);
        }
    }

    pub(crate) fn fail_rate(&mut self, rate: FailRate) {
        self.n_drawn = 0;
        self.rate = (rate.rate > 0.0).then_some(rate);
    }

    /// The fault of the next call, if it has one.
    pub(crate) fn draw(&mut self) -> Option<FaultKind> {
        if let Some(plan) = self.next.front_mut() {
            let kind = plan.kind;
            plan.count -= 1;
            if plan.count == 0 {
                self.next.pop_front();
            }
            return Some(kind);
        }
        let plan = self.rate.as_ref()?;
        self.n_drawn += 1;
        let dice = noise::Dice(noise::mix2(plan.seed, self.n_drawn));
        if dice.unit(1) >= plan.rate {
            return None;
        }
        let kinds = if plan.kinds.is_empty() { &FaultKind::ALL[..] } else { &plan.kinds };
        Some(dice.pick(2, kinds))
    }

    pub(crate) fn planned(&self) -> (Vec<FailNext>, Option<FailRate>) {
        (self.next.iter().copied().collect(), self.rate.clone())
    }
}

#[cfg(test)]
mod tests;
