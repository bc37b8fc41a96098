use serde::Deserialize;

use super::Plan;

const FILE: &str = include_str!("../../data/plans-2026-09.json");

/// What plans cost, as of a month.
#[derive(Clone, Debug, Deserialize)]
pub struct PlanList {
    /// The month: `2026-09`.
    pub effective: Box<str>,
    /// Those with a price, the cheapest first.
    pub plans: Vec<PlanOffer>,
}

/// A plan with its price.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PlanOffer {
    /// Its name: see [`Plan::parse`].
    pub name: Box<str>,
    /// Dollars a month, paid by the month.
    pub usd_per_month: u32,
    /// Credits a billing month.
    pub credits_per_month: u64,
    /// Calls a minute.
    pub requests_per_minute: u32,
    /// Most currencies in one call.
    pub converts_max: usize,
}

impl PlanList {
    /// The newest that this version knows.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    pub fn embedded() -> Self {
        serde_json::from_str(FILE).expect("a test reads the embedded plans")
    }

    /// The offer of a plan; Enterprise has none.
    #[must_use]
    pub fn offer(&self, plan: Plan) -> Option<&PlanOffer> {
        self.plans.iter().find(|offer| Plan::parse(&offer.name) == Some(plan))
    }
}
