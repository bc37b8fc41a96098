use std::sync::Arc;

use cmc_api::{Catalogue, Family, Method};

use super::*;

fn ttl(freshness: &Freshness, path: &str) -> Duration {
    let catalogue = Catalogue::embedded();
    freshness.ttl(catalogue.find(Method::Get, path).unwrap())
}

#[test]
fn without_settings_the_cadence_of_upstream_counts() {
    // Breaks if answers are bought more often than upstream changes them.
    let freshness = Freshness::default();
    for (path, seconds) in [
        ("/v3/cryptocurrency/quotes/latest", 60),
        ("/v3/cryptocurrency/listings/latest", 60),
        ("/v2/cryptocurrency/info", 86_400),
        ("/v1/fiat/map", 86_400),
        ("/v1/key/info", 0),
    ] {
        assert_eq!(ttl(&freshness, path), Duration::from_secs(seconds), "{path}");
    }
}

#[test]
fn a_setting_wins_over_the_cadence_for_its_class_alone() {
    // Breaks if an operator cannot trade freshness for credits.
    let slow = Duration::from_secs(300);
    let freshness =
        Freshness { by_class: vec![(CacheClass::Quotes, slow)], ..Freshness::default() };
    assert_eq!(ttl(&freshness, "/v1/cryptocurrency/quotes/latest"), slow);
    assert_eq!(ttl(&freshness, "/v1/cryptocurrency/listings/latest"), Duration::from_secs(60));
}

#[test]
fn quotes_live_as_long_as_the_most_patient_answer_that_uses_them() {
    // Breaks if a coin expires for listings because quotes want it fresher.
    let of = |class, seconds| (class, Duration::from_secs(seconds));
    let by_class = vec![of(CacheClass::Quotes, 10), of(CacheClass::Listings, 120)];
    let freshness = Freshness { by_class, ..Freshness::default() };
    assert_eq!(freshness.longest_of(CacheClass::Quotes), Duration::from_secs(120));
    assert_eq!(freshness.longest_of(CacheClass::Listings), Duration::from_secs(120));
}

#[test]
fn no_value_expires_before_an_answer_would_still_take_it() {
    // Breaks if an entry's own life is shorter than what some operation that uses it is served
    // for: it would be bought again although nobody finds it old.
    let freshness = Freshness::default();
    let catalogue = Catalogue::embedded();
    let composed = |operation: &&Arc<Operation>| {
        use Family::{Info, Listings, Map, Quotes, SimplePrice};
        matches!(operation.family, Quotes(_) | Listings(_) | SimplePrice(_) | Info(_) | Map)
    };
    for operation in catalogue.operations().filter(composed) {
        let life = freshness.longest_of(operation.class);
        let served = freshness.ttl(operation);
        assert!(life >= served, "{}: {life:?} < {served:?}", operation.path);
    }
}
