use std::collections::HashSet;

use serde_json::Value;

use crate::core::Core;
use crate::testing::{self, Got, generous, get, get_from};

const LIQUIDATIONS: &str = "/v5/derivatives/liquidations/cryptocurrency/list/latest";
const ALL: &str = "/v5/derivatives/liquidations/quotes/latest";
const PAIRS: &str = "/v5/cryptocurrency/derivatives/market-pairs/list/latest";
const ASSETS: &str = "/v5/real-world-assets";

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Rows of all pages of `limit`, which are distinct and as many as told.
#[track_caller]
fn pages(target: &str, plural: &str, key: &str, limit: usize) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let got = get(&format!("{target}limit={limit}&start={}", rows.len() + 1));
        rows.extend(got.data()[plural].as_array().unwrap().iter().cloned());
        let total = got.data()["total_size"].as_u64().unwrap();
        if !got.data()["has_more"].as_bool().unwrap() {
            let distinct: HashSet<String> = rows.iter().map(|row| row[key].to_string()).collect();
            assert_eq!((rows.len() as u64, distinct.len() as u64), (total, total), "{target}");
            return rows;
        }
    }
}

/// Refused in the words of v5, which are always the same.
#[track_caller]
fn refused(target: &str) {
    let got = get(target);
    let told = (got.http, got.code(), got.message());
    assert_eq!(told, (400, 4001, "Invalid parameter"), "{target}");
    assert!(got.text.contains("\"error_code\":\"4001\""));
}

#[test]
fn contracts_are_priced_near_the_spot_price_and_page_without_gaps() {
    // Would break: whoever compares contracts with quotes, and every pager.
    let spot = get("/v3/cryptocurrency/quotes/latest?id=1");
    let spot = number(&spot.data()[0]["quote"][0]["price"]);
    let rows = pages(&format!("{PAIRS}?crypto_id=1&"), "market_pairs", "market_id", 17);
    assert!(rows.len() > 40, "{}", rows.len());
    for row in &rows {
        let reported = &row["exchange_reported_quotes"][0];
        assert_eq!(reported["index_price"], spot);
        assert!((number(&row["quotes"][0]["price"]) / spot - 1.0).abs() < 0.01);
        assert_eq!(reported.get("funding_rate").is_some(), row["category"] == "perpetual");
        assert!(row["outlier_detected"].is_boolean());
    }
    let volume = |row: &Value| number(&row["quotes"][0]["volume_24h"]);
    assert!(rows.is_sorted_by(|a, b| volume(a) >= volume(b)));
}

#[test]
fn filters_of_contracts_divide_them() {
    // Would break: a filter that is read but not obeyed.
    let n = |filter: &str| {
        get(&format!("{PAIRS}?crypto_id=1&{filter}")).data()["total_size"].as_u64().unwrap()
    };
    let all = n("");
    for halves in [
        ["category=futures", "category=perpetual"],
        ["center_type=cex", "center_type=dex"],
        ["fee_type=percentage", "fee_type=no-fees"],
        ["matched_symbol=usdt", "matched_id=2781"],
    ] {
        let [one, other] = halves.map(n);
        assert!(one > 0 && other > 0 && one + other == all, "{halves:?}: {one} + {other} of {all}");
    }
}

#[test]
fn an_exchange_is_the_sum_of_its_contracts() {
    // Would break: agreement between the two ways to ask.
    let list = get("/v5/exchange/derivatives/list?limit=1");
    let first = &list.data()["exchanges"][0];
    let id = first["exchange_id"].as_u64().unwrap();
    let pairs = format!("/v5/exchange/derivatives/market-pairs/list/latest?exchange_id={id}&");
    let rows = pages(&pairs, "market_pairs", "market_id", 200);
    let sum: f64 = rows.iter().map(|row| number(&row["quotes"][0]["volume_24h"])).sum();
    assert!((sum / number(&first["quotes"][0]["derivative_volume"]) - 1.0).abs() < 1e-6);
    assert_eq!(first["num_market_pairs"], rows.len());
}

