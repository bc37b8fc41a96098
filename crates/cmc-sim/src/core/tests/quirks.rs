//! Each quirk changes what it says it changes.

use crate::config::{KeyConfig, Plan};
use crate::core::{Arrival, Core};
use crate::quirks::Quirks;
use crate::testing::{Got, frozen, generous, get_from};

const FIATS: &str = "/v1/fiat/map?limit=1";
const QUOTE: &str = "/v3/cryptocurrency/quotes/latest?id=1";

/// A simulator with these quirks.
fn with(quirks: &[(&str, &str)]) -> Core {
    let mut config = generous(1);
    config.quirks = set(quirks);
    Core::new(&config)
}

fn set(quirks: &[(&str, &str)]) -> Quirks {
    let mut all = Quirks::default();
    for (name, value) in quirks {
        all.set(name, value).unwrap();
    }
    all
}

/// One request of the key `k` to a simulator with one quirk.
fn get(name: &str, value: &str, target: &str) -> Got {
    get_from(&with(&[(name, value)]), target, Some("k"))
}

#[track_caller]
fn check(got: &Got, http: u16, code: u64, message: &str) {
    assert_eq!((got.http, got.code(), got.message()), (http, code, message));
}

#[test]
fn unknown_path() {
    let core = with(&[("unknown_path", "by_key")]);
    assert_eq!(get_from(&core, "/v9/x", Some("k")).http, 200);
    check(&get_from(&core, "/v9/x", Some("no")), 404, 404, "Not Found");
    assert_eq!(get("unknown_path", "not_found_404", "/v9/x").http, 404);
}

#[test]
fn validation_before_key() {
    let core = with(&[("validation_before_key", "true")]);
    assert_eq!(get_from(&core, "/v1/fiat/map?limit=0", None).http, 400);
    assert_eq!(get_from(&core, FIATS, None).code(), 1002);
}

#[test]
fn key_wins() {
    let target = format!("{FIATS}&CMC_PRO_API_KEY=b");
    let core = with(&[("key_wins", "query")]);
    assert_eq!(get_from(&core, &target, Some("nobody")).http, 200);
    assert_eq!(core.meter.bill().keys["b"].calls, 1);
    assert_eq!(get_from(&with(&[]), &target, Some("nobody")).code(), 1001);
}

/// Credits used according to `key/info`, and the requests of the minute.
fn minute(quirk: (&str, &str)) -> u64 {
    let mut config = frozen(vec![KeyConfig { rpm: 3, ..KeyConfig::new("k", Plan::Startup) }]);
    config.quirks = set(&[quirk]);
    let core = Core::new(&config);
    (0..5).for_each(|_| drop(get_from(&core, FIATS, Some("k"))));
    core.meter.usage("k", core.clock.now_ms()).unwrap().minute_used
}

#[test]
fn count_rejected_requests() {
    assert_eq!(minute(("count_rejected_requests", "false")), 3);
    assert_eq!(minute(("count_rejected_requests", "true")), 5);
}

#[test]
fn keys_share_account() {
    let core = with(&[("keys_share_account", "true")]);
    assert_eq!(get_from(&core, FIATS, Some("b")).credits(), 1);
    let used = |key: &str| core.meter.usage(key, core.clock.now_ms()).unwrap().month_used;
    assert_eq!((used("k"), used("b")), (1, 1));
}

/// The answers to three calls of 1, 2 and 1 credits by a key that has 2.
fn scarce(quirk: (&str, &str)) -> [u64; 4] {
    let key = KeyConfig { credits_monthly: 2, ..KeyConfig::new("k", Plan::Startup) };
    let mut config = frozen(vec![key]);
    config.quirks = set(&[quirk]);
    let core = Core::new(&config);
    let two = &format!("{QUOTE}&convert=USD,EUR");
    [FIATS, two, FIATS, "/v1/key/info"].map(|target| get_from(&core, target, Some("k")).code())
}

#[test]
fn over_limit_and_free_when_exhausted() {
    assert_eq!(scarce(("over_limit", "serve_crossing")), [0, 0, 1010, 0]);
    assert_eq!(scarce(("over_limit", "refuse_crossing")), [0, 1010, 0, 0]);
    assert_eq!(scarce(("free_when_exhausted", "false")), [0, 0, 1010, 1010]);
}

