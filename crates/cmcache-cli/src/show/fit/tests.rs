use super::{
    super::{columns, records::records},
    *,
};

fn table(max: Option<usize>) -> Table {
    let data = r#"[{"cmc_rank":1,"id":1,"symbol":"BTC","name":"A name that is longer than most",
        "quote":[{"symbol":"USD","price":64123.123456789012345,"market_cap":1.2e12,
        "volume_24h":0.000000123456789012}]}]"#;
    fit(columns::table(records(data), "/v3/cryptocurrency/quotes/latest"), max)
}

#[test]
fn where_there_is_room_nothing_is_changed() {
    // A file has no edge.
    let table = table(None);
    assert!(table.rows[0].contains(&"64123.123456789012345".to_owned()), "{table:?}");
    assert_eq!(table.heading[..4], ["cmc_rank", "id", "symbol", "name"]);
    assert_eq!(table.is_right[..4], [true, true, false, false]);
}

#[test]
fn what_does_not_fit_is_shortened_visibly_and_the_last_columns_go() {
    // A number that lost a digit in silence is a wrong number.
    for max in [20, 40, 60, 80, 100] {
        let table = table(Some(max));
        assert!(table.width() <= max, "{max}: {} {table:?}", table.width());
    }
    let table = table(Some(80));
    let price = table.heading.iter().position(|name| name == "price").unwrap();
    assert_eq!(table.rows[0][price], "64123.1234567…");
    assert!(table.rows[0].iter().any(|cell| cell.starts_with("A name") && cell.ends_with('…')));
}

#[test]
fn a_small_number_keeps_the_digits_that_count() {
    // 0.00000… says nothing.
    assert_eq!(shortened_number("0.000000000000123456789", 8), "0.0000000000001234…");
    assert_eq!(shortened_number("123456789012.55555555", 8), "123456789012.55…");
    assert_eq!(shortened_number("12.5", 8), "12.5");
    assert_eq!(shortened_number("123456789012345", 8), "123456789012345");
}

#[test]
fn wide_letters_count_twice() {
    // Names of coins are written in every script.
    assert_eq!(shortened("日本語テキスト", 7), "日本語…");
}
