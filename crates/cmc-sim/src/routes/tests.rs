mod candles;
mod community;
mod indices;
mod lists;
mod markets;
mod series;

use serde_json::Value;

use crate::core::Core;
use crate::testing::{self, Got, get};

fn quotes(version: u8, query: &str) -> Got {
    get(&format!("/v{version}/cryptocurrency/quotes/latest?{query}"))
}

/// Where the keys of an object stand in its text, which JSON values forget.
fn places(text: &str, names: &[&str]) -> Vec<usize> {
    names.iter().map(|name| text.find(&format!("\"{name}\":")).expect(name)).collect()
}

#[test]
fn the_classic_envelope_is_pretty_and_starts_with_status() {
    // Would break: clients that match on the text of v1 and v2.
    let got = quotes(2, "id=1");
    let head = "{\n    \"status\": {\n        \
        \"timestamp\": \"2026-10-05T09:14:31.207Z\",\n        \
        \"error_code\": 0,\n        \"error_message\": null,\n        \"elapsed\": ";
    assert!(got.text.starts_with(head), "{}", got.text);
    assert!(got.text.contains("\"credit_count\": 1,\n        \"notice\": null\n    },"));
    let refused = quotes(2, "id=x");
    assert!(refused.text.contains("\"error_code\": 400,"), "{}", refused.text);
    assert_eq!(refused.keys(&[]), ["status"]);
}

#[test]
fn the_java_envelope_is_compact_and_ends_with_status() {
    // Would break: typed clients of v3, where the code is a string.
    let got = quotes(3, "id=1");
    assert!(got.text.starts_with("{\"data\":[{\"tags\":[{\"slug\":"), "{}", got.text);
    assert!(got.text.contains(",\"error_code\":\"0\",\"error_message\":\"\",\"elapsed\":"));
    assert!(got.text.ends_with(",\"credit_count\":1}}"));
    let refused = quotes(3, "id=x").text;
    assert!(refused.starts_with("{\"status\":{\"timestamp\":"));
    assert!(refused.contains("\"error_code\":\"400\""));
}

#[test]
fn each_path_answers_in_the_style_of_its_stack() {
    // Would break: the assignment of paths to stacks.
    let java = [
        "/v3/cryptocurrency/listings/latest",
        "/v2/simple/price?id=1",
        "/v1/global-metrics/quotes/latest",
        "/v3/fear-and-greed/latest",
    ];
    let classic = [
        "/v1/cryptocurrency/map?limit=1",
        "/v2/cryptocurrency/info?id=1",
        "/v1/simple/price?ids=1",
        "/v1/fiat/map",
        "/v1/key/info",
        "/v1/exchange/map",
        "/v1/exchange/info?id=270",
        "/v2/tools/price-conversion?amount=1&id=1",
    ];
    assert!(java.iter().all(|target| get(target).text.starts_with("{\"data\":")));
    assert!(classic.iter().all(|target| get(target).text.starts_with("{\n    \"status\": {")));
}

#[test]
fn results_are_keyed_as_each_version_keys_them() {
    // Would break: the part every client gets wrong.
    for version in [1, 2] {
        assert_eq!(quotes(version, "id=1027,1,01,1").keys(&["data"]), ["1027", "1"]);
        assert_eq!(quotes(version, "slug=solana,bitcoin").keys(&["data"]), ["5426", "1"]);
        assert_eq!(quotes(version, "symbol=eth,BTC,Eth").keys(&["data"]), ["ETH", "BTC"]);
    }
    assert_eq!(quotes(1, "symbol=btc").data()["BTC"]["id"], 1);
    assert_eq!(quotes(2, "symbol=btc").data()["BTC"][0]["id"], 1);
    assert_eq!(quotes(3, "id=1027,1,1027").column("id"), ["1027", "1"]);
    assert_eq!(quotes(3, "slug=solana,bitcoin").column("id"), ["5426", "1"]);
    assert!(quotes(3, "symbol=BTC").data().as_array().unwrap().len() > 1);
    assert_eq!(quotes(1, "id=1&slug=solana&symbol=ETH").keys(&["data"]), ["1"]);
    assert_eq!(get("/v1/exchange/info?slug=kraken,binance").keys(&["data"]), ["kraken", "binance"]);
    assert_eq!(get("/v1/exchange/info?id=270").keys(&["data"]), ["270"]);
}

