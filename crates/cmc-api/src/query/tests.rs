use super::*;
use crate::{
    ask::{Ask, MapSort, SimpleFields},
    aux::{Aux, InfoAux},
    convert::Converts,
    id::{CoinId, IdText},
    operation::{Family, V},
    ranking::Ranking,
    selector::Selector,
};

mod messages;
mod properties;
mod spellings;

const V1_QUOTES: &str = "/v1/cryptocurrency/quotes/latest";
const V2_QUOTES: &str = "/v2/cryptocurrency/quotes/latest";
const V3_QUOTES: &str = "/v3/cryptocurrency/quotes/latest";
const V1_LISTINGS: &str = "/v1/cryptocurrency/listings/latest";
const V3_LISTINGS: &str = "/v3/cryptocurrency/listings/latest";
const V2_INFO: &str = "/v2/cryptocurrency/info";
const MAP: &str = "/v1/cryptocurrency/map";

fn parse(path: &str, raw: &str) -> Result<Query, QueryError> {
    Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new())
}

fn good(path: &str, raw: &str) -> Query {
    parse(path, raw).unwrap_or_else(|error| panic!("{path}?{raw}: {error}"))
}

fn post(path: &str, body: &'static str) -> Result<Query, QueryError> {
    Query::parse(&Catalogue::embedded(), "POST", path, "", Bytes::from_static(body.as_bytes()))
}

#[test]
fn quotes_are_asked_for_as_a_set_in_request_order() {
    // Duplicates would be paid for and answered twice.
    let query = good(V2_QUOTES, "symbol=eth,BTC,Eth,&convert=eur,EUR,btc&aux=cmc_rank");
    let Ask::Quotes(ask) = query.ask() else { panic!("{:?}", query.ask()) };
    assert_eq!(ask.version, V::V2);
    assert_eq!(ask.selector, Selector::Symbols(vec!["ETH".into(), "BTC".into()]));
    assert_eq!(ask.converts, Converts::Symbols(vec!["EUR".into(), "BTC".into()]));
    assert_eq!(ask.aux, Aux::CMC_RANK);
    assert!(ask.skip_invalid);
}

#[test]
fn absent_parameters_take_their_defaults() {
    // A forgotten default would show as missing fields, or as an error upstream does not make.
    for path in [V1_QUOTES, V2_QUOTES, V3_QUOTES] {
        let query = good(path, "id=1");
        let Ask::Quotes(ask) = query.ask() else { panic!("{path}") };
        assert_eq!(ask.aux, Aux::QUOTES_DEFAULT, "{path}");
        assert_eq!(ask.converts, Converts::usd(), "{path}");
        assert!(ask.skip_invalid, "{path}");
    }
    let Ask::Info(ask) = good(V2_INFO, "slug=bitcoin").ask() else { panic!("info") };
    assert_eq!(ask.aux, InfoAux::DEFAULT);
    assert!(!ask.skip_invalid);
}

#[test]
fn ids_win_over_slugs_and_slugs_over_symbols() {
    // Upstream documents no rule, and both sides of the examination need the same one.
    let query = good(V2_QUOTES, "symbol=BTC&slug=ethereum&id=52");
    assert_eq!(query.selector(), Some(Selector::Ids(vec![IdText::of("52")])));
    let query = good(V2_QUOTES, "symbol=BTC&slug=ethereum");
    assert_eq!(query.selector(), Some(Selector::Slugs(vec!["ethereum".into()])));
}

#[test]
fn an_id_beyond_every_coin_is_kept_with_its_text() {
    // The refusal echoes the id as it was sent.
    let query = good(V2_QUOTES, "id=1,99999999999,1");
    let Some(Selector::Ids(ids)) = query.selector() else { panic!("ids") };
    assert_eq!(ids, [IdText::of("1"), IdText { id: None, text: "99999999999".into() }]);
}

#[test]
fn listings_are_pages_of_a_ranking() {
    // Two spellings of one ranking must share blocks; two rankings must not.
    let Ask::Listings(ask) = good(V1_LISTINGS, "limit=10.0&start=5").ask() else { panic!("v1") };
    assert_eq!((ask.start, ask.limit, ask.aux), (5, 10, Aux::LISTINGS_DEFAULT));
    assert_eq!(ask.ranking, Ranking::by_rank());
    let Ask::Listings(other) = good(V3_LISTINGS, "sort_dir=desc&tag=all").ask() else {
        panic!("v3")
    };
    assert_eq!((other.start, other.limit), (1, 100));
    assert_eq!(other.ranking, ask.ranking);
    let Ask::Listings(far) = good(V1_LISTINGS, "start=99999999999").ask() else { panic!("far") };
    assert_eq!(far.start, crate::limits::START_MAX);
}

