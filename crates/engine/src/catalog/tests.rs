use cmc_api::MapAux;

use super::*;

const MAP: &str = r#"[
 {"id":3,"rank":7,"name":"C","symbol":"abc","slug":"c","is_active":1,"status":"active","odd":1E-10},
 {"id":1,"rank":9,"name":"A","symbol":"ABC","slug":"a","is_active":1,"status":"active"},
 {"id":2,"rank":null,"name":"B","symbol":"ABC","slug":"b","is_active":0,"status":"inactive"},
 {"id":"x"}, 17,
 {"id":9,"rank":null,"name":"\u00dc","symbol":"\u00fc$","slug":"u","is_active":0,"status":"untracked"}
]"#;

fn catalog() -> Catalog {
    Catalog::of(&Bytes::from_static(MAP.as_bytes())).unwrap()
}

fn ask() -> MapAsk {
    MapAsk {
        statuses: vec!["active".into()],
        start: 1,
        limit: None,
        sort: MapSort::Id,
        symbols: None,
        aux: MapAux::NONE,
    }
}

/// The ids of the rows of an answer.
fn ids(ask: &MapAsk) -> Vec<u32> {
    let answer = catalog().answer(ask).unwrap();
    let text = std::str::from_utf8(&answer).unwrap();
    let rows = Elements::of(text).unwrap().0;
    rows.iter().map(|row| Members::of(row).unwrap().get("id").unwrap().parse().unwrap()).collect()
}

#[test]
fn rows_that_cannot_be_read_are_skipped_and_the_rest_is_known() {
    // Breaks if one odd row blinds the gateway.
    let catalog = catalog();
    assert_eq!((catalog.len(), catalog.n_active(), catalog.is_empty()), (4, 2, false));
    assert!(catalog.knows(CoinId::new(9)) && !catalog.knows(CoinId::new(4)));
    assert!(catalog.is_ranked(CoinId::new(1)) && !catalog.is_ranked(CoinId::new(2)));
    for foreign in ["", "{}", "null", "[", "17"] {
        assert!(Catalog::of(&Bytes::from_static(foreign.as_bytes())).is_none(), "{foreign}");
    }
}

#[test]
fn a_symbol_in_any_case_stands_for_all_its_coins_by_rank() {
    // Breaks if a collision hides coins, or a lower-case symbol is another symbol.
    let catalog = catalog();
    let of = |symbol: &str| catalog.candidates(symbol).map(CoinId::get).collect::<Vec<_>>();
    assert_eq!(of("ABC"), [3, 1, 2]);
    assert_eq!(of("\u{dc}$"), [9]);
    assert!(of("abc").is_empty(), "who asks writes upper case");
    assert_eq!(catalog.by_slug("b").map(CoinId::get), Some(2));
    assert_eq!(catalog.ranked().iter().map(|id| id.get()).collect::<Vec<_>>(), [3, 1, 2]);
}

#[test]
fn pages_are_cut_after_choosing_and_sorting() {
    // Breaks if `start` counts rows that the status leaves out.
    assert_eq!(ids(&ask()), [1, 3]);
    assert_eq!(ids(&MapAsk { sort: MapSort::CmcRank, ..ask() }), [3, 1]);
    assert_eq!(ids(&MapAsk { start: 2, limit: Some(1), ..ask() }), [3]);
    let all = vec!["untracked".into(), "active".into(), "inactive".into()];
    let everything = MapAsk { statuses: all, sort: MapSort::CmcRank, ..ask() };
    assert_eq!(ids(&everything), [3, 1, 2, 9]);
    assert!(ids(&MapAsk { start: 99, ..ask() }).is_empty());
    assert_eq!(catalog().answer(&MapAsk { start: 99, ..ask() }).unwrap(), "[]");
}

#[test]
fn by_symbol_everything_but_aux_is_ignored_and_nothing_at_all_is_told() {
    // Breaks if an inactive coin cannot be found by its symbol.
    let by_symbol = |symbols: &[&str]| MapAsk {
        symbols: Some(symbols.iter().map(|symbol| (*symbol).into()).collect()),
        start: 5,
        ..ask()
    };
    assert_eq!(ids(&by_symbol(&["ABC", "NONE"])), [1, 2, 3]);
    assert!(catalog().answer(&by_symbol(&["NONE"])).is_none());
}

#[test]
fn rows_keep_their_numbers_and_what_nobody_knows() {
    // Breaks if rows pass through a value type on their way.
    let answer = catalog().answer(&MapAsk { start: 2, ..ask() }).unwrap();
    let expected = "[\n        {\n            \"id\": 3,\n            \"rank\": 7,\n            \"name\": \"C\",\n            \"symbol\": \"abc\",\n            \"slug\": \"c\",\n            \"odd\": 1E-10\n        }\n    ]";
    assert_eq!(answer, expected);
}
