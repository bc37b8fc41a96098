use super::*;

fn names(record: &Record) -> Vec<&str> {
    record.iter().map(|(name, _)| name.as_str()).collect()
}

fn of<'a>(record: &'a Record, name: &str) -> &'a str {
    &record.iter().find(|(known, _)| known == name).unwrap().1.text
}

#[test]
fn prices_lie_under_their_currency_in_every_version() {
    // A script must not care which version was asked.
    for data in [
        r#"{"1":{"id":1,"symbol":"BTC","quote":{"USD":{"price":1},"EUR":{"price":2}}}}"#,
        r#"{"BTC":[{"id":1,"symbol":"BTC","quote":{"USD":{"price":1},"EUR":{"price":2}}}]}"#,
        r#"[{"id":1,"symbol":"BTC",
            "quote":[{"id":9,"symbol":"USD","price":1},{"symbol":"EUR","price":2}]}]"#,
        r#"[{"id":1,"symbol":"BTC",
            "quotes":[{"symbol":"USD","price":1},{"symbol":"EUR","price":2}]}]"#,
    ] {
        let records = records(data);
        assert_eq!(records.len(), 1, "{data}");
        assert_eq!(names(&records[0]), ["id", "symbol", "quote.USD.price", "quote.EUR.price"]);
    }
}

#[test]
fn the_elements_of_a_series_are_records_that_say_whose_they_are() {
    // A candle without its coin is worth nothing.
    let one = r#"{"id":1,"name":"Bitcoin","quotes":[
        {"time_open":"a","quote":{"USD":{"open":1}}},
        {"time_open":"b","quote":{"USD":{"open":2}}}]}"#;
    let several = format!(r#"{{"1":{one},"2":{one}}}"#);
    assert_eq!(records(&several).len(), 4);
    let records = records(one);
    assert_eq!(names(&records[1]), ["id", "name", "time_open", "quote.USD.open"]);
    assert_eq!(of(&records[1], "quote.USD.open"), "2");
    let pages = r#"{"coins":[{"id":3},{"id":4}],"total_size":2,"has_more":false}"#;
    assert_eq!(self::records(pages).len(), 2);
}

#[test]
fn what_is_no_list_is_one_record() {
    // Plans and market totals are nested.
    let key = records(r#"{"plan":{"limit":5,"name":"x"},"usage":{"day":{"used":1}}}"#);
    assert_eq!(key.len(), 1);
    assert_eq!(names(&key[0]), ["plan.limit", "plan.name", "usage.day.used"]);
    let info = records(r#"{"1":{"id":1,"tags":["a", "b"],"contract_address":[{"a":1}]}}"#);
    assert_eq!(of(&info[0], "tags"), r#"["a","b"]"#);
    assert_eq!(of(&info[0], "contract_address"), r#"[{"a":1}]"#);
}

#[test]
fn numbers_keep_their_text() {
    // A price that was read as a float is another price.
    for number in ["0.0000100000", "1e-7", "123456789012345678901234567890.10", "-0.0"] {
        let records = records(&format!(r#"[{{"id":1,"price":{number}}}]"#));
        assert_eq!(of(&records[0], "price"), number);
    }
}