#[test]
fn what_cannot_be_composed_is_asked_for_whole() {
    // Composing these from entities would answer something else.
    for (path, raw) in [
        (V1_LISTINGS, "self_reported_market_cap_min=5"),
        ("/v2/simple/price", "id=1&precision=2"),
        (V2_INFO, "address=0xdAC17F958D2ee523a2206206994597C13D831ec7"),
        ("/v1/key/info", ""),
        ("/v1/fiat/map", ""),
        ("/v9/new/thing", "a=b"),
    ] {
        assert_eq!(good(path, raw).ask(), Ask::Whole, "{path}?{raw}");
    }
}

#[test]
fn simple_prices_know_the_flags_of_both_versions() {
    // v1 names two of its flags differently, and knows neither currencies nor errors.
    let query = good("/v1/simple/price", "ids=1,1027&include_volume_24h=true");
    let Ask::Simple(ask) = query.ask() else { panic!("v1") };
    assert_eq!(ask.fields, SimpleFields { volume: true, ..SimpleFields::default() });
    assert_eq!((ask.version, ask.selector.len(), ask.skip_invalid), (V::V1, 2, true));
    assert_eq!(ask.converts, Converts::usd());
    let query = good("/v2/simple/price", "id=1&convert_id=2790&include_all=TRUE");
    let Ask::Simple(ask) = query.ask() else { panic!("v2") };
    let all = SimpleFields { market_cap: true, volume: true, change: true, last_updated: true };
    assert_eq!(ask.fields, all);
    assert_eq!(ask.converts, Converts::Ids(vec![CoinId::new(2790)]));
}

#[test]
fn the_map_has_no_limit_unless_asked_for() {
    // A default of 100 would hide nine thousand coins.
    let Ask::Map(ask) = good(MAP, "").ask() else { panic!("map") };
    assert_eq!((ask.limit, ask.start, ask.sort), (None, 1, MapSort::Id));
    assert_eq!(ask.statuses, ["active".into()]);
    let query = good(MAP, "listing_status=inactive,active,inactive&sort=cmc_rank&symbol=btc");
    let Ask::Map(ask) = query.ask() else { panic!("map") };
    assert_eq!(ask.statuses, ["inactive".into(), "active".into()]);
    assert_eq!(ask.sort, MapSort::CmcRank);
    assert_eq!(ask.symbols, Some(vec!["BTC".into()]));
}

#[test]
fn an_unknown_path_is_passed_on_with_all_it_was_given() {
    // The API grows faster than the catalogue.
    let query = good("/v9/new/thing", "b=2&a=x%20y&CMC_PRO_API_KEY=secret");
    assert_eq!(query.operation.family, Family::Whole);
    assert!(!query.operation.known);
    assert_eq!(query.to_upstream(), "b=2&a=x%20y");
    assert_eq!(query.canonical(), "/v9/new/thing?a=x%20y&b=2");
}

#[test]
fn a_key_in_the_query_leaves_no_trace() {
    // A client's key in a cache key, a log or an upstream URL would leak it.
    for name in ["CMC_PRO_API_KEY", "cmc_pro_api_key", "CMC%5FPRO_API%5fKEY"] {
        let query = good(V2_QUOTES, &format!("{name}=s3cret&id=1"));
        let seen = format!("{query:?} {} {}", query.canonical(), query.to_upstream());
        assert!(!seen.contains("s3cret"), "{seen}");
    }
}

#[test]
fn bodies_of_posts_have_one_canonical_text() {
    // POSTs of one path differ in the body only: they must neither mix nor be kept twice.
    let path = "/v1/dex/tokens/batch-query";
    let one = post(path, r#"{ "platform": "eth", "addresses": ["b", "a"] }"#).unwrap();
    let same = post(path, r#"{"addresses":["b","a"],"platform":"\u0065th"}"#).unwrap();
    let other = post(path, r#"{"addresses":["a","b"],"platform":"eth"}"#).unwrap();
    assert_eq!(one.canonical(), same.canonical());
    assert_ne!(one.canonical(), other.canonical());
    assert_eq!(one.body().as_ref(), br#"{ "platform": "eth", "addresses": ["b", "a"] }"#);
    assert_eq!(post(path, "not json").unwrap_err().message, "Parameter error");
    let deep = "[".repeat(5_000).leak();
    assert_eq!(post(path, deep).unwrap_err().message, "Parameter error");
    assert!(post(path, "").is_ok());
}

#[test]
fn a_body_on_get_is_ignored() {
    // Some clients send one with every request.
    let body = Bytes::from_static(b"{}");
    let query = Query::parse(&Catalogue::embedded(), "GET", V2_QUOTES, "id=1", body).unwrap();
    assert_eq!(query, good(V2_QUOTES, "id=1"));
}