#[test]
fn rate_limit_headers() {
    let headers = |value: &str| {
        let mut config = frozen(vec![KeyConfig { rpm: 0, ..KeyConfig::new("k", Plan::Startup) }]);
        config.quirks = set(&[("rate_limit_headers", value)]);
        crate::testing::ask(&Core::new(&config), FIATS, Some("k")).headers
    };
    // The clock stands at 09:14:31.207.
    let both = [("retry-after", "29".to_owned()), ("x-ratelimit-reset", "1791191700".to_owned())];
    assert_eq!(headers("off"), []);
    assert_eq!(headers("retry_after"), both[..1]);
    assert_eq!(headers("reset"), both[1..]);
    assert_eq!(headers("both"), both);
}

#[test]
fn paid_converts() {
    let target = format!("{QUOTE}&convert=USD,EUR,GBP");
    let got = get("paid_converts", "2", &target);
    check(&got, 400, 400, "Your plan is limited to 2 convert options");
}

#[test]
fn tariff() {
    let listings = "/v3/cryptocurrency/listings/latest?limit=500";
    for (value, credits) in [("2022", 5), ("2026-08", 3), ("2026-10", 2)] {
        assert_eq!(get("tariff", value, listings).credits(), credits, "{value}");
    }
    assert_eq!(get("tariff", "2022", "/v1/cryptocurrency/map?limit=1").credits(), 1);
}

#[test]
fn keyless_map_price() {
    let map = "/public-api/v1/cryptocurrency/map?limit=1";
    let core = with(&[("keyless_map_price", "1")]);
    assert_eq!(get_from(&core, map, None).credits(), 1);
    assert_eq!(get_from(&core, "/v1/cryptocurrency/map?limit=1", Some("k")).credits(), 0);
}

#[test]
fn empty_answers_cost() {
    let nothing = "/v3/cryptocurrency/quotes/latest?id=99999999";
    assert_eq!(get("empty_answers_cost", "0", nothing).credits(), 0);
    assert_eq!(get("empty_answers_cost", "1", nothing).credits(), 1);
}

#[test]
fn skip_invalid_none_valid() {
    let nothing = "/v2/cryptocurrency/quotes/latest?id=99999999";
    assert_eq!(get("skip_invalid_none_valid", "empty", nothing).data().to_string(), "{}");
    assert_eq!(get("skip_invalid_none_valid", "400", nothing).http, 400);
}

#[test]
fn v3_unknown_identifier() {
    let some = "/v3/cryptocurrency/quotes/latest?id=1,99999999";
    check(
        &get("v3_unknown_identifier", "400", some),
        400,
        400,
        "Invalid value for \"id\": \"99999999\"",
    );
    let skipping = format!("{some}&skip_invalid=true");
    assert_eq!(get("v3_unknown_identifier", "400", &skipping).http, 200);
}

#[test]
fn symbol_keys() {
    let target = "/v2/cryptocurrency/quotes/latest?symbol=btc";
    assert_eq!(get("symbol_keys", "as_sent", target).keys(&["data"]), ["btc"]);
    assert_eq!(get("symbol_keys", "upper", target).keys(&["data"]), ["BTC"]);
}

#[test]
fn symbol_rank_flips() {
    let core = with(&[("symbol_rank_flips", "true")]);
    let symbols: Vec<&str> = core.market.coins.iter().map(|coin| coin.symbol.as_str()).collect();
    let is_shared = |symbol: &&&str| core.market.coins_by_symbol(symbol).len() > 1;
    let symbol = symbols.iter().find(is_shared).unwrap();
    let target = format!("/v1/cryptocurrency/quotes/latest?symbol={symbol}");
    let id = || {
        let got = get_from(&core, &target, Some("k"));
        got.data()[symbol.to_uppercase()]["id"].to_string()
    };
    let (first, second, third) = (id(), id(), id());
    assert!(first == third && first != second);
}

#[test]
fn ids_max_and_target_max_bytes() {
    let three = "/v2/cryptocurrency/quotes/latest?id=1,2,52";
    let message = "\"id\" must contain less than or equal to 2 items";
    check(&get("ids_max", "2", three), 400, 400, message);
    assert_eq!(get("ids_max", "3", three).http, 200);
    assert_eq!(get("target_max_bytes", "20", three).http, 414);
}

#[test]
fn classic_operations_on_java_stack() {
    let name = "classic_operations_on_java_stack";
    let got = get(name, "/v1/fiat/map", &format!("{FIATS}&_=1"));
    assert!(got.http == 200 && got.text.starts_with("{\"data\":["), "{}", got.text);
    let error = get(name, "/v1/fiat/map", "/v1/fiat/map?limit=0");
    assert!(error.text.contains("\"error_code\":\"400\""), "{}", error.text);
}

