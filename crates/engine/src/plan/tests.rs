use bytes::Bytes;
use cmc_api::Catalogue;

use super::*;

const MAP: &str = r#"[{"id":1,"rank":1,"symbol":"BTC","slug":"bitcoin","status":"active"},
 {"id":8,"rank":4,"symbol":"DUP","slug":"dup-a","status":"active"},
 {"id":7,"rank":9,"symbol":"DUP","slug":"dup-b","status":"active"},
 {"id":6,"rank":null,"symbol":"OLD","slug":"old","status":"inactive"},
 {"id":3,"rank":null,"symbol":"DUP","slug":"dup-old","status":"untracked"},
 {"id":4,"rank":null,"symbol":"OLD","slug":"older","status":"inactive"},
 {"id":5,"rank":30,"symbol":"EUR","slug":"eur-coin","status":"active"}]"#;

fn catalog() -> Catalog {
    Catalog::of(&Bytes::from_static(MAP.as_bytes())).unwrap()
}

fn query(target: &str) -> Arc<Query> {
    let (path, raw) = target.split_once('?').unwrap_or((target, ""));
    Arc::new(Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new()).unwrap())
}

fn plan_with(target: &str, names: Option<&Catalog>, places: &[u32]) -> Result<Plan, String> {
    let query = query(target);
    let places: Vec<_> = places.iter().map(|id| CoinId::new(*id)).collect();
    let base = Base { places, head: None };
    let planned = plan(&query, &query.ask(), names, &base);
    planned.map_err(|unresolved| unresolved.0.message.to_string())
}

fn planned(target: &str) -> Result<Plan, String> {
    plan_with(target, Some(&catalog()), &[])
}

fn wants(plan: &Plan) -> Vec<String> {
    plan.wants.iter().map(|want| want.entity.to_string()).collect()
}

fn groups(plan: &Plan) -> Vec<(String, Range<usize>)> {
    let of = |groups: &[(Arc<str>, Range<usize>)]| {
        groups.iter().map(|(name, range)| (name.to_string(), range.clone())).collect()
    };
    match &plan.shape {
        Shape::Coins(coins) => of(&coins.groups),
        Shape::Infos(infos) => of(&infos.groups),
        Shape::Parts(parts) => of(&parts.groups),
        _ => Vec::new(),
    }
}

fn container(plan: &Plan) -> Container {
    match &plan.shape {
        Shape::Coins(coins) => coins.container,
        Shape::Infos(infos) => infos.container,
        _ => panic!("it has none"),
    }
}

#[test]
fn wants_come_coin_by_coin_and_currency_by_currency() {
    // Breaks if the order of the wants is not the one that the shape counts in.
    let plan = planned("/v2/cryptocurrency/quotes/latest?symbol=dup,btc&convert=eur,USD").unwrap();
    let expected = ["q:8:2790", "q:8:2781", "q:7:2790", "q:7:2781", "q:3:2790", "q:3:2781"];
    assert_eq!(wants(&plan)[..6], expected);
    assert_eq!(wants(&plan)[6..], ["q:1:2790", "q:1:2781"]);
    assert_eq!(groups(&plan), [("DUP".to_owned(), 0..3), ("BTC".to_owned(), 3..4)]);
    assert_eq!(container(&plan), Container::KeyedLists);
}

#[test]
fn the_container_follows_version_and_kind_of_name() {
    // Breaks if a client's parser meets a list where it knows a map.
    use Container::{Keyed, KeyedLists, List};
    for (target, expected) in [
        ("/v1/cryptocurrency/quotes/latest?id=1", Keyed),
        ("/v1/cryptocurrency/quotes/latest?symbol=BTC", Keyed),
        ("/v2/cryptocurrency/quotes/latest?id=1", Keyed),
        ("/v2/cryptocurrency/quotes/latest?slug=bitcoin", Keyed),
        ("/v2/cryptocurrency/quotes/latest?symbol=BTC", KeyedLists),
        ("/v3/cryptocurrency/quotes/latest?symbol=BTC", List),
        ("/v1/cryptocurrency/info?symbol=BTC", Keyed),
        ("/v2/cryptocurrency/info?symbol=BTC", KeyedLists),
        ("/v2/cryptocurrency/info?id=1", Keyed),
        ("/v1/simple/price?ids=1", List),
        ("/v2/simple/price?symbol=BTC", List),
    ] {
        assert_eq!(container(&planned(target).unwrap()), expected, "{target}");
    }
}

#[test]
fn a_fiat_comes_before_coins_of_its_symbol_as_subject_and_as_currency() {
    // Breaks if a coin named EUR takes the euro's place.
    let plan = planned("/v2/cryptocurrency/quotes/latest?symbol=EUR&convert=EUR").unwrap();
    assert_eq!(wants(&plan), ["q:2790:2790", "q:5:2790"]);
    let info = planned("/v2/cryptocurrency/info?symbol=EUR").unwrap();
    assert_eq!(wants(&info), ["i:5"], "metadata knows coins only");
    let coin = planned("/v1/cryptocurrency/quotes/latest?id=1&convert=DUP").unwrap();
    assert_eq!(wants(&coin), ["q:1:8"]);
}

