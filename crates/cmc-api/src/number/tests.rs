use rust_decimal::Decimal;

use super::*;

fn read(json: &str) -> Number {
    serde_json::from_str(json).unwrap()
}

#[test]
fn every_spelling_survives_to_the_last_digit() {
    // Breaks: a price or a supply would pass through a float.
    let spellings = [
        "84211.75",
        "21000000.0",
        "2.1E10",
        "-4.2e-9",
        "0.10000000000000000001",
        "170000000000000000000000000000",
        "\"12345678901234567890123\"",
    ];
    for json in spellings {
        let number = read(json);
        assert_eq!(number.as_json(), json);
        assert_eq!(number.to_string(), json.trim_matches('"'));
        assert_eq!(serde_json::to_string(&number).unwrap(), json);
    }
}

#[test]
fn a_decimal_is_exact_or_absent() {
    let cases = [
        ("2.1E10", Some("21000000000")),
        ("3.8902e+10", Some("38902000000")),
        ("-4.25e-9", Some("-0.00000000425")),
        ("12.5e-1", Some("1.25")),
        ("5E0", Some("5")),
        ("\"1250000.5\"", Some("1250000.5")),
        // More digits than a decimal holds: rounding would be a loss nobody sees.
        ("0.12345678901234567890123456789012", None),
        ("1e99", None),
        ("\"n/a\"", None),
        ("\"1é5e1\"", None),
    ];
    for (json, expected) in cases {
        let expected = expected.map(|text| text.parse::<Decimal>().unwrap());
        assert_eq!(read(json).as_decimal(), expected, "{json}");
    }
}

#[test]
fn numbers_are_read_where_they_stand_and_nothing_else_is() {
    assert_eq!(read("\"1791158400\"").as_u64(), Some(1_791_158_400));
    assert_eq!(read("-7").as_i64(), Some(-7));
    assert_eq!(read("1e400").as_f64(), None);
    assert_eq!(read("\"1\""), read("1"));
    assert_ne!(read("1.0"), read("1"));
    assert!(serde_json::from_str::<Number>("{}").is_err());
    assert!(serde_json::from_str::<Number>("null").is_err());
    assert_eq!(serde_json::from_str::<Option<Number>>("null").unwrap(), None);
}