#[test]
fn namesakes_come_largest_first_and_dead_ones_last() {
    // Would break: clients that index with [0].
    let got = quotes(2, "symbol=BTC");
    let rows = got.data()["BTC"].as_array().unwrap();
    let caps: Vec<f64> =
        rows.iter().map(|row| row["quote"]["USD"]["market_cap"].as_f64().unwrap_or(0.0)).collect();
    assert!(caps.len() > 3 && caps.is_sorted_by(|a, b| a >= b), "{caps:?}");
    assert_eq!(
        quotes(3, "symbol=BTC").column("id"),
        rows.iter().map(|row| row["id"].to_string()).collect::<Vec<_>>()
    );
    assert_eq!(quotes(1, "symbol=GEL").data()["GEL"]["is_fiat"], 1);
    assert_eq!(quotes(2, "symbol=GEL").data()["GEL"][0]["id"], 3539);
}

#[test]
fn unknown_identifiers_are_skipped_by_each_version_in_its_way() {
    // Would break: "not found" in v3, which is silent.
    assert_eq!(quotes(2, "id=1,99999999").keys(&["data"]), ["1"]);
    let nothing = quotes(2, "symbol=ZZZNOTACOIN");
    assert_eq!(
        (nothing.http, nothing.message()),
        (400, "Invalid value for \"symbol\": \"ZZZNOTACOIN\"")
    );
    let silent = quotes(3, "symbol=ZZZNOTACOIN");
    assert_eq!((silent.http, silent.data().to_string(), silent.credits()), (200, "[]".into(), 1));
    assert_eq!(get("/v2/simple/price?id=99999999").data().to_string(), "[]");
    assert_eq!(get("/v1/simple/price?ids=99999999").data().to_string(), "[]");
    let info = get("/v2/cryptocurrency/info?id=99999999&skip_invalid=true");
    assert_eq!((info.http, info.data().to_string()), (200, "{}".into()));
    assert_eq!(quotes(3, "id=1,99999999&skip_invalid=false").http, 400);
}

#[test]
fn aux_replaces_the_default_fields() {
    // Would break: callers who ask for less, and the reading of what is always there.
    for version in [1, 2, 3] {
        let got = quotes(version, "id=1&aux=cmc_rank,volume_7d,market_cap_by_total_supply");
        let coin = if version == 3 { &got.data()[0] } else { &got.data()["1"] };
        let quote = if version == 3 { &coin["quote"][0] } else { &coin["quote"]["USD"] };
        for name in ["tags", "platform", "date_added", "max_supply", "is_active", "is_fiat"] {
            assert!(coin.get(name).is_none(), "{version} {name}");
        }
        assert_eq!(coin["cmc_rank"], 1);
        assert!(coin.get("tvl_ratio").is_some() && coin.get("infinite_supply").is_some());
        assert!(quote["volume_7d"].is_number() && quote.get("volume_30d").is_none());
        let holder = if version == 3 { quote } else { coin };
        assert!(holder["market_cap_by_total_supply"].is_number());
    }
    let v1 = get("/v1/cryptocurrency/listings/latest?limit=1");
    let v3 = get("/v3/cryptocurrency/listings/latest?limit=1&aux=tags");
    assert!(v1.data()[0].get("is_active").is_none());
    assert_eq!((&v3.data()[0]["is_active"], &v3.data()[0]["is_fiat"]), (&1.into(), &0.into()));
    assert!(v1.data()[0]["tags"][0].is_string() && v3.data()[0]["tags"][0].is_string());
    assert!(quotes(1, "id=1").data()["1"]["tags"][0].is_string());
    assert!(quotes(2, "id=1").data()["1"]["tags"][0]["category"].is_string());
}

