//! Prices as they are charged: what differs from the tariff is told once, learned and kept.

use std::{
    collections::BTreeMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use clock::Timestamp;
use cmc_api::{Call, Charge, Deviation, PriceRule, Reply, Seen, Tariff};
use serde::{Deserialize, Serialize};

use crate::{events::What, keeping::Keeping, metrics};

/// The file of the rules that were learned.
pub(crate) const FILE: &str = "prices.json";
/// Charges of one operation that are remembered, to tell one rule from another.
const SEEN_MAX: usize = 8;
/// A price that is too high harms nobody but ourselves: it is believed when seen so many times.
const LOWER_SEEN: usize = 3;
/// Learned rules on record; the oldest go.
const LEARNED_MAX: usize = 512;

/// Compares every charge with the tariff.
#[derive(Debug)]
pub(crate) struct Prices {
    tariff: Tariff,
    upstream: String,
    file: Keeping,
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    learned: Vec<Learned>,
    seen: BTreeMap<Arc<str>, Vec<Seen>>,
}

/// A rule with its date and the charge that taught it, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Learned {
    /// Whose tariff: the data directory may have served another upstream.
    upstream: String,
    operation: Arc<str>,
    /// RFC 3339.
    since: String,
    rule: Rule,
    taught_by: Seen,
}

/// A rule as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", tag = "kind")]
enum Rule {
    Free,
    Flat { credits: u32, convert: bool },
    Batch { per: NonZeroU32, base: u32, convert: bool },
    Item,
    Unknown,
}

impl Prices {
    /// Puts in force what was learned from `upstream` since the month that the tariff is of.
    pub(crate) fn open(tariff: Tariff, upstream: &str, file: Keeping) -> Self {
        let learned: Vec<Learned> = file.read();
        for rule in learned.iter().filter(|rule| rule.upstream == upstream) {
            // A later catalogue knows better.
            if rule.since.get(..7).is_some_and(|month| month >= tariff.effective()) {
                tariff.learn(&rule.operation, rule.rule.into());
            }
        }
        let book = Mutex::new(Book { learned, seen: BTreeMap::new() });
        Self { tariff, upstream: upstream.to_owned(), file, book }
    }

    /// Holds a charge against the tariff. What contradicts it is learned before anybody makes the
    /// next call, and told.
    pub(crate) fn judge(&self, call: &Call, reply: &Reply, now: Timestamp) -> Option<What> {
        let operation = call.operation();
        let Charge::Exactly(charged) = reply.charge else { return None };
        let rule = self.tariff.rule(operation);
        let price = rule.price(call.n_items(), call.n_converts());
        if !operation.known || charged == price {
            return None;
        }
        let seen = Seen::of(call, &reply.data, charged);
        let deviation = rule.deviation(&seen)?;
        if deviation == Deviation::TooMuch && (charged.is_zero() || operation.billing.repeats_free)
        {
            // A gift says nothing about the next time.
            return None;
        }
        metrics::price_deviation(&operation.path);
        let learned = self.learn(&operation.path, rule, seen, deviation, now)?;
        Some(What::PriceDrift {
            operation: Arc::clone(&operation.path),
            price: rule.price(seen.n_returned.unwrap_or(seen.n_items), seen.n_converts).get(),
            charged: charged.get(),
            items: seen.n_returned.unwrap_or(seen.n_items),
            converts: seen.n_converts,
            rule_before: rule.to_string(),
            rule_after: learned.to_string(),
        })
    }

    /// How many rules were learned, and are on record.
    pub(crate) fn n_learned(&self) -> usize {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).learned.len()
    }

    fn learn(
        &self,
        path: &Arc<str>,
        before: PriceRule,
        seen: Seen,
        deviation: Deviation,
        now: Timestamp,
    ) -> Option<PriceRule> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let all = book.seen.entry(Arc::clone(path)).or_default();
        all.push(seen);
        if all.len() > SEEN_MAX {
            all.remove(0);
        }
        let latest = all.iter().rev().take_while(|seen| before.deviation(seen) == Some(deviation));
        if deviation == Deviation::TooMuch && latest.count() < LOWER_SEEN {
            tracing::info!(operation = %path, ?seen, rule = %before, "charged less than foreseen");
            return None;
        }
        let rule = before.corrected(all)?;
        if !self.tariff.learn(path, rule) {
            tracing::error!(operation = %path, "no room for another learned price");
            return None;
        }
        book.learned.push(Learned {
            upstream: self.upstream.clone(),
            operation: Arc::clone(path),
            since: now.to_string(),
            rule: rule.into(),
            taught_by: seen,
        });
        if book.learned.len() > LEARNED_MAX {
            book.learned.remove(0);
        }
        // Under the lock: two at once must not overwrite each other.
        self.file.write(&book.learned);
        Some(rule)
    }
}

impl From<PriceRule> for Rule {
    fn from(rule: PriceRule) -> Self {
        match rule {
            PriceRule::Free => Self::Free,
            PriceRule::Flat { credits, convert } => Self::Flat { credits, convert },
            PriceRule::Batch { per, base, convert } => Self::Batch { per, base, convert },
            PriceRule::Item => Self::Item,
            PriceRule::Unknown => Self::Unknown,
        }
    }
}

impl From<Rule> for PriceRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Free => Self::Free,
            Rule::Flat { credits, convert } => Self::Flat { credits, convert },
            Rule::Batch { per, base, convert } => Self::Batch { per, base, convert },
            Rule::Item => Self::Item,
            Rule::Unknown => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