#[test]
fn the_types_of_codes_and_the_notice() {
    let wrong = "/v3/cryptocurrency/quotes/latest?id=x";
    let has = |name: &str, value: &str, target: &str, part: &str| {
        let got = get(name, value, target);
        assert!(got.text.contains(part), "{}", got.text);
    };
    has("error_code_style", "int", wrong, "\"error_code\":400,");
    has("error_code_style", "int", QUOTE, "\"error_code\":\"0\"");
    has("success_code_style", "int", QUOTE, "\"error_code\":0,");
    has("success_code_style", "int", wrong, "\"error_code\":\"400\"");
    has("error_notice", "null", "/v1/fiat/map?x=1", "\"notice\": null");
    assert!(!get("error_notice", "absent", "/v1/fiat/map?x=1").text.contains("notice"));
}

#[test]
fn classic_unknown_parameters() {
    assert_eq!(get("classic_unknown_parameters", "ignored", "/v1/fiat/map?_=1").http, 200);
    assert_eq!(get("classic_unknown_parameters", "refused", "/v1/fiat/map?_=1").http, 400);
}

#[test]
fn omit_null_keys() {
    let target = "/v2/cryptocurrency/info?id=1";
    let (full, lean) =
        (get("omit_null_keys", "never", target), get("omit_null_keys", "info", target));
    assert!(full.data()["1"].get("self_reported_tags").is_some());
    assert!(lean.data()["1"].get("self_reported_tags").is_none());
    assert!(lean.json["status"].get("notice").is_some());
    let quotes = "/v2/cryptocurrency/quotes/latest?id=1";
    assert!(get("omit_null_keys", "info", quotes).text.contains("\"tvl_ratio\": null"));
    assert!(!get("omit_null_keys", "always", quotes).text.contains("tvl_ratio"));
}

#[test]
fn map_rank() {
    let target = "/v1/cryptocurrency/map?listing_status=inactive&limit=1";
    assert!(get("map_rank", "null", target).text.contains("\"rank\": null"));
    assert!(get("map_rank", "zero", target).text.contains("\"rank\": 0"));
    assert!(!get("map_rank", "absent", target).text.contains("rank"));
}

#[test]
fn null_storms() {
    let target = "/v3/cryptocurrency/listings/latest?limit=200";
    let price_is_null = |value: &str| {
        let got = get("null_storms", value, target);
        let rows = got.data().as_array().unwrap();
        rows.iter().filter(|row| row["quote"][0]["price"].is_null()).count()
    };
    assert_eq!(price_is_null("0"), 0);
    assert!((30..90).contains(&price_is_null("0.3")), "{}", price_is_null("0.3"));
    assert_eq!(price_is_null("1"), 200);
}

#[test]
fn head_is_a_get_and_options_is_not_allowed() {
    // Would break: probes of load balancers, and browsers that ask for CORS.
    let core = with(&[]);
    let ask = |method| {
        let path = "/v1/fiat/map";
        let arrival =
            Arrival { method, body: b"", path, query: "", key: Some("k"), address: "::1" };
        core.answer(arrival)
    };
    assert_eq!(ask("HEAD").status, 200);
    let refused = ask("OPTIONS");
    assert_eq!((refused.status, refused.headers), (405, vec![("allow", "GET, HEAD".to_owned())]));
}

#[test]
fn history_depth_status() {
    let target = "/v2/cryptocurrency/quotes/historical?id=1&time_start=2015-01-01&interval=1d";
    let ask = |value: &str| {
        let got = get_from(&with(&[("history_depth_status", value)]), target, Some("b"));
        assert!(got.message().starts_with("Your plan is limited to"), "{}", got.message());
        (got.http, got.code())
    };
    assert_eq!([ask("400"), ask("403")], [(400, 400), (403, 403)]);
}

#[test]
fn market_pairs_symbol_array() {
    let path = "/v2/cryptocurrency/market-pairs/latest";
    let is_array = |value: &str, query: &str| {
        get("market_pairs_symbol_array", value, &format!("{path}?{query}")).data().is_array()
    };
    assert!(is_array("true", "symbol=BTC"));
    assert!(!is_array("true", "id=1") && !is_array("false", "symbol=BTC"));
}

#[test]
fn categories_base() {
    let target = "/v1/cryptocurrency/categories?limit=1";
    assert_eq!(get("categories_base", "0", target).credits(), 1);
    assert_eq!(get("categories_base", "1", target).credits(), 2);
}