#[test]
fn keys_come_in_the_order_of_the_live_api() {
    // Would break: comparing texts with recorded answers.
    let order = [
        "tags",
        "name",
        "is_active",
        "infinite_supply",
        "circulating_supply",
        "total_supply",
        "max_supply",
        "date_added",
        "num_market_pairs",
        "cmc_rank",
        "tvl_ratio",
        "platform",
        "self_reported_circulating_supply",
        "self_reported_market_cap",
        "quote",
        "price",
        "volume_24h",
        "volume_change_24h",
        "cex_volume_24h",
        "percent_change_1h",
        "percent_change_90d",
        "market_cap",
        "market_cap_dominance",
        "fully_diluted_market_cap",
        "tvl",
    ];
    let text = quotes(3, "id=1").text;
    let found = places(&text, &order);
    assert!(found.is_sorted(), "{found:?}");
}

#[test]
fn numbers_have_one_text_in_all_versions() {
    // Would break: a gateway that answers one version from the entries of another.
    let number = |text: &str, name: &str| -> Vec<String> {
        text.split(&format!("\"{name}\":"))
            .skip(1)
            .map(|rest| rest.split([',', '\n', '}']).next().unwrap().trim().to_owned())
            .collect()
    };
    let query = "id=5994&convert=EUR,BTC";
    let v3 = quotes(3, query).text;
    let others = [
        quotes(1, query).text,
        quotes(2, query).text,
        get("/v1/cryptocurrency/listings/latest?limit=200&convert=EUR,BTC").text,
    ];
    for name in ["price", "volume_24h", "percent_change_7d", "fully_diluted_market_cap"] {
        let expected = number(&v3, name);
        assert_eq!(expected.len(), 2);
        assert_eq!(number(&others[0], name), expected);
        assert_eq!(number(&others[1], name), expected);
        assert!(expected.iter().all(|text| number(&others[2], name).contains(text)), "{name}");
    }
    let simple = get("/v2/simple/price?id=5994&convert=EUR,BTC").text;
    assert_eq!(number(&simple, "price"), number(&v3, "price"));
    let converted = get("/v2/tools/price-conversion?amount=1&id=5994&convert=EUR,BTC").text;
    assert_eq!(number(&converted, "price"), number(&v3, "price"));
}

#[test]
fn converts_are_keyed_as_they_were_passed() {
    // Would break: `quote` maps.
    let got = quotes(2, "id=1&convert=eur,Btc,EUR");
    assert_eq!(got.keys(&["data", "1", "quote"]), ["EUR", "BTC"]);
    assert_eq!(got.data()["1"]["quote"]["BTC"]["price"], 1);
    let got = quotes(2, "id=1&convert_id=2790,1027");
    assert_eq!(got.keys(&["data", "1", "quote"]), ["2790", "1027"]);
    let got = quotes(3, "id=1&convert_id=2790");
    assert_eq!(got.data()[0]["quote"][0]["symbol"], "EUR");
    let price = get("/v2/simple/price?id=1&convert_id=2790,1");
    assert_eq!(price.data()[0]["quotes"][1]["symbol"], "BTC");
}

#[test]
fn dead_coins_answer_with_nulls_and_zeros() {
    // Would break: the null fields clients stumble over.
    let dead = get("/v1/cryptocurrency/map?listing_status=inactive,untracked&aux=status");
    let id = |word: &str| {
        let rows = dead.data().as_array().unwrap();
        rows.iter().find(|row| row["status"] == word).unwrap()["id"].as_u64().unwrap()
    };
    let inactive = quotes(3, &format!("id={}", id("inactive")));
    let coin = &inactive.data()[0];
    assert_eq!((&coin["cmc_rank"], &coin["is_active"]), (&Value::Null, &0.into()));
    assert_eq!(coin["quote"][0]["price"], Value::Null);
    assert_eq!(coin["quote"][0]["market_cap"], 0);
    let untracked = quotes(2, &format!("id={}", id("untracked")));
    let quote = &untracked.data()[id("untracked").to_string()]["quote"]["USD"];
    assert_eq!((&quote["market_cap"], &quote["percent_change_1h"]), (&Value::Null, &Value::Null));
}

