//! Places for items: what a charge by blocks pays for besides what was asked.

use credits::Credits;

use super::Tariff;
use crate::{call::Call, operation::PriceRule, query::Query, weight};

/// The places that a charge paid for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slots {
    /// In all blocks.
    pub paid: u64,
    /// Of these, those that something was asked for.
    pub filled: u64,
    /// In one block: what a credit buys.
    pub per_credit: u64,
    /// The part of the charge that is for further currencies.
    pub surcharge: Credits,
}

impl Tariff {
    /// The places that `charged` paid for; `None` where a call does not cost by blocks.
    #[must_use]
    pub fn slots(&self, call: &Call, charged: Credits) -> Option<Slots> {
        let PriceRule::Batch { per, base, convert } = self.rule(call.operation()) else {
            return None;
        };
        let surcharge = if convert { call.n_converts().saturating_sub(1) } else { 0 };
        let surcharge = surcharge.min(charged.get());
        let blocks = charged.get().saturating_sub(surcharge).saturating_sub(base.into());
        let paid = blocks.saturating_mul(per.get().into());
        Some(Slots {
            paid,
            filled: call.n_items().min(paid),
            per_credit: per.get().into(),
            surcharge: Credits::new(surcharge),
        })
    }

    /// Most that a client would pay who sent `query` to the API itself.
    #[must_use]
    pub fn price_of(&self, query: &Query) -> Credits {
        let n_converts = u64::try_from(query.n_converts()).unwrap_or(u64::MAX);
        self.price_parts(&query.operation, weight::n_items(query), n_converts)
    }
}
