//! For any coin: nothing is lost, nothing is invented, every value keeps its text.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const FORMS: [CoinForm; 5] = [
    CoinForm::QuotesV1,
    CoinForm::QuotesV2,
    CoinForm::QuotesV3,
    CoinForm::ListingsV1,
    CoinForm::ListingsV3,
];

/// Keys that the bridge knows, and some that it does not.
const KEYS: [&str; 14] = [
    "id",
    "name",
    "symbol",
    "slug",
    "cmc_rank",
    "platform",
    "max_supply",
    "is_active",
    "is_fiat",
    "last_updated",
    "tvl_ratio",
    "brand_new",
    "w\u{e9}ird \" key",
    "volume_30d",
];
const QUOTE_KEYS: [&str; 8] = [
    "id",
    "symbol",
    "price",
    "volume_7d",
    "minted_market_cap",
    "market_cap_by_total_supply",
    "brand_new",
    "last_updated",
];

fn value() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_filter("JSON", |f| f.is_finite()).prop_map(|f| format!("{f:e}")),
        (any::<u64>(), 0..9_u32)
            .prop_map(|(n, zeros)| format!("{n}.{}", "0".repeat(zeros as usize + 1))),
    ];
    let leaf = prop_oneof![
        4 => number,
        1 => Just("null".to_owned()),
        1 => any::<bool>().prop_map(|flag| flag.to_string()),
        2 => ".{0,12}".prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..4)
            .prop_map(|elements| format!("[{}]", elements.join(" , ")));
        let object = inner.prop_map(|value| format!("{{ \"k\" : {value} }}"));
        prop_oneof![list, object]
    })
}

fn object(keys: &'static [&'static str]) -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let chosen = prop::sample::subsequence(keys, 0..=keys.len()).prop_shuffle();
    chosen.prop_flat_map(|keys| {
        let values = prop::collection::vec(value(), keys.len());
        values.prop_map(move |values| keys.iter().copied().zip(values).collect())
    })
}

fn written(members: &[(&str, String)]) -> String {
    let pair =
        |(key, value): &(&str, String)| format!("{}: {value}", serde_json::to_string(key).unwrap());
    format!("{{{}}}", members.iter().map(pair).collect::<Vec<_>>().join(","))
}

fn compact(text: &str) -> String {
    let mut out = Vec::new();
    json::write_compact(&mut out, text);
    String::from_utf8(out).unwrap()
}

/// Key to value, without spaces.
fn read(object: &str) -> BTreeMap<String, String> {
    let members = Members::of(object).unwrap();
    members.0.iter().map(|(key, value)| (key.to_string(), compact(value))).collect()
}

/// What `form` should show of the coin, by the rules in prose.
fn expected(
    coin: &[(&'static str, String)],
    quote: &[(&'static str, String)],
    form: CoinForm,
    aux: Aux,
) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
    let classic = form.style() == Style::Classic;
    let by_aux = |key: &str| Aux::key(key).is_none_or(|bit| aux.contains(bit));
    let on_coin = |key: &str| match (form, key) {
        (CoinForm::ListingsV1, "is_active" | "is_fiat") => false,
        (CoinForm::ListingsV3, "is_active" | "is_fiat") => true,
        _ => by_aux(key),
    };
    let only_v3 = ["id", "symbol", "minted_market_cap", "market_cap_by_total_supply"];
    let on_quote = |key: &str| by_aux(key) && !(classic && only_v3.contains(&key));
    let entry = |(key, value): &(&str, String)| ((*key).to_owned(), compact(value));
    let mut head: BTreeMap<_, _> = coin.iter().filter(|(key, _)| on_coin(key)).map(entry).collect();
    let moved = quote.iter().find(|(key, _)| *key == "market_cap_by_total_supply");
    if classic && by_aux("market_cap_by_total_supply") {
        head.extend(moved.map(entry));
    }
    (head, quote.iter().filter(|(key, _)| on_quote(key)).map(entry).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..<_>::default() })]

    #[test]
    fn the_bridge_loses_and_invents_nothing(
        coin in object(&KEYS),
        quote in object(&QUOTE_KEYS),
        form in 0..FORMS.len(),
        some in any::<[bool; 17]>(),
    ) {
        let form = FORMS[form];
        let names = Aux::QUOTES_ALL.to_param();
        let aux = names.split(',').zip(some).filter(|(_, some)| *some);
        let aux = aux.fold(Aux::NONE, |aux, (name, _)| aux.with(Aux::key(name).unwrap()));
        let mut whole = coin.clone();
        whole.push(("quote", format!("[{}]", written(&quote))));
        let pieces = render(&written(&whole), form, aux, 3).unwrap();
        let opening = if form.style() == Style::Classic { "\"quote\": {" } else { "\"quote\":[" };
        let head = std::str::from_utf8(&pieces.head).unwrap().strip_suffix(opening).unwrap();
        let head = format!("{}}}", head.trim_end().strip_suffix(',').unwrap_or(head));
        let (expected_head, expected_quote) = expected(&coin, &quote, form, aux);
        prop_assert_eq!(read(&head), expected_head);
        prop_assert_eq!(read(std::str::from_utf8(&pieces.quote).unwrap()), expected_quote);
    }

    #[test]
    fn spacing_never_changes_a_value(text in value(), depth in 0..6_usize) {
        let mut pretty = Vec::new();
        json::write_pretty(&mut pretty, &text, depth);
        let pretty = String::from_utf8(pretty).unwrap();
        prop_assert_eq!(compact(&pretty), compact(&text));
        let value = serde_json::from_str::<serde_json::Value>(&pretty).unwrap();
        prop_assert_eq!(value, serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }
}