#[test]
fn coins_exchanges_and_the_total_liquidate_the_same() {
    // Would break: sums that clients check.
    let total = |rows: &[Value]| -> f64 {
        rows.iter().map(|row| number(&row["quotes"][0]["total_liquidations_4h"])).sum()
    };
    let coins = pages(&format!("{LIQUIDATIONS}?"), "cryptocurrencies", "crypto_id", 100);
    let exchanges = "/v5/derivatives/liquidations/exchange/list/latest?";
    let exchanges = pages(exchanges, "exchanges", "exchange_id", 7);
    let all = get(ALL);
    let all = number(&all.data()["quotes"][0]["total_liquidations_4h"]);
    assert!((total(&coins) / all - 1.0).abs() < 1e-6, "{} {all}", total(&coins));
    assert!((total(&exchanges) / all - 1.0).abs() < 1e-6);
    let quote = &coins[0]["quotes"][0];
    let day = number(&quote["total_liquidations_24h"]);
    assert!(day > number(&quote["total_liquidations_4h"]));
    assert!(number(&quote["total_liquidations_4h"]) > number(&quote["total_liquidations_1h"]));
}

#[test]
fn both_ways_to_name_currencies_may_come_together_on_liquidations_only() {
    // Would break: every liquidations call of the official SDK.
    let symbol = |query: &str| get(&format!("{ALL}?{query}")).data()["quotes"][0]["symbol"].clone();
    assert_eq!(symbol("convert=USD&convert_id=2781"), "USD");
    assert_eq!(symbol("convert=EUR&convert_id=2781"), "EUR");
    assert_eq!(symbol("convert=USD&convert_id=1"), "BTC");
    refused(&format!("{PAIRS}?crypto_id=1&convert=USD&convert_id=2781"));
    assert_eq!(get(&format!("{ALL}?convert=USD,EUR,BTC")).credits(), 3);
}

#[test]
fn whatever_is_wrong_is_an_invalid_parameter() {
    // Would break: clients that tell v5's refusals by their code.
    for query in ["", "crypto_id=x", "crypto_id=99999999", "crypto_id=1&sort=size"] {
        refused(&format!("{PAIRS}?{query}"));
    }
    refused(&format!("{PAIRS}?crypto_id=1&limit=5001"));
    refused(&format!("{PAIRS}?crypto_id=1&convert=NOSUCHCOIN"));
    refused(&format!("{LIQUIDATIONS}?crypto_id=1,99999999"));
    refused(&format!("{ASSETS}/issuers"));
    let got = get(&format!("{LIQUIDATIONS}?crypto_id=1,99999999&skip_invalid=True"));
    assert_eq!(got.data()["total_size"], 1);
    let limited = get_from(&testing::SHARED, &format!("{ALL}?convert=USD,EUR"), Some("b"));
    assert_eq!(limited.message(), "Your plan is limited to 1 convert options");
    assert_eq!(get(&format!("{ALL}?unknown=1")).http, 200, "unknown names are ignored");
}

#[test]
fn coins_without_liquidations_are_left_out() {
    // Would break: the difference between "nothing there" and "no such coin".
    let listed = pages(&format!("{LIQUIDATIONS}?"), "cryptocurrencies", "crypto_id", 500);
    let listed: HashSet<u64> =
        listed.iter().map(|row| row["crypto_id"].as_u64().unwrap()).collect();
    let quiet = testing::SHARED.market.coins.iter().map(|coin| u64::from(coin.id));
    let quiet = quiet.into_iter().find(|id| !listed.contains(id)).unwrap();
    let got = get(&format!("{LIQUIDATIONS}?crypto_id={quiet}"));
    assert_eq!((got.http, got.data()["total_size"].as_u64()), (200, Some(0)));
    assert_eq!(got.keys(&["data"]), ["cryptocurrencies", "total_size", "has_more"]);
}

