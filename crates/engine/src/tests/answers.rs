//! Each shape of each version from the same entries, against answers written by hand.

use cmc_api::json;

use super::rig::{Rig, quotes, text};
use crate::Answer;

const USD: &str = r#""price":1791191671207.2781,"volume_24h":12345678901234567"#;
const EUR: &str = r#""price":1791191671207.2790,"volume_24h":12345678901234567"#;
const CHANGE: &str = r#""percent_change_24h":-0.10"#;
const UPDATED: &str = r#""last_updated":"2026-10-05T09:13:59.000Z""#;

/// Compares with compact text, in the spacing of the answer's stack.
fn expect(answer: &Answer, compact: &str) {
    let expected = match answer.style {
        cmc_api::Style::Java => compact.to_owned(),
        cmc_api::Style::Classic => {
            let mut out = Vec::new();
            json::write_pretty(&mut out, compact, 1);
            String::from_utf8(out).unwrap()
        }
    };
    assert_eq!(text(answer), expected);
}

/// Coin 1 up to its quotes, in the order of the classic stack.
fn classic_coin(tags: &str, flags: (&str, &str)) -> String {
    let (active, fiat) = flags;
    format!(
        r#"{{"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","tags":{tags},"max_supply":1.0,{active}"platform":null,"cmc_rank":1,{fiat}"brand_new":{{"odd":[1E-10]}},"quote":"#
    )
}