#[test]
fn listings_page_sort_and_filter() {
    // Would break: everything built on listings.
    let listings = |query: &str| get(&format!("/v3/cryptocurrency/listings/latest?{query}"));
    assert_eq!(listings("limit=3").column("cmc_rank"), ["1", "2", "3"]);
    assert_eq!(listings("start=3&limit=2").column("cmc_rank"), ["3", "4"]);
    assert_eq!(listings("").data().as_array().unwrap().len(), 100);
    let beyond = listings("start=99999");
    assert_eq!((beyond.data().to_string(), beyond.credits()), ("[]".into(), 1));
    let price = |row: &Value, name: &str| row["quote"][0][name].as_f64().unwrap();
    for (query, name, is_rising) in [
        ("sort=price", "price", false),
        ("sort=price&sort_dir=asc", "price", true),
        ("sort=percent_change_7d", "percent_change_7d", false),
        ("sort=volume_24h&sort_dir=asc", "volume_24h", true),
    ] {
        let got = listings(query);
        let values: Vec<f64> =
            got.data().as_array().unwrap().iter().map(|row| price(row, name)).collect();
        let in_order = |a: &f64, b: &f64| if is_rising { a <= b } else { a >= b };
        assert!(values.is_sorted_by(in_order), "{query} {values:?}");
    }
    let names = listings("sort=name&limit=500").column("name");
    assert!(names.is_sorted_by_key(|name| name.trim_matches('"').to_lowercase()));
    let last = listings("sort=max_supply&sort_dir=asc&start=5000&limit=5000");
    assert_eq!(last.column("max_supply").last().unwrap(), "null");
    let dear = listings("price_min=1000&price_max=5000&convert=EUR");
    assert!(dear.column("id").contains(&"1027".to_owned()));
    let count = |query: &str| listings(query).data().as_array().unwrap().len();
    assert_eq!(
        count("cryptocurrency_type=coins&limit=5000&market_cap_min=1e11")
            + count("cryptocurrency_type=tokens&limit=5000&market_cap_min=1e11"),
        count("limit=5000&market_cap_min=1e11")
    );
    let memes = listings("tag=memes&limit=10");
    assert!(
        memes
            .data()
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["tags"].to_string().contains("\"memes\""))
    );
    let v1 = get("/v1/cryptocurrency/listings/latest?limit=1&price_min=1");
    assert_eq!(v1.json["status"]["total_count"], testing::SHARED.market.n_active);
}

#[test]
fn the_map_lists_pages_ranks_and_finds_namesakes() {
    // Would break: symbol resolution in gateways.
    let map = |query: &str| get(&format!("/v1/cryptocurrency/map?{query}"));
    let whole = map("");
    assert_eq!(whole.data().as_array().unwrap().len() as u64, testing::SHARED.market.n_active);
    assert_eq!(whole.credits(), 0);
    assert_eq!(map("sort=cmc_rank&limit=2&start=2").column("rank"), ["2", "3"]);
    let mixed = map("sort=cmc_rank&listing_status=active,inactive&start=8300");
    assert_eq!(mixed.column("rank").last().unwrap(), "null");
    let namesakes = map("symbol=btc&limit=1&listing_status=inactive&aux=status");
    let ids: Vec<u64> = namesakes.column("id").iter().map(|id| id.parse().unwrap()).collect();
    assert!(ids.len() > 3 && ids.is_sorted(), "{ids:?}");
    assert!(namesakes.data()[0].get("platform").is_none());
    assert_eq!(namesakes.data()[0]["status"], "active");
}