#[test]
fn assets_are_the_same_in_the_map_the_list_and_the_quotes() {
    // Would break: joining the answers by id.
    let map = pages(&format!("{ASSETS}/map?"), "assets", "rwa_id", 33);
    let list = pages(&format!("{ASSETS}/assets/list?"), "assets", "rwa_id", 64);
    assert_eq!((map.len(), list.len()), (200, 200));
    assert!(list.is_sorted_by_key(|row| row["rwa_rank"].as_u64()));
    let quotes = get(&format!("{ASSETS}/quotes/latest?rwa_id={}", list[0]["rwa_id"]));
    let asset = &quotes.data()["assets"][0];
    assert_eq!(asset["quotes"], list[0]["quotes"]);
    let caps = asset["tokens"].as_array().unwrap().iter();
    let sum: f64 = caps.map(|token| number(&token["quotes"][0]["market_cap"])).sum();
    assert!((sum / number(&asset["quotes"][0]["tokenized_market_cap"]) - 1.0).abs() < 1e-9);
    let metals = pages(&format!("{ASSETS}/map?asset_type=commodity&"), "assets", "rwa_id", 100);
    assert!(!metals.is_empty() && metals.iter().all(|row| row["asset_type"] == "commodity"));
    let bare = list.iter().find(|row| row["num_tokens"] == 0).unwrap();
    assert!(bare["quotes"][0]["tokenized_market_cap"].is_null());
}

#[test]
fn issuers_lead_to_their_tokens() {
    // Would break: following an id from one operation to the next.
    let issuers = pages(&format!("{ASSETS}/issuers/list?"), "issuers", "issuer_id", 10);
    assert_eq!(issuers.len(), 25);
    let active = get(&format!("{ASSETS}/issuers/list?active=true"));
    let idle = get(&format!("{ASSETS}/issuers/list?active=false"));
    let size = |got: &Got| got.data()["total_size"].as_u64().unwrap();
    assert!(size(&active) + size(&idle) == 25 && size(&idle) > 0);
    let id = issuers[0]["issuer_id"].as_str().unwrap();
    assert_eq!(id.len(), 24);
    let one = get(&format!("{ASSETS}/issuers?issuer_id={id}"));
    assert_eq!(one.data()["total_size"], issuers[0]["num_tokens"]);
    refused(&format!("{ASSETS}/issuers?issuer_id=00"));
}

#[test]
fn the_plan_gates_what_it_gates() {
    // Would break: clients that remember 1006 for a plan.
    let pairs = format!("{ASSETS}/market-pairs/list?rwa_id=1");
    for target in [pairs.as_str(), "/v5/cmc-ai/latest"] {
        assert_eq!(get_from(&testing::SHARED, target, Some("b")).code(), 1006);
        assert_eq!(get(target).http, 200, "{target}");
    }
}

#[test]
fn unchanged_repeats_of_answers_by_the_same_key_are_free() {
    // Would break: predictions of what polling costs.
    let core = Core::new(&generous(1));
    let ask = |target: &str| get_from(&core, target, Some("k")).credits();
    let coins = "/v5/cmc-ai/coins/latest?crypto_id=1,1027,5426&skip_invalid=true";
    assert_eq!([ask(coins), ask(coins)], [3, 0]);
    assert_eq!(ask("/v5/cmc-ai/coins/latest?crypto_id=1,52"), 1, "one of two is news");
    assert_eq!([ask("/v5/cmc-ai/latest"), ask("/v5/cmc-ai/latest")], [1, 0]);
    core.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(ask(coins), 3, "a minute later it is sold again");
    let unread = "/v5/cmc-ai/coins/latest?crypto_id=99999999&skip_invalid=true";
    assert_eq!(ask(unread), 0, "nothing costs nothing");
}

#[test]
fn lists_cost_one_credit_for_each_250_rows() {
    // Would break: the tariff.
    let core = Core::new(&generous(1));
    let target = format!("{LIQUIDATIONS}?limit=5000&convert=USD,EUR");
    let got = get_from(&core, &target, Some("k"));
    let n = got.data()["cryptocurrencies"].as_array().unwrap().len() as u64;
    assert!(n > 250, "{n}");
    assert_eq!(got.credits(), n.div_ceil(250) + 1);
    assert_eq!(get(&format!("{ASSETS}/map")).credits(), 0);
}
