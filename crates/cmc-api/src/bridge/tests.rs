use super::*;
use crate::aux::{InfoAux, MapAux};

mod others;
mod properties;

/// A coin as the newest version tells it, with numbers that no float survives and keys that
/// nobody knows.
const COIN: &str = r#"{"tags":[{"slug":"pow","name":"PoW","category":"ALGO"},{"slug":"old","name":"O"}],"id":1,"name":"Bitc\"oin","symbol":"BTC","slug":"bitcoin","is_active":1,"infinite_supply":false,"is_fiat":0,"circulating_supply":12345678901234567,"max_supply":21000000.0,"cmc_rank":1,"platform":{"id":1027,"more":[1.0,{}]},"new_key":{"b":[1E-10]},"last_updated":"2026-10-05T09:14:00.000Z","self_reported_market_cap":null,"quote":[{"id":2781,"symbol":"USD","price":1.0,"volume_24h":-0.10,"volume_7d":1E-10,"percent_change_24h":1.5e3,"market_cap":12345678901234567,"minted_market_cap":2.50,"market_cap_by_total_supply":77.70,"new_quote_key":[ ],"last_updated":"2026-10-05T09:13:59.000Z"}]}"#;

/// The same coin as listings tell it: tags are strings.
fn listed() -> String {
    let (start, end) = (COIN.find('[').unwrap(), COIN.find("],\"id\"").unwrap() + 1);
    format!("{}[\"pow\",\"old\"]{}", &COIN[..start], &COIN[end..])
}

/// Head and quote together, without spaces; the classic head is closed by the answer.
fn rendered(body: &str, form: CoinForm, aux: Aux) -> Option<(String, String)> {
    let Rendered { head, quote } = render(body, form, aux, 3)?;
    let compact = |bytes: &[u8]| {
        let mut out = Vec::new();
        json::write_compact(&mut out, std::str::from_utf8(bytes).unwrap());
        String::from_utf8(out).unwrap()
    };
    Some((compact(&head), compact(&quote)))
}

