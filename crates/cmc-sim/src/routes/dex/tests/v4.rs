use serde_json::Value;

use super::refused;
use crate::core::Core;
use crate::testing::{generous, get, get_from};

const SPOT: &str = "/v4/dex/spot-pairs/latest";
const POOL: &str =
    "network_slug=ethereum&contract_address=0x0d4a11d5eeaac28ec3f61d100daf4d40471f1852";

/// All rows, page by page, by cursor.
fn scroll(core: &Core, query: &str, limit: usize, mut between: impl FnMut()) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    let mut cursor = String::new();
    loop {
        let target = format!("{SPOT}?{query}&limit={limit}{cursor}");
        let got = get_from(core, &target, Some("k"));
        let page = got.data().as_array().unwrap().clone();
        let Some(last) = page.last() else {
            return rows;
        };
        cursor = format!("&scroll_id={}", last["scroll_id"].as_str().unwrap());
        let address = |row: &Value| row["contract_address"].as_str().unwrap().to_owned();
        rows.extend(page.iter().map(address));
        between();
    }
}

#[test]
fn scrolling_reaches_every_pool_once_even_while_the_market_moves() {
    // Would break: whoever collects all pools of a chain.
    let core = Core::new(&generous(1));
    let still = scroll(&core, "network_slug=base", 100, || {});
    let moving = scroll(&core, "network_slug=base", 7, || {
        core.clock.advance(std::time::Duration::from_secs(90));
    });
    assert!(still.len() > 30, "{}", still.len());
    assert_eq!(moving, still);
    refused(&get(&format!("{SPOT}?network_slug=base&scroll_id=what")));
}

#[test]
fn filters_of_pools_are_obeyed() {
    // Would break: a filter that is read and forgotten.
    let all = get(&format!("{SPOT}?network_id=1&limit=100"));
    let of = |row: &Value, name: &str| row["quote"][0][name].as_f64().unwrap();
    let rows = all.data().as_array().unwrap();
    assert!(rows.is_sorted_by(|a, b| of(a, "volume_24h") >= of(b, "volume_24h")));
    let bar = of(&rows[40], "liquidity");
    let query = format!("network_id=1&liquidity_min={bar}&sort=liquidity&sort_dir=asc");
    let rich = get(&format!("{SPOT}?{query}"));
    let rich = rich.data().as_array().unwrap();
    assert!(!rich.is_empty() && rich.iter().all(|row| of(row, "liquidity") >= bar * 0.999_999));
    assert!(rich.is_sorted_by(|a, b| of(a, "liquidity") <= of(b, "liquidity")));
    let dex = get(&format!("{SPOT}?dex_slug=uniswap-v3&quote_asset_symbol=usdt"));
    let dex = dex.data().as_array().unwrap();
    assert!(!dex.is_empty());
    assert!(dex.iter().all(|row| row["dex_slug"] == "uniswap-v3"));
    assert!(dex.iter().all(|row| row["quote_asset_symbol"] == "USDT"));
    refused(&get(SPOT));
    refused(&get(&format!("{SPOT}?network_id=1&sort=beauty")));
    refused(&get(&format!("{SPOT}?network_id=1&aux=beauty")));
}

#[test]
fn a_pool_is_written_with_the_documented_keys() {
    // Would break: typed readers of v4.
    let got = get(&format!("/v4/dex/pairs/quotes/latest?{POOL}"));
    let text = got.data()[0].to_string();
    let row = &got.data()[0];
    for name in ["base_asset_id", "base_asset_ucid", "quote_asset_contract_address", "created_at"] {
        assert!(row.get(name).is_some(), "{name}: {text}");
    }
    assert_eq!(
        (row["network_id"].as_str(), row["quote"][0]["convert_id"].as_str()),
        (Some("1"), Some("2781"))
    );
    assert!(row.get("24h_no_of_buys").is_none() && row["quote"][0].get("24h_buy_volume").is_none());
    let aux = "24h_no_of_buys,24h_buy_volume,24h_sell_volume,pool_created,security_scan";
    let got = get(&format!("/v4/dex/pairs/quotes/latest?{POOL}&aux={aux}&convert_id=2781,2790"));
    let row = &got.data()[0];
    assert!(row["24h_no_of_buys"].is_number() && row["security_scan"].is_array());
    let quote = &row["quote"][0];
    let sum =
        quote["24h_buy_volume"].as_f64().unwrap() + quote["24h_sell_volume"].as_f64().unwrap();
    assert!((sum / quote["volume_24h"].as_f64().unwrap() - 1.0).abs() < 1e-9);
    assert_eq!((row["quote"].as_array().unwrap().len(), got.credits()), (2, 1), "flat");
}

