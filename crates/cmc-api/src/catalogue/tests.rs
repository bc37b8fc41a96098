use super::*;
use crate::operation::{CacheClass, Family, PriceRule, Style, V};

fn operation(path: &str) -> Arc<Operation> {
    Arc::clone(Catalogue::embedded().find(Method::Get, path).expect(path))
}

fn refusal(json: &str) -> String {
    match Catalogue::from_json(json).unwrap_err() {
        CatalogueError::Syntax(source) => source.to_string(),
        other => other.to_string(),
    }
}

/// A catalogue of one operation, with one of its parts replaced.
fn one(part: &str, replacement: &str) -> String {
    let json = r#"{"effective":"2027-01","operations":[{
        "method":"GET","path":"/v1/x","keyless":true,"deprecated":false,"min_plan":"Hobbyist","cadence_s":60,
        "price":{"model":"batch","per":100,"unit":"coins","convert":true},
        "params":[{"name":"start","type":"integer","default":"1"}]}]}"#;
    assert!(json.contains(part));
    json.replace(part, replacement)
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
        let names = operation.one_of.iter().chain(&operation.exclusive);
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
fn a_catalogue_of_ones_own_is_read() {
    // Operators may be ahead of the built-in one.
    let catalogue = Catalogue::from_json(&one("60", "60")).unwrap();
    let operation = catalogue.find(Method::Get, "/v1/x").unwrap();
    assert_eq!(operation.min_plan, Some(crate::Plan::Builder));
    assert_eq!(operation.param("start").unwrap().default.as_deref(), Some("1"));
}

#[test]
fn a_catalogue_that_makes_no_sense_says_why() {
    // A silent mistake in prices or defaults would be paid for.
    for (part, replacement, problem) in [
        ("\"GET\"", "\"PUT\"", "/v1/x: method \"PUT\" is neither GET nor POST"),
        ("/v1/x", "v1/x", "v1/x: a path begins with / and has neither spaces nor a query"),
        ("/v1/x", "/v1/x?y", "/v1/x?y: a path begins with / and has neither spaces nor a query"),
        ("Hobbyist", "Golden", "/v1/x: there is no plan \"Golden\""),
        ("100", "0", "/v1/x: a batch of no items has no price"),
        ("\"1\"", "\"one\"", "/v1/x: the default \"one\" is refused: \"start\" must be a number"),
        ("\"start\"", "\"\"", "/v1/x: parameter \"\" is empty or listed twice"),
    ] {
        assert_eq!(refusal(&one(part, replacement)), problem);
    }
    assert!(refusal("{}").contains("effective"));
    assert!(refusal(&one("batch", "lottery")).contains("lottery"));
    assert!(refusal(&one("\"integer\"", "\"date\"")).contains("date"));
}

#[test]
fn an_operation_listed_twice_is_refused() {
    // Which of its prices holds would depend on the order.
    let listed = one("60", "60");
    let entry = &listed[listed.find("[{").unwrap() + 1..listed.len() - 2];
    let twice = format!("{{\"effective\":\"x\",\"operations\":[{entry},{entry}]}}");
    assert_eq!(refusal(&twice), "/v1/x: it is listed twice");
}