#[test]
fn version_3_keeps_upstreams_order_and_every_digit() {
    // Breaks if the newest shape is not a copy.
    let (head, quote) = rendered(COIN, CoinForm::QuotesV3, Aux::QUOTES_ALL).unwrap();
    let end = COIN.find(r#"{"id":2781"#).unwrap();
    assert_eq!(head, COIN[..end]);
    assert_eq!(quote, COIN[end..COIN.len() - 2].replace("[ ]", "[]"));
}

#[test]
fn version_2_has_the_classic_order_and_the_cap_by_total_supply_on_the_coin() {
    // Breaks if clients of the classic stack meet keys of the new one.
    let (head, quote) = rendered(COIN, CoinForm::QuotesV2, Aux::QUOTES_ALL).unwrap();
    assert_eq!(
        head,
        r#"{"id":1,"name":"Bitc\"oin","symbol":"BTC","slug":"bitcoin","tags":[{"slug":"pow","name":"PoW","category":"ALGO"},{"slug":"old","name":"O"}],"max_supply":21000000.0,"circulating_supply":12345678901234567,"market_cap_by_total_supply":77.70,"is_active":1,"infinite_supply":false,"platform":{"id":1027,"more":[1.0,{}]},"cmc_rank":1,"is_fiat":0,"self_reported_market_cap":null,"new_key":{"b":[1E-10]},"last_updated":"2026-10-05T09:14:00.000Z","quote":{"#
    );
    assert_eq!(
        quote,
        r#"{"price":1.0,"volume_24h":-0.10,"volume_7d":1E-10,"percent_change_24h":1.5e3,"market_cap":12345678901234567,"new_quote_key":[],"last_updated":"2026-10-05T09:13:59.000Z"}"#
    );
}

#[test]
fn version_1_has_the_slugs_of_the_tags() {
    // Breaks if the oldest clients get objects where they know strings.
    let (head, quote) = rendered(COIN, CoinForm::QuotesV1, Aux::TAGS).unwrap();
    assert_eq!(
        head,
        r#"{"id":1,"name":"Bitc\"oin","symbol":"BTC","slug":"bitcoin","tags":["pow","old"],"infinite_supply":false,"self_reported_market_cap":null,"new_key":{"b":[1E-10]},"last_updated":"2026-10-05T09:14:00.000Z","quote":{"#
    );
    assert!(!quote.contains("volume_7d"));
}

#[test]
fn listings_have_string_tags_and_their_own_flags() {
    // Breaks if the flags follow `aux`, which does not know them in listings.
    for aux in [Aux::NONE, Aux::LISTINGS_ALL, Aux::QUOTES_ALL] {
        let (v1, _) = rendered(COIN, CoinForm::ListingsV1, aux).unwrap();
        let (v3, _) = rendered(COIN, CoinForm::ListingsV3, aux).unwrap();
        assert!(!v1.contains("is_active") && !v1.contains("is_fiat"), "{v1}");
        assert!(v3.contains(r#""is_active":1,"#) && v3.contains(r#""is_fiat":0,"#), "{v3}");
        assert_eq!(v3.contains(r#""tags":["pow","old"]"#), aux.contains(Aux::TAGS));
    }
}

#[test]
fn aux_strips_exactly_what_it_names() {
    // Breaks if a field follows the wrong name, or is stripped from the wrong object.
    let all = rendered(COIN, CoinForm::QuotesV3, Aux::QUOTES_ALL).unwrap();
    for (aux, key) in [
        (Aux::TAGS, "tags"),
        (Aux::PLATFORM, "platform"),
        (Aux::MAX_SUPPLY, "max_supply"),
        (Aux::CMC_RANK, "cmc_rank"),
        (Aux::IS_FIAT, "is_fiat"),
        (Aux::VOLUME_7D, "volume_7d"),
        (Aux::MARKET_CAP_BY_TOTAL_SUPPLY, "market_cap_by_total_supply"),
    ] {
        let name = format!("\"{key}\":");
        let has = |(head, quote): &(String, String)| head.contains(&name) || quote.contains(&name);
        assert!(has(&all), "{key}");
        assert!(has(&rendered(COIN, CoinForm::QuotesV3, aux).unwrap()), "{key}");
        assert!(!has(&rendered(COIN, CoinForm::QuotesV3, Aux::NONE).unwrap()), "{key}");
    }
}

#[test]
fn strings_become_objects_nowhere() {
    // Breaks if a description is invented: then upstream must be asked instead.
    for form in [CoinForm::QuotesV2, CoinForm::QuotesV3] {
        assert!(render(&listed(), form, Aux::TAGS, 3).is_none());
        assert!(render(&listed(), form, Aux::NONE, 3).is_some(), "tags were not asked for");
    }
    for form in [CoinForm::QuotesV1, CoinForm::ListingsV1, CoinForm::ListingsV3] {
        assert_eq!(rendered(&listed(), form, Aux::TAGS), rendered(COIN, form, Aux::TAGS));
    }
    let untagged = listed().replace(r#"["pow","old"]"#, "[]");
    assert!(render(&untagged, CoinForm::QuotesV2, Aux::TAGS, 3).is_some());
}

#[test]
fn what_is_no_coin_is_none() {
    // Breaks if foreign bytes panic or become half an answer.
    for body in ["", "[]", "{}", r#"{"quote":[]}"#, r#"{"quote":{}}"#, r#"{"quote":[1]}"#, "\u{1}"]
    {
        assert!(render(body, CoinForm::QuotesV1, Aux::NONE, 3).is_none(), "{body}");
        assert!(render_simple(body, simple(true), 3).is_none(), "{body}");
    }
    assert!(render_info("[]", InfoAux::ALL, 3).is_none());
}

#[test]
fn the_classic_spacing_is_four_spaces_a_level() {
    // The pieces of an answer must fit together without being touched.
    let body = r#"{"id":1,"platform":{"a":1.0},"quote":[{"price":2,"x":[3]}]}"#;
    let pieces = render(body, CoinForm::QuotesV1, Aux::PLATFORM, 2).unwrap();
    let head = "{\n        \"id\": 1,\n        \"platform\": {\n            \"a\": 1.0\n        },\n        \"quote\": {";
    let quote = "{\n                \"price\": 2,\n                \"x\": [\n                    3\n                ]\n            }";
    assert_eq!((&pieces.head[..], &pieces.quote[..]), (head.as_bytes(), quote.as_bytes()));
}

const fn simple(flat: bool) -> SimpleForm {
    SimpleForm { flat, market_cap: true, volume: false, change: true, last_updated: false }
}

#[test]
fn simple_prices_take_the_fields_in_their_own_order() {
    // Breaks if the brief forms follow the order of the full one.
    let pieces = render_simple(COIN, simple(false), 0).unwrap();
    assert_eq!(
        pieces.head,
        r#"{"id":1,"name":"Bitc\"oin","symbol":"BTC","slug":"bitcoin","quotes":["#
    );
    assert_eq!(
        pieces.quote,
        r#"{"symbol":"USD","price":1.0,"market_cap":12345678901234567,"percent_change_24h":1.5e3}"#
    );
    let flat = render_simple(COIN, simple(true), 1).unwrap();
    let expected = "{\n    \"id\": 1,\n    \"price\": 1.0,\n    \"market_cap\": 12345678901234567,\n    \"percent_change_24h\": 1.5e3\n}";
    assert_eq!((&flat.head[..], &flat.quote[..]), (expected.as_bytes(), &b""[..]));
    let incomplete = COIN.replace(r#""market_cap":12345678901234567,"#, "");
    assert!(render_simple(&incomplete, simple(false), 0).is_none(), "a hole is not made up for");
}

#[test]
fn metadata_and_map_rows_keep_order_and_lose_only_what_aux_names() {
    // Breaks if a row of the free map or metadata is re-written.
    let info = r#"{"id":1,"logo":"l","tags":["a"],"tag-names":["A"],"status":"active","z":1.0}"#;
    let mut compact = Vec::new();
    let text = render_info(info, InfoAux::LOGO, 3).unwrap();
    json::write_compact(&mut compact, std::str::from_utf8(&text).unwrap());
    assert_eq!(compact, br#"{"id":1,"logo":"l","tag-names":["A"],"z":1.0}"#);
    let row = r#"{"id":1,"rank":null,"is_active":1,"status":"active","platform":null,"z":1E-10}"#;
    let mut out = Vec::new();
    render_row(&mut out, row, MapAux::STATUS, 0);
    let mut compact = Vec::new();
    json::write_compact(&mut compact, std::str::from_utf8(&out).unwrap());
    assert_eq!(compact, br#"{"id":1,"rank":null,"status":"active","z":1E-10}"#);
}