#[test]
fn where_one_coin_of_a_symbol_is_shown_only_those_are_fetched_that_may_be_it() {
    // Breaks if dead coins are paid for that nobody is shown, or if the caps no longer decide.
    for path in ["/v1/cryptocurrency/quotes/latest", "/v2/simple/price"] {
        let of = |symbol: &str| wants(&planned(&format!("{path}?symbol={symbol}")).unwrap());
        assert_eq!(of("DUP"), ["q:8:2781", "q:7:2781"], "which is higher is known when asked");
        assert_eq!(of("OLD"), ["q:4:2781", "q:6:2781"], "none of them has a rank");
        assert_eq!(of("EUR"), ["q:2790:2781"], "a fiat is the first");
    }
}

#[test]
fn what_means_nothing_is_left_out_or_told_as_skip_invalid_says() {
    // Breaks if one typing error costs the whole answer, or goes unnoticed where it must not.
    let v1 = |rest: &str| planned(&format!("/v1/cryptocurrency/quotes/latest?{rest}"));
    assert_eq!(wants(&v1("id=99,1").unwrap()), ["q:1:2781"]);
    assert_eq!(v1("id=98,99").unwrap_err(), "Invalid values for \"id\": \"98,99\"");
    assert_eq!(v1("id=99,1&skip_invalid=false").unwrap_err(), "Invalid value for \"id\": \"99\"");
    let v3 = planned("/v3/cryptocurrency/quotes/latest?symbol=NONE").unwrap();
    assert!(v3.wants.is_empty());
    let info = "/v2/cryptocurrency/info?slug=nope,bitcoin";
    assert_eq!(planned(info).unwrap_err(), "Invalid value for \"slug\": \"nope\"");
    let none = planned("/v2/cryptocurrency/info?slug=nope&skip_invalid=true").unwrap();
    assert!(none.wants.is_empty());
    let convert = planned("/v1/cryptocurrency/quotes/latest?id=1&convert_id=99,98").unwrap_err();
    assert_eq!(convert, "Invalid values for \"convert_id\": \"99,98\"");
}

#[test]
fn a_page_names_its_blocks_and_takes_its_places_from_them() {
    // Breaks at the edges of 250.
    let of = |rest: &str| {
        let query = query(&format!("/v3/cryptocurrency/listings/latest?{rest}"));
        let Ok(blocks) = blocks(&query.ask(), &query, None) else { panic!("{rest}") };
        blocks.iter().map(|want| want.entity.to_string()).collect::<Vec<_>>()
    };
    let block = |number: u32| format!("r:2781:{number}:sort=market_cap&sort_dir=desc");
    assert_eq!(of("limit=250"), [block(0)]);
    assert_eq!(of("start=250&limit=2"), [block(0), block(1)]);
    assert_eq!(of("start=251&limit=250"), [block(1)]);
    assert_eq!(of("limit=5000").len(), 20);
    let places: Vec<u32> = (1_000..1_500).collect();
    let target = "/v3/cryptocurrency/listings/latest?start=250&limit=2";
    let plan = plan_with(target, None, &places).unwrap();
    assert_eq!(wants(&plan), ["q:1249:2781", "q:1250:2781"]);
    assert!(plan_with(target, None, &[]).unwrap().wants.is_empty());
}

#[test]
fn only_version_1_listings_count_all_coins() {
    // Breaks if total_count appears where clients do not know it.
    let v1 = plan_with("/v1/cryptocurrency/listings/latest", Some(&catalog()), &[1]).unwrap();
    assert_eq!(v1.total_count, Some(4));
    let v3 = plan_with("/v3/cryptocurrency/listings/latest", Some(&catalog()), &[1]).unwrap();
    assert_eq!(v3.total_count, None);
}

#[test]
fn without_the_map_ids_are_taken_at_their_word() {
    // Breaks if the map's outage takes down what does not need it.
    let plan = plan_with("/v3/cryptocurrency/quotes/latest?id=99,1", None, &[]).unwrap();
    assert_eq!(wants(&plan), ["q:99:2781", "q:1:2781"]);
    for (target, needs) in [
        ("/v3/cryptocurrency/quotes/latest?id=1", false),
        ("/v3/cryptocurrency/quotes/latest?id=1&convert=EUR,GBP", false),
        ("/v3/cryptocurrency/quotes/latest?id=1&convert=BTC", true),
        ("/v3/cryptocurrency/quotes/latest?id=1&convert_id=1", true),
        ("/v3/cryptocurrency/quotes/latest?slug=bitcoin", true),
        ("/v2/simple/price?symbol=BTC", true),
        ("/v3/cryptocurrency/listings/latest", false),
        ("/v2/cryptocurrency/info?id=1", false),
        ("/v1/cryptocurrency/map", false),
        ("/v1/global-metrics/quotes/latest", false),
    ] {
        assert_eq!(needs_names(&query(target).ask()), needs, "{target}");
    }
}

#[test]
fn one_question_in_two_spellings_is_one_whole_entity() {
    // Breaks if a default written out is bought again.
    let one = planned("/v1/global-metrics/quotes/latest").unwrap();
    let other = planned("/v1/global-metrics/quotes/latest?convert=usd").unwrap();
    assert_eq!(one.wants[0].entity.key(""), other.wants[0].entity.key(""));
}
