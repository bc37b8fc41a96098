use super::*;

#[track_caller]
fn check(left: &str, right: &str, expected: Option<&str>) {
    assert_eq!(json_difference(left, right).as_deref(), expected);
}

#[test]
fn order_and_white_space_mean_nothing() {
    // Breaks: two right answers would be called different.
    check(r#"{"a": [1, {"b": null}], "c": "é"}"#, r#"{"c":"\u00e9","a":[1,{"b":null}]}"#, None);
}

#[test]
fn a_number_is_its_text() {
    // Breaks: a price that went through a float would pass as byte-exact.
    check(r#"{"p":[0,1e3]}"#, r#"{"p":[0,1000]}"#, Some("$.p[1]: 1e3 is not 1000"));
    check("1.10", "1.1", Some("$: 1.10 is not 1.1"));
}

#[test]
fn what_is_missing_or_double_is_named() {
    // Breaks: a lost or doubled field would pass unseen.
    check(r#"{"a":{"x":1}}"#, r#"{"a":{}}"#, Some("$.a.x: only on the left"));
    check(r#"{"a":{}}"#, r#"{"a":{"x":1}}"#, Some("$.a.x: only on the right"));
    check("[1]", "[1,2]", Some("$: 1 elements are not 2"));
    check(r#"{"a":1,"a":1}"#, r#"{"a":1}"#, Some(r#"$: the member "a" stands there twice"#));
}

#[test]
fn a_document_that_is_no_json_is_a_difference() {
    // Breaks: two equal error pages would pass as equal answers.
    assert!(json_difference("<html>", "<html>").unwrap().contains("not JSON"));
}