fn quote_of(head: &str, cap: &str, tail: &str) -> String {
    format!(r#"{{{head},{CHANGE},"market_cap":{cap},{tail}{UPDATED}}}"#)
}

const TAG: &str = r#"[{"slug":"pow","name":"PoW","category":"ALGORITHM"}]"#;
const FLAGS: (&str, &str) = (r#""is_active":1,"#, r#""is_fiat":0,"#);

#[tokio::test(start_paused = true)]
async fn quotes_in_version_1_are_keyed_with_string_tags() {
    // Breaks if the oldest clients get the newest shape.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v1/cryptocurrency/quotes/latest?id=1").await;
    let coin = classic_coin(r#"["pow"]"#, FLAGS);
    let usd = quote_of(USD, "999999.0", "");
    expect(&answer, &format!(r#"{{"1":{coin}{{"USD":{usd}}}}}}}"#));
    let by_slug = rig.ask("/v1/cryptocurrency/quotes/latest?slug=coin-1").await;
    assert_eq!(by_slug.data, answer.data, "by slug is keyed by id");
    let by_symbol = rig.ask("/v1/cryptocurrency/quotes/latest?symbol=btc").await;
    expect(&by_symbol, &format!(r#"{{"BTC":{coin}{{"USD":{usd}}}}}}}"#));
    assert_eq!(rig.n_quote_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn quotes_in_version_2_have_tag_objects_and_lists_by_symbol() {
    // Breaks if a symbol of several coins shows one of them.
    let rig = Rig::warm().await;
    let by_id = rig.ask("/v2/cryptocurrency/quotes/latest?id=1&convert=usd,EUR").await;
    let coin = classic_coin(TAG, FLAGS);
    let (usd, eur) = (quote_of(USD, "999999.0", ""), quote_of(EUR, "999999.0", ""));
    expect(&by_id, &format!(r#"{{"1":{coin}{{"USD":{usd},"EUR":{eur}}}}}}}"#));
    let by_convert_id = rig.ask("/v2/cryptocurrency/quotes/latest?id=1&convert_id=2781").await;
    expect(&by_convert_id, &format!(r#"{{"1":{coin}{{"2781":{usd}}}}}}}"#));
    let by_symbol = rig.ask("/v2/cryptocurrency/quotes/latest?symbol=BTC").await;
    expect(&by_symbol, &format!(r#"{{"BTC":[{coin}{{"USD":{usd}}}}}]}}"#));
}

#[tokio::test(start_paused = true)]
async fn quotes_in_version_3_are_a_list_in_upstreams_own_order() {
    // Breaks if the newest version is re-ordered, re-spaced, or loses what it does not know.
    let rig = Rig::warm().await;
    let answer = rig.ask(&quotes("1,1")).await;
    let coin = format!(
        r#"{{"tags":{TAG},"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","is_active":1,"is_fiat":0,"cmc_rank":1,"platform":null,"max_supply":1.0,"brand_new":{{"odd":[1E-10]}},"quote":["#
    );
    let head = format!(r#""id":2781,"symbol":"USD",{USD}"#);
    let usd = quote_of(&head, "999999.0", r#""minted_market_cap":1.50,"#);
    expect(&answer, &format!("[{coin}{usd}]}}]"));
}

#[tokio::test(start_paused = true)]
async fn aux_replaces_the_default_and_moves_the_cap_by_total_supply() {
    // Breaks if fields that were not asked for stay, or those asked for do not come.
    let rig = Rig::warm().await;
    let aux = "aux=market_cap_by_total_supply,volume_7d";
    let answer = rig.ask(&format!("/v1/cryptocurrency/quotes/latest?id=1&{aux}")).await;
    let usd = format!(r#"{{{USD},"volume_7d":1E-10,{CHANGE},"market_cap":999999.0,{UPDATED}}}"#);
    expect(
        &answer,
        &format!(
            r#"{{"1":{{"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","market_cap_by_total_supply":77.70,"brand_new":{{"odd":[1E-10]}},"quote":{{"USD":{usd}}}}}}}"#
        ),
    );
    let answer = rig.ask(&format!("{}&{aux}", quotes("1"))).await;
    assert!(text(&answer).contains(r#""market_cap_by_total_supply":77.70,"minted"#));
    assert!(!text(&answer).contains("cmc_rank"));
}

#[tokio::test(start_paused = true)]
async fn listings_of_both_versions_come_from_one_block() {
    // Breaks if a version of listings is bought twice, or carries the other's flags.
    let rig = Rig::warm().await;
    let v1 = rig.ask("/v1/cryptocurrency/listings/latest?limit=1").await;
    let usd = quote_of(USD, "999999.0", "");
    let coin = classic_coin(r#"["pow"]"#, ("", ""));
    expect(&v1, &format!(r#"[{coin}{{"USD":{usd}}}}}]"#));
    assert_eq!(v1.total_count, Some(603));
    let v3 = rig.ask("/v3/cryptocurrency/listings/latest?limit=1&aux=cmc_rank").await;
    let head = format!(r#""id":2781,"symbol":"USD",{USD}"#);
    let usd = quote_of(&head, "999999.0", r#""minted_market_cap":1.50,"#);
    expect(
        &v3,
        &format!(
            r#"[{{"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","is_active":1,"is_fiat":0,"cmc_rank":1,"brand_new":{{"odd":[1E-10]}},"quote":[{usd}]}}]"#
        ),
    );
    assert_eq!((rig.calls_to("/listings/latest").len(), v3.cache.name()), (1, "full"));
    assert_eq!(v3.total_count, None);
}

#[tokio::test(start_paused = true)]
async fn a_page_across_blocks_and_a_page_beyond_the_end() {
    // Breaks at the seams of 250 and at the last coin.
    let rig = Rig::warm().await;
    let target = "/v3/cryptocurrency/listings/latest?start=249&limit=4&aux=cmc_rank";
    let page = rig.ask(target).await;
    let ids: Vec<_> = text(&page).split("\"cmc_rank\":").skip(1).map(|rest| &rest[..3]).collect();
    assert_eq!(ids, ["249", "250", "251", "252"]);
    let beyond = rig.ask("/v3/cryptocurrency/listings/latest?start=5000&limit=10").await;
    expect(&beyond, "[]");
    assert_eq!(beyond.charged.get(), 1);
    assert!(beyond.age.is_zero(), "an empty list is not as old as the epoch");
    let last = rig.ask("/v1/cryptocurrency/listings/latest?start=600&limit=10").await;
    assert_eq!(text(&last).matches("\"slug\"").count(), 1);
}

#[tokio::test(start_paused = true)]
async fn simple_prices_of_both_versions() {
    // Breaks if the brief form is not cut from the full one.
    let rig = Rig::warm().await;
    let v2 = rig.ask("/v2/simple/price?id=1&convert=USD,EUR&include_24h_volume=true").await;
    expect(
        &v2,
        &format!(
            r#"[{{"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","quotes":[{{"symbol":"USD",{USD}}},{{"symbol":"EUR",{EUR}}}]}}]"#
        ),
    );
    let v1 = rig.ask("/v1/simple/price?ids=1,99999&include_last_updated=true").await;
    expect(&v1, &format!(r#"[{{"id":1,"price":1791191671207.2781,{UPDATED}}}]"#));
    assert_eq!((v1.charged.get(), v1.cache.name()), (0, "full"));
    let all = rig.ask("/v2/simple/price?id=1&include_all=true").await;
    let quote = format!(
        r#"{{"symbol":"USD","price":1791191671207.2781,"market_cap":999999.0,"volume_24h":12345678901234567,{CHANGE},{UPDATED}}}"#
    );
    assert!(text(&all).ends_with(&format!(r#""quotes":[{quote}]}}]"#)), "{}", text(&all));
}

#[tokio::test(start_paused = true)]
async fn metadata_is_keyed_as_quotes_are_and_stripped_by_aux() {
    // Breaks if one stored text cannot serve both versions.
    let rig = Rig::warm().await;
    let head = r#"{"id":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1""#;
    let read = r#""read_at":1791191671207}"#;
    let v1 = rig.ask("/v1/cryptocurrency/info?symbol=btc").await;
    expect(&v1, &format!(r#"{{"BTC":{head},"logo":"l1.png","description":"d",{read}}}"#));
    let v2 = rig.ask("/v2/cryptocurrency/info?symbol=btc&aux=status").await;
    expect(&v2, &format!(r#"{{"BTC":[{head},"status":"active",{read}]}}"#));
    let slug = rig.ask("/v2/cryptocurrency/info?slug=coin-1&aux=logo").await;
    expect(&slug, &format!(r#"{{"1":{head},"logo":"l1.png",{read}}}"#));
    assert_eq!(rig.calls_to("/info").len(), 1);
    let none = rig.ask("/v2/cryptocurrency/info?id=99999&skip_invalid=true").await;
    expect(&none, "{}");
}

#[tokio::test(start_paused = true)]
async fn the_map_answers_by_page_by_rank_and_by_symbol() {
    // Breaks if the free map is asked for again for each of its pages.
    let rig = Rig::new();
    let first = rig.ask("/v1/cryptocurrency/map?limit=1").await;
    assert_eq!(first.cache.name(), "cold");
    let row = r#"{"id":1,"rank":1,"name":"Coin 1","symbol":"BTC","slug":"coin-1","is_active":1,"first_historical_data":"2013-04-28T18:47:21.000Z","platform":null}"#;
    expect(&first, &format!("[{row}]"));
    let same = rig.ask("/v1/cryptocurrency/map?symbol=dup&aux=status").await;
    let row = |id, rank, status| {
        format!(
            r#"{{"id":{id},"rank":{rank},"name":"Coin {id}","symbol":"Dup","slug":"coin-{id}","status":"{status}"}}"#
        )
    };
    let rows = [row(701, "650", "active"), row(702, "640", "active"), row(703, "null", "inactive")];
    expect(&same, &format!("[{}]", rows.join(",")));
    let ranked = "/v1/cryptocurrency/map?sort=cmc_rank&start=601&limit=2&aux=status";
    expect(&rig.ask(ranked).await, &format!("[{},{}]", rows[1], rows[0]));
    let inactive = "/v1/cryptocurrency/map?listing_status=inactive&aux=status";
    expect(&rig.ask(inactive).await, &format!("[{}]", rows[2]));
    let error = rig.try_ask("/v1/cryptocurrency/map?symbol=NONE").await.unwrap_err();
    assert_eq!(error.to_string(), "Invalid value for \"symbol\": \"NONE\"");
    assert_eq!(rig.upstream.n_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_classic_answer_is_written_with_four_spaces_from_level_two() {
    // The spacing, in full and by hand, once.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v2/cryptocurrency/info?symbol=BTC&aux=status").await;
    let expected = "{\n        \"BTC\": [\n            {\n                \"id\": 1,\n                \"name\": \"Coin 1\",\n                \"symbol\": \"BTC\",\n                \"slug\": \"coin-1\",\n                \"status\": \"active\",\n                \"read_at\": 1791191671207\n            }\n        ]\n    }";
    assert_eq!(text(&answer), expected);
}
