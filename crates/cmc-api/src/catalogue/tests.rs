mod facts;
mod refusals;

use super::*;
use crate::operation::{CacheClass, Depth, Family, JudgedBy, PriceRule, Style, V};

fn operation(path: &str) -> Arc<Operation> {
    Arc::clone(Catalogue::embedded().find(Method::Get, path).expect(path))
}

#[test]
fn the_embedded_catalogue_is_whole() {
    // Everything is built on it, and it is read on first use only.
    let catalogue = Catalogue::embedded();
    assert_eq!(catalogue.operations().len(), 110);
    assert_eq!(catalogue.effective(), "2026-10");
    for operation in catalogue.operations() {
        let found = catalogue.find(operation.method, &operation.path).unwrap();
        assert!(Arc::ptr_eq(found, operation));
        let names = operation.one_of.iter().chain(operation.exclusive.iter().flatten());
        for name in names {
            assert!(operation.param(name).is_some(), "{} {name}", operation.path);
        }
    }
    assert!(catalogue.find(Method::Post, "/v1/cryptocurrency/map").is_none());
    assert_eq!(catalogue.operations().filter(|known| known.method == Method::Post).count(), 8);
}

#[test]
fn groups_are_named_in_the_order_of_the_parameters() {
    // The refusal lists them, and the examiner lists them so.
    for operation in Catalogue::embedded().operations() {
        let place = |name: &Arc<str>| {
            operation.params.iter().position(|param| param.name == *name).unwrap()
        };
        let places: Vec<usize> = operation.one_of.iter().map(place).collect();
        assert!(places.is_sorted(), "{}", operation.path);
    }
}

#[test]
fn operations_answer_in_the_style_of_their_stack() {
    // Clients of either stack read codes of another type.
    for (path, style) in [
        ("/v1/cryptocurrency/quotes/latest", Style::Classic),
        ("/v2/cryptocurrency/quotes/latest", Style::Classic),
        ("/v3/cryptocurrency/quotes/latest", Style::Java),
        ("/v3/cryptocurrency/quotes/historical", Style::Classic),
        ("/v3/cryptocurrency/listings/latest", Style::Java),
        ("/v1/simple/price", Style::Classic),
        ("/v2/simple/price", Style::Java),
        ("/v1/global-metrics/quotes/latest", Style::Java),
        ("/v1/global-metrics/quotes/historical", Style::Classic),
        ("/v3/fear-and-greed/latest", Style::Java),
        ("/v3/index/cmc20-historical", Style::Java),
        ("/v1/altcoin-season-index/latest", Style::Java),
        ("/v5/real-world-assets/map", Style::Java),
        ("/v1/dex/search", Style::Java),
        ("/v4/dex/spot-pairs/latest", Style::Java),
        ("/v1/k-line/candles", Style::Java),
        ("/v1/key/info", Style::Classic),
        ("/v1/exchange/map", Style::Classic),
    ] {
        assert_eq!(operation(path).style, style, "{path}");
    }
}

#[test]
fn operations_are_kept_by_their_class() {
    // Settings give freshness by class: a wrong class is a wrong age.
    for (path, class) in [
        ("/v3/cryptocurrency/quotes/latest", CacheClass::Quotes),
        ("/v2/tools/price-conversion", CacheClass::Quotes),
        ("/v1/cryptocurrency/listings/new", CacheClass::Listings),
        ("/v2/cryptocurrency/info", CacheClass::Info),
        ("/v1/cryptocurrency/map", CacheClass::Map),
        ("/v1/global-metrics/quotes/latest", CacheClass::Global),
        ("/v1/exchange/quotes/latest", CacheClass::Exchanges),
        ("/v1/exchange/quotes/historical", CacheClass::History),
        ("/v1/fiat/map", CacheClass::Static),
        ("/v1/community/trending/token", CacheClass::Trending),
        ("/v2/cryptocurrency/ohlcv/historical", CacheClass::Ohlcv),
        ("/v3/index/cmc100-historical", CacheClass::History),
        ("/v3/fear-and-greed/latest", CacheClass::Sentiment),
        ("/v1/content/posts/top", CacheClass::Content),
        ("/v4/dex/pairs/ohlcv/latest", CacheClass::Dex),
        ("/v1/key/info", CacheClass::Live),
        ("/v1/blockchain/statistics/latest", CacheClass::Other),
    ] {
        assert_eq!(operation(path).class, class, "{path}");
    }
}

#[test]
fn families_share_entities_across_versions() {
    // A version without its family would be paid for on its own.
    assert_eq!(operation("/v1/cryptocurrency/quotes/latest").family, Family::Quotes(V::V1));
    assert_eq!(operation("/v3/cryptocurrency/listings/latest").family, Family::Listings(V::V3));
    assert_eq!(operation("/v2/simple/price").family, Family::SimplePrice(V::V2));
    assert_eq!(operation("/v1/cryptocurrency/info").family, Family::Info(V::V1));
    assert_eq!(operation("/v1/key/info").family, Family::KeyInfo);
    let whole = |known: &&Arc<Operation>| known.family == Family::Whole;
    assert_eq!(Catalogue::embedded().operations().filter(whole).count(), 77);
}

#[test]
fn facts_of_the_data_are_carried_along() {
    // The gate by plan and the pace of upstream are read from here.
    let quotes = operation("/v3/cryptocurrency/quotes/latest");
    assert_eq!(quotes.cadence, Some(std::time::Duration::from_secs(60)));
    assert_eq!(quotes.min_plan, Some(crate::Plan::Basic));
    assert!(quotes.keyless && !quotes.deprecated && quotes.known);
    assert!(operation("/v1/cryptocurrency/quotes/latest").deprecated);
    assert_eq!(operation("/v1/cryptocurrency/map").price, PriceRule::Free);
    assert_eq!(operation("/v1/tools/postman").price, PriceRule::Unknown);
    assert_eq!(operation("/v1/simple/price").price, PriceRule::Flat { credits: 1, convert: false });
}

#[test]
fn history_is_known_by_plan() {
    // Beyond it upstream refuses, and the refusal names the months.
    let quotes = operation("/v3/cryptocurrency/quotes/historical");
    let basic = quotes.history_of(crate::Plan::Basic).unwrap();
    assert_eq!((&basic.intraday, &basic.daily), (&Depth::Months(1), &Depth::Months(12)));
    let growth = quotes.history_of(crate::Plan::Growth).unwrap();
    assert_eq!(growth.daily, Depth::Since("2010-01-01".into()));
    assert!(
        operation("/v2/cryptocurrency/ohlcv/historical").history_of(crate::Plan::Basic).is_none()
    );
    let conversion = operation("/v2/tools/price-conversion");
    assert_eq!(conversion.history_of(crate::Plan::Basic).unwrap().daily, Depth::Nothing);
}

#[test]
fn upstream_judges_where_nobody_has_published_the_rules() {
    // A refusal of ours would deny an answer that upstream might give.
    for operation in Catalogue::embedded().operations() {
        let is_dex = operation.path.contains("/dex/") || operation.path.contains("/k-line/");
        let expected =
            if is_dex || operation.version == 5 { JudgedBy::Upstream } else { JudgedBy::Catalogue };
        assert_eq!(operation.judged_by, expected, "{}", operation.path);
    }
}