#[test]
fn info_strips_by_aux_and_finds_addresses() {
    // Would break: strict readers of v2 info.
    let got = get("/v2/cryptocurrency/info?id=825");
    let coin = &got.data()["825"];
    assert_eq!((&coin["platform"]["id"], &coin["category"]), (&"1027".into(), &"token".into()));
    for name in ["notice", "subreddit", "twitter_username", "logo"] {
        assert!(coin[name].is_string(), "{name}");
    }
    let address = coin["contract_address"][0]["contract_address"].as_str().unwrap();
    let same = get(&format!("/v2/cryptocurrency/info?address={address}&aux=status"));
    assert_eq!(same.keys(&["data"]), ["825"]);
    let bare = &same.data()["825"];
    assert!(bare.get("urls").is_none() && bare.get("tag-names").is_some());
    assert_eq!(bare["status"], "active");
    assert!(get("/v2/cryptocurrency/info?symbol=BTC").data()["BTC"].is_array());
    assert_eq!(get("/v1/cryptocurrency/info?symbol=btc").data()["BTC"]["id"], 1);
}

#[test]
fn simple_price_tells_what_was_asked_for() {
    // Would break: the smallest and most used of all answers.
    let got = get("/v2/simple/price?symbol=eth,BTC&include_all=true&precision=2");
    assert_eq!(got.column("id"), ["1027", "1"]);
    let text = got.data()[0]["quotes"][0]["price"].to_string();
    assert!(text.split('.').nth(1).is_none_or(|digits| digits.len() <= 2), "{text}");
    let found = places(
        &got.text,
        &["price", "market_cap", "volume_24h", "percent_change_24h", "last_updated"],
    );
    assert!(found.is_sorted());
    let v1 = get("/v1/simple/price?ids=1,2781&include_volume_24h=true");
    assert_eq!(v1.column("id"), ["1", "2781"]);
    assert!(v1.data()[0]["volume_24h"].is_number() && v1.data()[0].get("market_cap").is_none());
}

#[test]
fn conversion_answers_an_object_or_a_list() {
    // Would break: clients of v2 by symbol.
    let v2 = get("/v2/tools/price-conversion?amount=2.5&symbol=SOL&convert=USD,EUR");
    assert_eq!((&v2.data()[0]["id"], &v2.data()[0]["amount"]), (&5426.into(), &2.5.into()));
    assert_eq!(v2.credits(), 2);
    let v1 = get("/v1/tools/price-conversion?amount=10&symbol=USD&convert=EUR");
    assert_eq!(v1.data()["id"], 2781);
}

#[test]
fn the_smaller_maps_are_complete() {
    // Would break: lists of currencies and exchanges.
    assert_eq!(get("/v1/fiat/map").data().as_array().unwrap().len(), 93);
    let metals = get("/v1/fiat/map?include_metals=true&start=94");
    assert_eq!(metals.column("symbol"), ["\"XAG\"", "\"XAU\"", "\"XPD\"", "\"XPT\""]);
    let exchanges = get("/v1/exchange/map?sort=volume_24h&limit=1");
    assert_eq!(exchanges.column("id"), ["270"]);
    assert_eq!(get("/v1/exchange/map?slug=kraken").column("id"), ["24"]);
    assert!(get("/v1/exchange/map").data().as_array().unwrap().len() >= 200);
    let global = get("/v1/global-metrics/quotes/latest?convert=USD,EUR");
    assert_eq!(global.keys(&["data", "quote"]), ["USD", "EUR"]);
    assert!(global.data()["btc_dominance"].as_f64().unwrap() > 40.0);
    assert!(get("/v3/fear-and-greed/latest").data()["value"].as_u64().unwrap() <= 100);
}

#[test]
fn the_same_seed_and_instant_give_the_same_bytes() {
    // Would break: determinism, as a caller sees it.
    let other = Core::new(&testing::generous(1));
    let strange = Core::new(&testing::generous(2));
    let data = |text: &str| text.split("\"status\"").next().unwrap().to_owned();
    let target = "/v3/cryptocurrency/listings/latest?limit=500&convert=EUR";
    let mine = data(&get(target).text);
    assert_eq!(mine, data(&testing::get_from(&other, target, Some("k")).text));
    assert_ne!(mine, data(&testing::get_from(&strange, target, Some("k")).text));
}
