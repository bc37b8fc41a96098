//! What holds for every query.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

fn symbols() -> impl Strategy<Value = String> {
    vec("[A-Za-z0-9$@-]{1,6}", 1..5).prop_map(|list| list.join(","))
}

fn ids() -> impl Strategy<Value = String> {
    vec("[0-9]{1,6}", 1..5).prop_map(|list| list.join(","))
}

/// Parameters of quotes and listings, some of them absent, in any order.
fn pairs(listings: bool) -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let named = prop_oneof![
        ids().prop_map(|list| ("id", list)),
        symbols().prop_map(|list| ("symbol", list)),
    ];
    let page = (1_u32..9_999, 1_u32..=5_000).prop_map(|(start, limit)| {
        vec![("start", start.to_string()), ("limit", format!("{limit}.0"))]
    });
    let subject = if listings { page.boxed() } else { named.prop_map(|one| vec![one]).boxed() };
    let converts = prop_oneof![
        symbols().prop_map(|list| ("convert", list)),
        "[1-9][0-9]{0,4}".prop_map(|list| ("convert_id", list)),
    ];
    let aux = select(vec!["cmc_rank", "tags,platform", "max_supply,volume_7d"]);
    (subject, option::of(converts), option::of(aux))
        .prop_map(|(mut pairs, converts, aux)| {
            pairs.extend(converts);
            pairs.extend(aux.map(|list| ("aux", list.to_owned())));
            pairs
        })
        .prop_shuffle()
}

fn print(pairs: &[(&str, String)]) -> String {
    print_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())))
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed_back(pairs in pairs(false)) {
        // A call that differs from its query would fill an entry with another answer.
        for path in [V1_QUOTES, V2_QUOTES, V3_QUOTES] {
            let query = good(path, &print(&pairs));
            let again = good(path, &query.to_upstream());
            prop_assert_eq!(&again, &query);
            prop_assert_eq!(again.canonical(), query.canonical());
            prop_assert_eq!(again.ask(), query.ask());
        }
    }

    #[test]
    fn the_canonical_text_is_a_spelling_of_the_question(pairs in pairs(true)) {
        // Its own canonical text must be itself, else one question has two.
        for path in [V1_LISTINGS, V3_LISTINGS] {
            let query = good(path, &print(&pairs));
            let (_, params) = query.canonical().split_once('?').unwrap();
            let again = good(path, params);
            prop_assert_eq!(again.canonical(), query.canonical());
            prop_assert_eq!(again.ask(), query.ask());
        }
    }

    #[test]
    fn the_order_of_parameters_does_not_matter(pairs in pairs(false), turn in 0_usize..4) {
        // Clients build their query strings from hash maps.
        let mut turned = pairs.clone();
        turned.rotate_left(turn % pairs.len());
        let (one, other) = (good(V3_QUOTES, &print(&pairs)), good(V3_QUOTES, &print(&turned)));
        prop_assert_eq!(one.canonical(), other.canonical());
    }

    #[test]
    fn no_input_panics(raw in "\\PC{0,60}", path in select(vec![V1_QUOTES, MAP, "/x", ""])) {
        // Anybody can send anything.
        let _unused = parse(path, &raw).map(|query| (query.ask(), query.to_upstream()));
    }

    #[test]
    fn free_text_survives_the_way_to_upstream(text in "\\PC{1,40}") {
        // A tag or an address is upstream's business, to the byte.
        let raw = print(&[("tag", text.clone())]);
        let query = good(V3_LISTINGS, &raw);
        prop_assert_eq!(query.get("tag"), Some(text.as_str()));
        prop_assert_eq!(good(V3_LISTINGS, &query.to_upstream()), query);
    }
}
