//! Parts, views and conversions: nothing is lost, nothing invented, no number touched.

use std::sync::Arc;

use bytes::Bytes;
use proptest::prelude::*;

use super::super::{Fields, Shown, render_conversion, render_part, render_view};
use crate::{Ask, Catalogue, Query, View, json::Members};

/// A value as upstream may send one, with numbers that no float would give back.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.0".to_owned()),
        Just("2.1E10".to_owned()),
        Just("1e-12".to_owned()),
        Just("98765432109876543210".to_owned()),
        "[a-z\\\\\"é]{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|all| format!("[{}]", all.join(","))),
            prop::collection::btree_map("[a-z_]{1,8}", inner, 0..3).prop_map(|all| object(&all)),
        ]
    })
}

fn object(members: &std::collections::BTreeMap<String, String>) -> String {
    let members: Vec<_> = members.iter().map(|(key, raw)| format!("\"{key}\":{raw}")).collect();
    format!("{{{}}}", members.join(","))
}

fn members() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    prop::collection::btree_map("[a-p_]{1,8}", value(), 0..6)
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn view(target: &str) -> View {
    let (path, raw) = target.split_once('?').unwrap();
    let query = Query::parse(&Catalogue::embedded(), "GET", path, raw, Bytes::new()).unwrap();
    let Ask::View(view) = query.ask() else { panic!("{target} is no view") };
    view
}

proptest! {
    #[test]
    fn a_part_keeps_every_member_of_both_currencies(
        head in members(), usd in members(), eur in members(),
    ) {
        // A key that the bridge drops is a field that "disappeared" for a client.
        let body = |quote, id: &str| {
            let mut part = head.clone();
            part.insert("quote".to_owned(), format!("{{\"{id}\":{}}}", object(quote)));
            object(&part)
        };
        let (first, second) = (body(&usd, "2781"), body(&eur, "2790"));
        let periods: [Arc<str>; 0] = [];
        let bodies = [("USD", first.as_str()), ("€", second.as_str())];
        let text = utf8(render_part(&bodies, &Fields::new([].into(), ""), &periods).unwrap());
        let part = Members::of(&text).unwrap();
        prop_assert_eq!(part.0.len(), head.len() + 1);
        for (key, raw) in &head {
            prop_assert_eq!(part.get(key), Some(raw.as_str()));
        }
        let quotes = Members::of(part.get("quote").unwrap()).unwrap();
        prop_assert_eq!(quotes.get("USD").map(str::to_owned), Some(object(&usd)));
        prop_assert_eq!(quotes.get("€").map(str::to_owned), Some(object(&eur)));
    }

    #[test]
    fn a_view_shows_its_rows_byte_by_byte(
        rows in prop::collection::vec(members(), 0..6), start in 1_usize..5, limit in 1_usize..5,
    ) {
        // Rows of a longer answer are the page that upstream would have sent.
        let rows: Vec<String> = rows.iter().map(object).collect();
        let data = format!("[{}]", rows.join(","));
        let view = view(&format!("/v1/fiat/map?start={start}&limit={limit}"));
        let page: Vec<_> = rows.iter().skip(start - 1).take(limit).cloned().collect();
        let Some(Shown::Rows(shown)) = render_view(&data, &view) else { panic!("no rows") };
        prop_assert_eq!(utf8(shown), format!("[{}]", page.join(",")));
    }

    #[test]
    fn optional_members_go_on_every_level_and_nothing_else_does(row in members()) {
        // `aux` replaces its default; what it does not govern stays.
        let pairs = view("/v2/cryptocurrency/market-pairs/latest?id=1&aux=fee_type");
        let mut with = row.clone();
        with.insert("market_url".to_owned(), "\"u\"".to_owned());
        with.insert("z".to_owned(), format!("[{}]", object(&with)));
        let mut without = row.clone();
        without.insert("z".to_owned(), format!("[{}]", object(&row)));
        let data = format!("{{\"num_market_pairs\":1,\"market_pairs\":[{}]}}", object(&with));
        let Some(Shown::Rows(shown)) = render_view(&data, &pairs) else { panic!("no rows") };
        prop_assert_eq!(utf8(shown), format!("{{\"market_pairs\":[{}]}}", object(&without)));
    }
}

#[test]
fn one_of_a_coin_is_worth_its_price_digit_by_digit() {
    // `1.50` must not become `1.5` on its way through a conversion.
    let coin = |currency: &str, price: &str| {
        format!(
            r#"{{"id":1,"name":"B","symbol":"BTC","last_updated":"t0","quote":[{{"id":{currency},"price":{price},"last_updated":"t1"}}]}}"#
        )
    };
    let (usd, eur) = (coin("2781", "1.50"), coin("2790", "2E3"));
    let worth = render_conversion(&[("USD", &usd), ("EUR", &eur)]).unwrap();
    assert_eq!(
        utf8(worth),
        r#"{"id":1,"symbol":"BTC","name":"B","amount":1,"last_updated":"t0","quote":{"USD":{"price":1.50,"last_updated":"t1"},"EUR":{"price":2E3,"last_updated":"t1"}}}"#
    );
    assert!(render_conversion(&[]).is_none());
}
