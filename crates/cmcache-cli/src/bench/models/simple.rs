//! The three usual ways: no cache, a cache by URL, a cache by symbol.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
};

use super::{Asking, Limits, Millis, Model, Tally};
use crate::bench::request::Ask;

/// Every request goes to the API.
#[derive(Debug, Default)]
pub(crate) struct NoCache(Tally);

impl Model for NoCache {
    fn ask(&mut self, _: Millis, asking: &Asking<'_>) {
        self.0.pay(asking.price);
    }

    fn tally(&mut self) -> Tally {
        self.0
    }
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

fn age_of(ask: &Ask, limits: &Limits) -> Millis {
    match ask {
        Ask::Info(_) | Ask::Map(_) => limits.info_age,
        Ask::Fear => limits.fear_age,
        _ => limits.max_age,
    }
}

/// Whole answers under their URL, with one fetch for all who ask at once: an HTTP cache at its
/// best.
#[derive(Debug)]
pub(crate) struct UrlCache {
    limits: Limits,
    until: HashMap<u64, Millis>,
    tally: Tally,
}

impl UrlCache {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, until: HashMap::new(), tally: Tally::default() }
    }
}

impl Model for UrlCache {
    fn ask(&mut self, now: Millis, asking: &Asking<'_>) {
        let until = self.until.entry(hash(asking.target)).or_default();
        if *until <= now {
            *until = now + age_of(&asking.request.ask, &self.limits);
            self.tally.pay(asking.price);
        }
    }

    fn tally(&mut self) -> Tally {
        self.tally
    }
}

/// The guide's `getCryptocurrencyWithTiers`: each symbol under a key of its own, fetched by a call
/// of its own, and by everybody who asks before the first answer is there. What is no coin is kept
/// by URL in the same way.
#[derive(Debug)]
pub(crate) struct PerSymbol {
    limits: Limits,
    /// From when and until when a value is there.
    spans: HashMap<u64, (Millis, Millis)>,
    tally: Tally,
}

impl PerSymbol {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, spans: HashMap::new(), tally: Tally::default() }
    }

    fn ask_one(&mut self, now: Millis, key: u64, age: Millis, price: u64) {
        let (from, until) = self.spans.entry(key).or_default();
        if *from <= now && now < *until {
            return;
        }
        let arrives = now + self.limits.latency;
        if *from <= now {
            *from = arrives;
        }
        *until = arrives + age;
        self.tally.pay(price);
    }
}

impl Model for PerSymbol {
    fn ask(&mut self, now: Millis, asking: &Asking<'_>) {
        let request = asking.request;
        let age = age_of(&request.ask, &self.limits);
        match &request.ask {
            Ask::Quotes(places) | Ask::Simple(places) => {
                for place in places {
                    let key = hash((0u8, place, request.currencies));
                    self.ask_one(now, key, age, u64::from(request.n_currencies().max(1)));
                }
            }
            Ask::Info(places) => {
                places.iter().for_each(|place| self.ask_one(now, hash((1u8, place)), age, 1));
            }
            _ => self.ask_one(now, hash((2u8, asking.target)), age, asking.price),
        }
    }

    fn tally(&mut self) -> Tally {
        self.tally
    }
}
