//! Every refusal in the API's own words.

use super::*;
use crate::limits::TARGET_BYTES_MAX;

/// One line per case: path, query, message.
fn check(path: &str, raw: &str, message: &str) {
    let error = parse(path, raw).expect_err(raw);
    assert_eq!(error.message, message, "{path}?{raw}");
    assert_eq!((error.http, error.code), (400, 400), "{path}?{raw}");
}

#[test]
fn patterns_are_refused_by_name() {
    // Clients match on these words.
    let ids = |name: &str, of: &str| {
        format!("\"{name}\" should only include comma-separated numeric CoinMarketCap {of} ids")
    };
    let slugs =
        |of: &str| format!("\"slug\" should only include comma-separated CoinMarketCap {of} slugs");
    let symbols = |name: &str| {
        format!(
            "\"{name}\" should only include comma-separated alphanumeric cryptocurrency symbols"
        )
    };
    for bad in ["one", "1,", ",1", "1,,2", "-1", "1.5", "1%201"] {
        check(V2_QUOTES, &format!("id={bad}"), &ids("id", "cryptocurrency"));
    }
    check(V3_QUOTES, "id=1&convert_id=x", &ids("convert_id", "cryptocurrency"));
    check("/v1/simple/price", "ids=a", &ids("ids", "cryptocurrency"));
    let many = vec!["1"; 51].join(",");
    check("/v1/simple/price", &format!("ids={many}"), &ids("ids", "cryptocurrency"));
    check("/v1/exchange/info", "id=binance", &ids("id", "exchange"));
    check(V2_QUOTES, "slug=Bitcoin", &slugs("cryptocurrency"));
    check("/v1/exchange/info", "slug=bin_ance", &slugs("exchange"));
    for bad in ["BTC.X", "B%20C", "%C3%A4", "%FF", ","] {
        check(V2_QUOTES, &format!("symbol={bad}"), &symbols("symbol"));
    }
    check(V2_QUOTES, "id=1&convert=U$D.", &symbols("convert"));
}

#[test]
fn numbers_are_refused_by_kind_then_by_range() {
    // `limit=all` and negative limits do occur.
    for bad in ["all", "inf", "NaN", "1e999", "--1", "0x10", "%FF"] {
        check(V1_LISTINGS, &format!("limit={bad}"), "\"limit\" must be a number");
    }
    check(V1_LISTINGS, "limit=1.5", "\"limit\" must be an integer");
    check(V1_LISTINGS, "limit=5001", "\"limit\" must be less than or equal to 5000");
    check(V3_LISTINGS, "limit=99999999999", "\"limit\" must be less than or equal to 5000");
    check(V1_LISTINGS, "limit=-5", "\"limit\" must be larger than or equal to 1");
    check(V1_LISTINGS, "start=0", "\"start\" must be larger than or equal to 1");
    let max = "\"price_max\" must be less than or equal to 100000000000000000";
    check(V1_LISTINGS, "price_max=1e18", max);
    let min = "\"percent_change_24h_min\" must be larger than or equal to -100";
    check(V3_LISTINGS, "percent_change_24h_min=-100.5", min);
    let amount = "\"amount\" must be larger than or equal to 1e-8";
    check("/v2/tools/price-conversion", "amount=0&id=1", amount);
    check("/v1/content/latest", "limit=201", "\"limit\" must be less than or equal to 200");
}

#[test]
fn words_are_refused_with_the_words_that_fit() {
    // The list is in the documentation's order.
    check(MAP, "sort=rank", "\"sort\" must be one of [id, cmc_rank]");
    check(V3_LISTINGS, "sort_dir=up", "\"sort_dir\" must be one of [asc, desc]");
    let types = "\"cryptocurrency_type\" must be one of [all, coins, tokens]";
    check(V3_LISTINGS, "cryptocurrency_type=nft", types);
    let statuses = "\"listing_status\" must be one of [active, inactive, untracked]";
    check(MAP, "listing_status=active,dead", statuses);
    let sort = "\"sort\" must be one of [market_cap, market_cap_strict, name, symbol, \
        date_added, price, circulating_supply, total_supply, max_supply, num_market_pairs, \
        volume_24h, volume_7d, volume_30d, percent_change_1h, percent_change_24h, \
        percent_change_7d, market_cap_by_total_supply_strict]";
    check(V1_LISTINGS, "sort=rank", sort);
    check(V2_QUOTES, "id=1&skip_invalid=1", "\"skip_invalid\" must be a boolean");
    check(V2_QUOTES, "id=1&aux=foo", "Invalid value for \"aux\": \"foo\"");
    check(V2_QUOTES, "id=1&aux=foo,tags,bar,foo", "Invalid values for \"aux\": \"foo,bar\"");
    check(V1_LISTINGS, "aux=is_fiat", "Invalid value for \"aux\": \"is_fiat\"");
}

#[test]
fn unknown_parameters_are_refused_by_classic_operations_only() {
    // The Java stack ignores them, and so must the key of its answers.
    check(V2_QUOTES, "foo=1&id=1", "\"foo\" is not allowed");
    check(MAP, "slug=bitcoin", "\"slug\" is not allowed");
    let query = good(V3_QUOTES, "foo=1&id=1");
    assert_eq!(query.to_upstream(), "id=1");
    assert_eq!(query.canonical(), good(V3_QUOTES, "id=1").canonical());
}

