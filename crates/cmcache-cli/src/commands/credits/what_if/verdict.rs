//! What would have come of it, and which plan would do.

use std::time::Duration;

use cmcache::cmc_api::PlanOffer;
use serde::Serialize;

use super::{
    play::Kind,
    script::{Extent, Span},
};
use crate::print;

/// The version of the form.
const FORM: u32 = 1;

/// What a what-if tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct WhatIf {
    form: u32,
    /// The first recorded minute, and the end of the last.
    from: String,
    until: String,
    /// The maximum age of quotes, listings and totals in seconds, if one was given.
    ttl_s: Option<u64>,
    /// Requests on record, and those that it does not name.
    requests: u64,
    omitted: u64,
    /// Lines of the record that could not be read.
    damaged: u64,
    /// Under each plan, the cheapest first.
    plans: Vec<Outcome>,
    /// The cheapest of them under which nothing is refused and nothing is stale.
    cheapest: Option<String>,
}

/// What would have come of it under one plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(super) struct Outcome {
    pub(super) plan: String,
    pub(super) usd_per_month: u32,
    /// The plan's credits for the time that was played, and a month's.
    pub(super) limit: u64,
    pub(super) limit_per_month: u64,
    /// The simulator's bill, and what it comes to in a month.
    pub(super) credits: u64,
    pub(super) credits_per_month: u64,
    pub(super) calls: u64,
    pub(super) busiest_minute: u64,
    /// Questions that were really asked; each may stand for several requests.
    pub(super) played: u64,
    pub(super) answers: u64,
    pub(super) full: u64,
    pub(super) partial: u64,
    pub(super) cold: u64,
    pub(super) stale: u64,
    /// Requests without an answer, by what was in the way.
    pub(super) refused: Refused,
    /// Requests that the API would refuse under every plan.
    pub(super) invalid: u64,
    pub(super) age_mean_s: Option<f64>,
    pub(super) age_p95_s: Option<u64>,
    pub(super) would_do: bool,
}

/// Requests without an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Refused {
    pub(super) credits: u64,
    pub(super) minute: u64,
    pub(super) plan: u64,
    pub(super) other: u64,
}

impl Refused {
    pub(super) const fn add(&mut self, kind: Kind, n: u64) {
        match kind {
            Kind::Credits => self.credits += n,
            Kind::Minute => self.minute += n,
            Kind::Plan => self.plan += n,
            Kind::Other => self.other += n,
        }
    }

    const fn all(self) -> u64 {
        self.credits + self.minute + self.plan + self.other
    }
}

impl Outcome {
    pub(super) fn new(offer: &PlanOffer, limit: u64) -> Self {
        Self {
            plan: offer.name.to_string(),
            usd_per_month: offer.usd_per_month,
            limit,
            limit_per_month: offer.credits_per_month,
            ..Self::default()
        }
    }

    /// Whether everybody was answered, and with nothing older than allowed.
    const fn does(&self) -> bool {
        self.answers > 0 && self.refused.all() == 0 && self.stale == 0
    }
}

impl WhatIf {
    /// `outcomes` are sorted by price.
    pub(super) fn new(
        (_, extent): (&Span, Extent),
        ttl: Option<Duration>,
        mut outcomes: Vec<Outcome>,
    ) -> Self {
        outcomes.iter_mut().for_each(|outcome| outcome.would_do = outcome.does());
        let cheapest = outcomes.iter().find(|outcome| outcome.would_do);
        Self {
            form: FORM,
            from: extent.first.to_string(),
            until: extent.last.to_string(),
            ttl_s: ttl.map(|ttl| ttl.as_secs()),
            requests: extent.n_requests,
            omitted: extent.n_omitted,
            damaged: extent.n_damaged,
            cheapest: cheapest.map(|outcome| outcome.plan.clone()),
            plans: outcomes,
        }
    }

    pub(super) fn show(&self) {
        let heading = [
            "plan",
            "$ a month",
            "credits",
            "a month",
            "of",
            "calls a minute",
            "hits %",
            "stale",
            "refused",
            "age s",
            "p95",
        ];
        print::table(&heading, self.plans.iter().map(row).collect());
        print::line(&format!(
            "\n{} requests from {} to {}; {} more are not named on record",
            self.requests, self.from, self.until, self.omitted
        ));
        match &self.cheapest {
            Some(plan) => print::line(&format!("the cheapest plan that would do: {plan}")),
            None => print::line("none of these plans would do: see what is refused or stale"),
        }
    }
}

fn row(outcome: &Outcome) -> Vec<String> {
    let hits = (outcome.full + outcome.stale) as f64 * 100.0 / (outcome.answers.max(1)) as f64;
    vec![
        outcome.plan.clone(),
        outcome.usd_per_month.to_string(),
        outcome.credits.to_string(),
        outcome.credits_per_month.to_string(),
        outcome.limit_per_month.to_string(),
        outcome.busiest_minute.to_string(),
        format!("{hits:.1}"),
        outcome.stale.to_string(),
        outcome.refused.all().to_string(),
        outcome.age_mean_s.map_or_else(|| "-".to_owned(), |age| format!("{age:.1}")),
        outcome.age_p95_s.map_or_else(|| "-".to_owned(), |age| age.to_string()),
    ]
}
