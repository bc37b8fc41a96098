//! What the same demand costs without cmcache: models, priced by the documented tariff.

use std::{collections::HashMap, sync::Arc, time::Duration};

use cmcache::cmc_api::{Call, Catalogue, Query, Tariff};

/// Credits of the two usual ways, over the requests seen so far.
#[derive(Debug)]
pub(crate) struct Models {
    catalogue: Arc<Catalogue>,
    tariff: Tariff,
    ttl: Duration,
    fetched: HashMap<String, Duration>,
    /// Every request sent to the API.
    pub(crate) no_cache: u64,
    /// A cache keyed by URL, with the same maximum age.
    pub(crate) url_cache: u64,
}

impl Models {
    pub(crate) fn new(ttl: Duration) -> Self {
        let catalogue = Catalogue::embedded();
        let tariff = Tariff::of(&catalogue);
        Self { catalogue, tariff, ttl, fetched: HashMap::new(), no_cache: 0, url_cache: 0 }
    }

    /// Counts a request made at `now`.
    pub(crate) fn ask(&mut self, target: &str, now: Duration) {
        let price = self.price(target);
        self.no_cache += price;
        let cached = self.fetched.get(target).is_some_and(|at| now - *at < self.ttl);
        if !cached {
            self.fetched.insert(target.to_owned(), now);
            self.url_cache += price;
        }
    }

    fn price(&self, target: &str) -> u64 {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parsed = Query::parse(&self.catalogue, "GET", path, query, Vec::new().into());
        let call = parsed.ok().and_then(|query| Call::whole(&query).ok());
        call.map_or(0, |call| self.tariff.price(&call).get())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_cache_pays_once_a_life_for_the_same_url() {
        // The comparison in the report stands on this.
        let mut models = Models::new(Duration::from_secs(60));
        for second in [0, 30, 59, 60] {
            models.ask("/v2/cryptocurrency/quotes/latest?id=1", Duration::from_secs(second));
        }
        models.ask("/v2/cryptocurrency/quotes/latest?id=1,2", Duration::from_secs(61));
        assert_eq!((models.no_cache, models.url_cache), (5, 3));
    }
}
