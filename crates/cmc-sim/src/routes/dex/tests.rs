use std::collections::HashSet;

use serde_json::{Value, json};

use crate::core::Arrival;
use crate::testing::{Got, SHARED, get, get_from};

mod charts;
mod v4;

const TETHER: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";
const OF_TETHER: &str = "platform=ethereum&address=0xdac17f958d2ee523a2206206994597c13d831ec7";

/// A number that is written as a text.
fn amount(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

fn post(path: &str, body: &str) -> Got {
    let reply = SHARED.answer(Arrival {
        method: "POST",
        path,
        query: "",
        key: Some("k"),
        body: body.as_bytes(),
        address: "127.0.0.1",
    });
    let text = String::from_utf8(reply.body).unwrap();
    let json = serde_json::from_str(&text).unwrap();
    Got { http: reply.status, text, json }
}

/// Refused as decentralised exchanges refuse everything.
#[track_caller]
fn refused(got: &Got) {
    let told = (got.http, got.code(), got.message());
    assert_eq!(told, (400, 400, "Parameter error"), "{}", got.text);
    assert!(got.text.contains("\"error_code\":\"400\""));
}

#[test]
fn a_token_costs_what_its_coin_costs_wherever_it_is_asked_for() {
    // Would break: comparisons between the families.
    let coin = get("/v3/cryptocurrency/quotes/latest?id=825");
    let price = coin.data()[0]["quote"][0]["price"].as_f64().unwrap();
    let one = get(&format!("/v1/dex/token/price?{OF_TETHER}"));
    assert_eq!(amount(&one.data()["p"]), price);
    assert_eq!(one.keys(&["data"])[..6], ["pid", "a", "n", "sym", "p", "pc1h"]);
    let all = get(&format!("/v1/dex/token?{OF_TETHER}"));
    assert_eq!(amount(&all.data()["p"]), price);
    let address = TETHER.to_uppercase();
    let body = json!({"tokens": [{"platform": "1", "address": address}]});
    let batch = post("/v1/dex/token/price/batch", &body.to_string());
    assert_eq!(batch.data()[0], *one.data());
    let body = json!({"platform": "Ethereum", "addresses": [TETHER, "0x00"]});
    let batch = post("/v1/dex/tokens/batch-query", &body.to_string());
    assert_eq!((batch.data().as_array().unwrap().len(), batch.credits()), (1, 1));
    assert_eq!(batch.data()[0]["v24h"], all.data()["v24h"]);
}

#[test]
fn the_pools_of_a_token_share_what_it_is_worth() {
    // Would break: sums over pools.
    let token = get(&format!("/v1/dex/token?{OF_TETHER}"));
    let pools = get(&format!("/v1/dex/token/pools?{OF_TETHER}"));
    let sum: f64 =
        pools.data().as_array().unwrap().iter().map(|pool| amount(&pool["liqUsd"])).sum();
    assert!((sum / amount(&token.data()["liqUsd"]) - 1.0).abs() < 1e-6);
    assert_eq!(token.data()["pls"], *pools.data());
    for name in ["n", "sym", "addr", "plt", "pid", "dec", "mcap", "fdv", "ts", "cs", "hld", "sts"] {
        assert!(token.data().get(name).is_some(), "{name}");
    }
}

#[test]
fn ranked_lists_page_by_index_and_obey_their_filters() {
    // Would break: whoever reads more than the first page.
    let mut addresses = HashSet::new();
    let (mut page, mut n_rows) = (1, 0);
    loop {
        let body = json!({"platformIds": [14], "pageSize": 37, "nextPageIndex": page});
        let got = post("/v1/dex/tokens/trending/list", &body.to_string());
        let rows = got.data()["tks"].as_array().unwrap();
        n_rows += rows.len();
        addresses.extend(rows.iter().map(|row| row["addr"].as_str().unwrap().to_owned()));
        assert!(rows.iter().all(|row| row["plt"] == "bsc"));
        let Some(next) = got.data()["nextPageIndex"].as_u64() else {
            assert_eq!(got.data()["total"], n_rows);
            break;
        };
        page = next;
    }
    assert!(n_rows > 300 && addresses.len() == n_rows, "{n_rows} {}", addresses.len());
    let body = json!({"filter": {"liquidityMin": 100_000, "liquidityMax": "2000000"}});
    let got = post("/v1/dex/meme/list", &body.to_string());
    let rows = got.data()["tks"].as_array().unwrap();
    let is_within = |row: &Value| (1e5..=2e6).contains(&amount(&row["liqUsd"]));
    assert!(!rows.is_empty() && rows.iter().all(is_within));
}

#[test]
fn gainers_gain_and_losers_lose() {
    // Would break: the direction of the list.
    let changes = |way: &str| -> Vec<f64> {
        let body = json!({"interval": "1h", "sortType": way});
        let got = post("/v1/dex/gainer-loser/list", &body.to_string());
        let rows = got.data()["tks"].as_array().unwrap().clone();
        rows.iter().map(|row| row["pc1h"].as_f64().unwrap()).collect()
    };
    let (gainers, losers) = (changes("desc"), changes("asc"));
    assert!(gainers.is_sorted_by(|a, b| a >= b) && gainers[0] > 0.0);
    assert!(losers.is_sorted() && losers[0] < 0.0);
    let new = post("/v1/dex/new/list", "{}");
    let ages = new.data()["tks"].as_array().unwrap().iter().map(|row| row["ct"].as_u64());
    assert!(ages.is_sorted_by(|a, b| a >= b));
}

#[test]
fn holders_are_the_same_in_the_list_the_tags_and_alone() {
    // Would break: following a wallet from one answer to the next.
    let body = |more: Value| {
        let mut body = json!({"tokenAddress": TETHER, "platform": "ethereum"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body.to_string()
    };
    let list = post("/v1/dex/holders/list", &body(json!({})));
    let holders = list.data()["holders"].as_array().unwrap();
    let wallet = json!({"walletAddress": holders[3]["walletAddress"]});
    let alone = post("/v1/dex/holders/detail", &body(wallet));
    assert_eq!(*alone.data(), holders[3]);
    let stranger = post("/v1/dex/holders/detail", &body(json!({"walletAddress": "0x1"})));
    assert_eq!(stranger.data()["balance"], "0");
    let query = format!("platform=ethereum&tokenAddress={TETHER}");
    let tags = get(&format!("/v1/dex/holders/tag_count?{query}"));
    for tag in tags.data().as_array().unwrap() {
        let listed = post("/v1/dex/holders/list", &body(json!({"tag": tag["tag"]})));
        assert_eq!(listed.data()["total"], tag["count"], "{tag}");
    }
    let count = get(&format!("/v1/dex/holders/count?{query}"));
    assert!(count.data()["count"].as_u64().unwrap() > 1_000);
    let trend = get(&format!("/v1/dex/holders/trend/list?{query}&limit=7"));
    assert_eq!(trend.data().as_array().unwrap().len(), 7);
}

#[test]
fn what_is_missing_is_told_for_holders_only() {
    // Would break: clients that tell refusals by code.
    let missing = [
        get("/v1/dex/holders/count?platform=ethereum"),
        get("/v1/dex/holders/tag_count"),
        post("/v1/dex/holders/list", r#"{"platform":"ethereum"}"#),
        post("/v1/dex/holders/detail", "{}"),
    ];
    for got in &missing {
        let told = (got.http, got.code(), got.message());
        assert_eq!(told, (400, 4002, "Required parameter missing"));
    }
    refused(&get("/v1/dex/holders/count?platform=moon&tokenAddress=0x1"));
    refused(&get("/v1/dex/token?platform=ethereum"));
    refused(&get("/v1/dex/token?platform=ethereum&address=0x1"));
    refused(&get("/v1/dex/platform/detail?platformName=moon"));
    refused(&get(&format!("/v1/dex/tokens/transactions?{OF_TETHER}&limit=0")));
}

#[test]
fn a_post_takes_nothing_but_an_object() {
    // Would break: the wording of refused bodies, and methods.
    for body in ["", "nothing", "{", "[]", "null", "7"] {
        for path in ["/v1/dex/meme/list", "/v1/dex/holders/list", "/v1/dex/tokens/batch-query"] {
            refused(&post(path, body));
        }
    }
    refused(&post("/v1/dex/tokens/batch-query", "{}"));
    refused(&post("/v1/dex/new/list", r#"{"pageSize":101}"#));
    refused(&post("/v1/dex/new/list", r#"{"sortBy":"beauty"}"#));
    refused(&post("/v1/dex/new/list", r#"{"platformIds":["moon"]}"#));
    assert_eq!(get("/v1/dex/meme/list").code(), 405);
    assert_eq!(post("/v1/dex/token", "{}").code(), 405);
}

#[test]
fn multipliers_have_a_status_of_their_own() {
    // Would break: readers of `category` and `error_detail`.
    let got = get("/v2/dex/multiplier?platform=moon");
    let status = &got.json["status"];
    assert_eq!((got.http, got.code(), got.message()), (400, 4001, "Invalid parameter"));
    assert_eq!((&status["category"], got.credits()), (&json!("VALIDATION"), 0));
    assert!(status["error_detail"].is_string());
    let all = get("/v2/dex/multiplier?limit=3");
    assert_eq!((all.credits(), all.data()["has_more"].as_bool()), (0, Some(true)));
    let one = &all.data()["items"][0];
    let target =
        format!("/v2/dex/multiplier?token_address={}", one["token_address"].as_str().unwrap());
    assert_eq!(get(&target).data()["items"][0], *one);
    assert_eq!(get(&format!("/v2/dex/multiplier?token_address={TETHER}")).http, 200);
}

#[test]
fn what_answers_without_a_key_is_as_documented() {
    // Would break: keyless callers.
    let open = ["/v1/dex/platform/list", "/v4/dex/spot-pairs/latest?network_slug=base"];
    let closed = ["/v4/dex/networks/list", "/v2/dex/multiplier", "/v5/real-world-assets/map"];
    let code = |target: &str| get_from(&SHARED, &format!("/public-api{target}"), None).code();
    assert!(open.iter().all(|target| code(target) == 0));
    assert!(closed.iter().all(|target| code(target) == 1005));
}

#[test]
fn searches_find_names_symbols_and_addresses() {
    // Would break: the way into this family.
    let by_symbol = get("/v1/dex/search?q=usdt&limit=5");
    let tokens = by_symbol.data()["tks"].as_array().unwrap();
    assert_eq!(tokens.len(), 5);
    assert!(by_symbol.data()["total"].as_u64().unwrap() >= 12, "one for each chain");
    let by_address = get(&format!("/v1/dex/search?q={TETHER}&platform=1"));
    assert_eq!(by_address.data()["total"], 1);
    assert_eq!(by_address.data()["tks"][0]["sym"], "USDT");
    let bar = get(&format!("/v1/dex/security/detail?platformName=1&address={TETHER}"));
    assert_eq!(bar.data()[0]["securityItems"].as_array().unwrap().len(), 8);
    let chains = get("/v1/dex/platform/list");
    assert_eq!(chains.data().as_array().unwrap().len(), 12);
    let points = get(&format!("/v1/dex/token-liquidity/query?{OF_TETHER}&limit=4&needLatest=true"));
    let token = get(&format!("/v1/dex/token?{OF_TETHER}"));
    assert_eq!(points.data().as_array().unwrap().len(), 5);
    let now = amount(&points.data()[4]["l"]);
    assert!((now / amount(&token.data()["liqUsd"]) - 1.0).abs() < 1e-9);
}
