//! How old an answer may be, by class of data.

use std::time::Duration;

use cache_tiers::TtlPolicy;
use cmc_api::{CacheClass, Operation};

/// The ages that are served. Classes that are not named follow the cadence of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// Maximum age while upstream is well.
    pub by_class: Vec<(CacheClass, Duration)>,
    /// How much longer a value may be served when fetching fails.
    pub stale_if_error: Duration,
    /// Up to this much is taken off each life by chance, so that what was fetched together does not
    /// go stale together. Nothing by default: a paid block of coins is refreshed for one credit
    /// *because* they go stale together.
    pub jitter: Duration,
    /// How far pacing may move ages.
    pub pace: PaceAges,
}

/// How far pacing may move ages. By default it moves none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaceAges {
    /// Whether ages are moved at all.
    pub is_on: bool,
    /// The oldest age that is served to spare credits. Classes that are not named: an hour.
    pub most: Vec<(CacheClass, Duration)>,
    /// Whether what would be left over buys answers younger than the operator's ages, down to the
    /// cadence.
    pub shrinks: bool,
    /// Whether a client that asks for younger answers than paced ones gets them, down to the
    /// operator's ages.
    pub obeys_clients: bool,
}

/// Between which ages an operation is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ages {
    /// The operator's age.
    pub natural: Duration,
    /// The youngest; below `natural` only where pacing may shrink ages.
    pub least: Duration,
    /// The oldest that is served to spare credits.
    pub most: Duration,
}

impl Ages {
    /// `age`, between the youngest and the oldest.
    #[must_use]
    pub fn bound(&self, age: Duration) -> Duration {
        age.min(self.most).max(self.least)
    }
}

/// How old something may grow to spare credits, unless it is said.
const MOST: Duration = Duration::from_secs(3_600);

/// Where neither the setting nor the catalogue says anything.
const UNSTATED: Duration = Duration::from_secs(60);
/// The map, metadata and lists of fiats and exchanges are published "as needed": the vendor's
/// advice is to keep them for a day (docs/adr/0003).
const SLOW: Duration = Duration::from_secs(86_400);

impl Freshness {
    /// How long an entry of that life lives, jitter included.
    #[must_use]
    pub fn policy(&self, ttl: Duration) -> TtlPolicy {
        let permille = self.jitter.as_millis().saturating_mul(1_000) / ttl.as_millis().max(1);
        TtlPolicy {
            ttl,
            // What is never fresh is not kept for bad days either.
            grace: if ttl.is_zero() { Duration::ZERO } else { self.stale_if_error },
            jitter_permille: u16::try_from(permille).unwrap_or(u16::MAX),
        }
    }

    /// The maximum age of an answer to `operation`.
    #[must_use]
    pub fn ttl(&self, operation: &Operation) -> Duration {
        let class = operation.class;
        self.set_for(class).unwrap_or_else(|| match class {
            CacheClass::Live => Duration::ZERO,
            CacheClass::Info | CacheClass::Static => SLOW,
            _ => operation.cadence.unwrap_or(UNSTATED),
        })
    }

    /// Between which ages `operation` is answered.
    #[must_use]
    pub fn ages(&self, operation: &Operation) -> Ages {
        let natural = self.ttl(operation);
        let cadence = operation.cadence.unwrap_or(natural);
        let least = if self.pace.shrinks { cadence.min(natural) } else { natural };
        Ages { natural, least, most: self.most(operation.class, natural) }
    }

    /// The oldest age at which a value of `class` is served to spare credits.
    #[must_use]
    pub fn most(&self, class: CacheClass, natural: Duration) -> Duration {
        if !self.pace.is_on || natural.is_zero() {
            return natural;
        }
        let set = self.pace.most.iter().find(|(known, _)| *known == class);
        set.map_or(MOST, |(_, most)| *most).max(natural)
    }

    /// The longest that any answer lets a value of `class` live: quotes serve listings too.
    #[must_use]
    pub fn longest_of(&self, class: CacheClass) -> Duration {
        let of = |class| self.set_for(class).unwrap_or_else(|| unset(class));
        match class {
            CacheClass::Quotes => of(CacheClass::Quotes).max(of(CacheClass::Listings)),
            other => of(other),
        }
    }

    /// How long quotes are answered from memory.
    #[must_use]
    pub fn life_of_quotes(&self) -> Duration {
        self.set_for(CacheClass::Quotes).unwrap_or_else(|| unset(CacheClass::Quotes))
    }

    fn set_for(&self, class: CacheClass) -> Option<Duration> {
        self.by_class.iter().find(|(known, _)| *known == class).map(|(_, ttl)| *ttl)
    }
}

impl Default for Freshness {
    fn default() -> Self {
        Self {
            by_class: Vec::new(),
            stale_if_error: Duration::from_secs(86_400),
            jitter: Duration::ZERO,
            pace: PaceAges::default(),
        }
    }
}

/// The life of a class whose operations are not at hand.
const fn unset(class: CacheClass) -> Duration {
    match class {
        CacheClass::Live => Duration::ZERO,
        CacheClass::Info | CacheClass::Static | CacheClass::History => SLOW,
        CacheClass::Map => crate::limits::MAP_RESOLVES_FOR,
        CacheClass::Global => Duration::from_secs(300),
        CacheClass::Trending | CacheClass::Ohlcv => Duration::from_secs(600),
        CacheClass::Sentiment => Duration::from_secs(900),
        CacheClass::Content => Duration::from_secs(300),
        _ => UNSTATED,
    }
}

#[cfg(test)]
mod tests;
