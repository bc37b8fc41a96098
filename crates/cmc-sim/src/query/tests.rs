use super::*;

fn pairs(text: &str) -> Vec<(String, String)> {
    RawQuery::parse(text).pairs
}

fn owned(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_last_of_repeated_parameters_wins_at_the_place_of_the_first() {
    // Would break: which failure is reported first.
    assert_eq!(pairs("id=1&x=2&id=3"), owned(&[("id", "3"), ("x", "2")]));
}

#[test]
fn empty_parameters_count_as_absent() {
    // Would break: clients that send `slug=&id=1`.
    assert_eq!(pairs("slug=&id=1&&symbol"), owned(&[("id", "1")]));
}

#[test]
fn escapes_are_undone_and_bad_ones_kept() {
    // Would break: `%2C` lists of every SDK, and non-UTF-8 input.
    assert_eq!(pairs("id=1%2C2&a=b+c%2"), owned(&[("id", "1,2"), ("a", "b c%2")]));
    assert_eq!(pairs("id=%FF%2"), owned(&[("id", "\u{fffd}%2")]));
}

#[test]
fn the_key_is_no_parameter() {
    // Would break: spreadsheets that send the key in the query.
    let query = RawQuery::parse("CMC_PRO_API_KEY=abc&id=1");
    assert_eq!((query.key.as_deref(), query.pairs.len()), (Some("abc"), 1));
}
