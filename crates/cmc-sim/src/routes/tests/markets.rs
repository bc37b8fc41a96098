//! Market pairs and exchanges.

use crate::testing::{Got, check_refused, get};

fn pairs(query: &str) -> Got {
    get(&format!("/v2/cryptocurrency/market-pairs/latest?{query}"))
}

fn rows(got: &Got) -> &[serde_json::Value] {
    got.data()["market_pairs"].as_array().unwrap()
}

#[test]
fn pairs_show_by_aux_what_they_hold() {
    // Would break: the fields of pairs.
    let got = pairs("id=1&limit=2&convert=EUR");
    let top = ["id", "name", "symbol", "num_market_pairs", "market_pairs"];
    assert_eq!(got.keys(&["data"]), top);
    let pair = &rows(&got)[0];
    assert!(pair["category"].is_string() && pair.get("market_url").is_none());
    assert!(pair["quote"]["exchange_reported"]["volume_24h_base"].is_number());
    assert!(pair["quote"]["EUR"].get("price_quote").is_none());
    let more = pairs("id=1&limit=1&aux=market_url,price_quote,currency_name,notice,market_score");
    let pair = &rows(&more)[0];
    assert!(more.data().get("num_market_pairs").is_none() && pair.get("fee_type").is_none());
    assert!(pair["market_url"].is_string() && pair["quote"]["USD"]["price_quote"].is_number());
    assert!(pair["market_pair_base"]["currency_name"].is_string());
    assert!(pair["exchange"].get("notice").is_some());
    assert!(pair["quote"]["exchange_reported"]["market_score"].is_number());
}

#[test]
fn pairs_are_sorted_filtered_and_counted() {
    // Would break: filters, and what is counted and paid.
    let all = pairs("symbol=btc&limit=5000");
    let n_pairs = all.data()["num_market_pairs"].as_u64().unwrap();
    assert_eq!((rows(&all).len() as u64, all.credits()), (n_pairs, n_pairs.div_ceil(250)));
    let volume = |row: &serde_json::Value| row["quote"]["USD"]["volume_24h"].as_f64().unwrap();
    assert!(rows(&all).iter().map(volume).collect::<Vec<_>>().is_sorted_by(|a, b| a >= b));
    let count = |filter: &str| pairs(&format!("id=1&{filter}")).data()["num_market_pairs"].as_u64();
    assert_eq!(count("category=spot").unwrap() + count("category=derivatives").unwrap(), n_pairs);
    assert_eq!(count("matched_id=825,2781"), count("matched_symbol=usdt,USD"));
    assert_eq!(count("matched_id=1"), Some(0));
    let path = "/v1/cryptocurrency/market-pairs/latest";
    check_refused(&format!("{path}?slug=bitcoin,tether"), "Invalid value for \"slug\": \"tether\"");
    let several = "Invalid values for \"symbol\": \"ETH,SOL\"";
    check_refused(&format!("{path}?symbol=btc,eth,sol"), several);
    let peers =
        "\"value\" contains a conflict between exclusive peers [matched_id, matched_symbol]";
    check_refused(&format!("{path}?id=1&matched_id=1&matched_symbol=USD"), peers);
}

#[test]
fn a_coin_and_its_exchange_tell_of_the_same_pairs() {
    // Would break: one market with two prices.
    let of_coin = pairs("id=1027&limit=5000");
    let of_exchange = get("/v1/exchange/market-pairs/latest?slug=kraken&limit=5000");
    let theirs = rows(&of_exchange);
    let shared: Vec<_> =
        rows(&of_coin).iter().filter(|pair| pair["exchange"]["slug"] == "kraken").collect();
    assert!(!shared.is_empty());
    for pair in shared {
        let other = theirs.iter().find(|other| other["market_id"] == pair["market_id"]).unwrap();
        assert_eq!(other["quote"]["USD"], pair["quote"]["USD"]);
        assert!(other.get("exchange").is_none());
        assert!(other["quote"]["exchange_reported"]["volume_percentage"].is_number());
    }
    let counted = get("/v1/exchange/quotes/latest?slug=kraken");
    let n_pairs = &counted.data()["kraken"]["num_market_pairs"];
    assert_eq!(
        (n_pairs, theirs.len() as u64),
        (&of_exchange.data()["num_market_pairs"], n_pairs.as_u64().unwrap())
    );
}

#[test]
fn exchanges_are_keyed_as_asked_and_never_skipped() {
    // Would break: results of exchanges.
    let path = "/v1/exchange/quotes/latest";
    assert_eq!(get(&format!("{path}?slug=kraken,binance")).keys(&["data"]), ["kraken", "binance"]);
    let got = get(&format!("{path}?id=270&convert=USD,EUR&aux=liquidity_score"));
    assert_eq!((got.keys(&["data"]), got.credits()), (vec!["270".to_owned()], 2));
    let exchange = &got.data()["270"];
    assert!(exchange["liquidity_score"].is_number() && exchange.get("rank").is_none());
    check_refused(&format!("{path}?id=270,9"), "Invalid value for \"id\": \"9\"");
    let listed = get("/v1/exchange/listings/latest?limit=5000");
    assert_eq!(listed.column("rank")[..3], ["1", "2", "3"]);
    assert!(listed.column("exchange_score").iter().all(|score| score == "null"));
    assert!(listed.data()[0].get("fiats").is_none());
    let names = get("/v1/exchange/listings/latest?sort=name&limit=5000").column("name");
    assert!(names.is_sorted_by_key(|name| name.to_lowercase()));
}

#[test]
fn wallets_are_told_at_the_price_of_now() {
    // Would break: exchange/assets.
    let got = get("/v1/exchange/assets?id=270");
    let wallets = got.data().as_array().unwrap();
    assert!(!wallets.is_empty());
    for wallet in wallets {
        let price = wallet["currency"]["price_usd"].as_f64().unwrap();
        assert!(price * wallet["balance"].as_f64().unwrap() > 1.0e5, "{wallet}");
        assert!(
            wallet["platform"]["crypto_id"].is_number() && wallet["wallet_address"].is_string()
        );
    }
    check_refused("/v1/exchange/assets", "\"id\" is required");
}