#[test]
fn reversed_pools_turn_their_sides() {
    // Would break: readers that ask for the price of the other side.
    let plain = get(&format!("/v4/dex/pairs/quotes/latest?{POOL}"));
    let turned = get(&format!("/v4/dex/pairs/quotes/latest?{POOL}&reverse_order=true"));
    let (plain, turned) = (&plain.data()[0], &turned.data()[0]);
    assert_eq!(plain["base_asset_ucid"], turned["quote_asset_ucid"]);
    let rate = |row: &Value| row["quote"][0]["price_by_quote_asset"].as_f64().unwrap();
    assert!((rate(plain) * rate(turned) - 1.0).abs() < 1e-6);
    assert_eq!(plain["quote"][0]["volume_24h"], turned["quote"][0]["volume_24h"]);
}

#[test]
fn finished_candles_end_where_the_next_begin() {
    // Would break: charts of pools.
    let target = format!("/v4/dex/pairs/ohlcv/historical?{POOL}&time_period=hourly&interval=1h");
    let got = get(&format!("{target}&count=5"));
    let candles = got.data()[0]["quotes"].as_array().unwrap();
    assert_eq!(candles.len(), 5);
    assert_eq!(candles[4]["time_open"], "2026-10-05T08:00:00.000Z");
    assert_eq!(candles[4]["time_close"], "2026-10-05T08:59:59.999Z");
    for pair in candles.windows(2) {
        assert_eq!(pair[0]["quote"][0]["close"], pair[1]["quote"][0]["open"]);
    }
    let window = "time_start=2026-10-04T00:00:00Z&time_end=2026-10-04T03:00:00Z";
    let got = get(&format!("{target}&{window}"));
    assert_eq!(got.data()[0]["quotes"].as_array().unwrap().len(), 3, "after, and by");
    let running = get(&format!("/v4/dex/pairs/ohlcv/latest?{POOL}"));
    let price = get(&format!("/v4/dex/pairs/quotes/latest?{POOL}"));
    assert_eq!(running.data()[0]["quote"][0]["close"], price.data()[0]["quote"][0]["price"]);
    refused(&get(&format!("{target}&count=501")));
    refused(&get(&format!("{target}&time_start=yesterday")));
}

#[test]
fn unknown_pools_are_skipped_where_that_is_the_default() {
    // Would break: callers that pass a list.
    let with = format!("{POOL},0x01");
    assert_eq!(
        get(&format!("/v4/dex/pairs/trade/latest?{with}")).data().as_array().unwrap().len(),
        1
    );
    refused(&get(&format!("/v4/dex/pairs/quotes/latest?{with}")));
    let skipped = get(&format!("/v4/dex/pairs/quotes/latest?{with}&skip_invalid=true"));
    assert_eq!(skipped.data().as_array().unwrap().len(), 1);
    let trades = get(&format!("/v4/dex/pairs/trade/latest?{POOL}&aux=transaction_hash"));
    let trade = &trades.data()[0]["trades"][0];
    assert!(
        trade["transaction_hash"].is_string() && trade.get("blockchain_explorer_link").is_none()
    );
}

#[test]
fn exchanges_share_the_whole_market() {
    // Would break: market shares.
    let got = get("/v4/dex/listings/quotes?limit=50");
    let rows = got.data().as_array().unwrap();
    assert_eq!(rows.len(), 40);
    let sum: f64 = rows.iter().map(|row| row["market_share"].as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-6);
    let swaps = get("/v4/dex/listings/quotes?type=aggregator").data().as_array().unwrap().len();
    assert!((1..40).contains(&swaps));
    let info = get("/v4/dex/listings/info?id=2,1,2&aux=urls");
    assert_eq!(info.column("id"), ["\"2\"", "\"1\""]);
    refused(&get("/v4/dex/listings/info?id=41"));
    let networks = get("/v4/dex/networks/list?sort_dir=asc&limit=2&start=2&aux=cryptocurrencySlug");
    assert_eq!(networks.column("network_slug"), ["\"tron\"", "\"bsc\""]);
    assert_eq!(networks.data()[1]["cryptocurrencySlug"], "bnb");
}