#[test]
fn groups_come_after_every_single_parameter() {
    // The first failing rule is the only one that is named.
    let group = "\"value\" must contain at least one of [id, slug, symbol]";
    check(V2_QUOTES, "", group);
    check(V3_QUOTES, "id=&symbol=", group);
    check("/v2/simple/price", "", group);
    check(V2_INFO, "", "\"value\" must contain at least one of [id, slug, symbol, address]");
    check("/v1/exchange/info", "", "\"value\" must contain at least one of [id, slug]");
    check("/v1/tools/price-conversion", "id=1", "\"amount\" is required");
    check("/v1/simple/price", "", "\"ids\" is required");
    let either = "\"value\" must contain at least one of [id, symbol]";
    check("/v1/tools/price-conversion", "amount=1", either);
    let peers = "\"value\" contains a conflict between exclusive peers [convert, convert_id]";
    check(V3_QUOTES, "id=1&convert=USD&convert_id=2781", peers);
    check(V2_QUOTES, "convert=USD&convert_id=2781", group);
    check(V2_QUOTES, "aux=x&id=y", "Invalid value for \"aux\": \"x\"");
    check(V2_QUOTES, "skip_invalid=maybe&aux=x", "\"skip_invalid\" must be a boolean");
}

#[test]
fn currencies_are_counted_and_bounded() {
    // No plan allows more than 120, whatever the key.
    let list = |n: u32| (1..=n).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let limit = "Your plan is limited to 120 convert options";
    check(V3_QUOTES, &format!("id=1&convert_id={}", list(121)), limit);
    let query = good(V3_QUOTES, &format!("id=1&convert_id={},1", list(120)));
    assert_eq!(query.n_converts(), 120);
    let error = query.check_converts(Plan::Basic).unwrap_err();
    assert_eq!(error.message, "Your plan is limited to 1 convert options");
    assert_eq!(query.check_converts(Plan::Startup), Ok(()));
    assert_eq!(good(V3_QUOTES, "id=1").check_converts(Plan::Basic), Ok(()));
    let beyond = "Invalid value for \"convert_id\": \"99999999999\"";
    check(V3_QUOTES, "id=1&convert_id=2781,99999999999", beyond);
}

#[test]
fn a_wrong_method_on_a_known_path_is_refused_in_its_style() {
    // Clients that only read `status` need an envelope for this, too.
    let catalogue = Catalogue::embedded();
    let ask = |method: &str, path: &str| {
        Query::parse(&catalogue, method, path, "", Bytes::new()).unwrap_err()
    };
    let error = ask("POST", V2_QUOTES);
    assert_eq!((error.http, error.code, error.style), (405, 405, Style::Classic));
    assert_eq!(error.message, "Method Not Allowed");
    assert_eq!(ask("DELETE", V3_QUOTES).style, Style::Java);
    assert_eq!(ask("GET", "/v1/dex/new/list").http, 405);
    assert_eq!(ask("PUT", "/v9/unknown").http, 405);
}

#[test]
fn ten_thousand_ids_are_too_long_a_target() {
    // Upstream's edge refuses them before anybody reads them.
    let ids: Vec<String> = (1..=10_000).map(|id| id.to_string()).collect();
    let error = parse(V3_QUOTES, &format!("id={}", ids.join(","))).unwrap_err();
    assert_eq!((error.http, error.code), (414, 414));
    assert_eq!(error.message, "Request-URI Too Large");
    let fits = TARGET_BYTES_MAX - V3_QUOTES.len() - "?id=".len();
    assert!(parse(V3_QUOTES, &format!("id={}", "1".repeat(fits))).is_ok());
    assert!(parse(V3_QUOTES, &format!("id={}", "1".repeat(fits + 1))).is_err());
}

#[test]
fn a_target_that_grows_beyond_the_limit_when_written_anew_is_refused() {
    // Otherwise a call could be made that upstream's edge refuses.
    let raw = format!("tag={}", "!".repeat(4_000));
    assert_eq!(parse(V3_LISTINGS, &raw).unwrap_err().http, 414);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    // Replaced bytes would reach upstream as other letters.
    check(V3_LISTINGS, "tag=%FF", "\"tag\" must be a string");
    check("/v9/unknown", "a=%FF", "\"a\" must be a string");
    check(V2_QUOTES, "%FF=1&id=1", "\"\u{fffd}\" is not allowed");
}

#[test]
fn a_path_that_may_become_another_on_its_way_is_refused() {
    // `..` would buy a page of 5,000 coins at the price of an unknown path.
    for path in ["/v1/x/../key/info", "/v1/./key/info", "/v1/x%2e%2e/y", "/v1/a\\b", "v1/x"] {
        let refused = Query::parse(&Catalogue::embedded(), "GET", path, "", Bytes::new());
        assert_eq!(refused.unwrap_err().http, 404, "{path}");
    }
    let newer =
        Query::parse(&Catalogue::embedded(), "GET", "/v9/new-thing/latest", "", Bytes::new());
    assert!(newer.is_ok(), "newer than the catalogue");
}
