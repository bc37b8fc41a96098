use super::*;

fn written(is_pretty: bool) -> String {
    let mut json = Json::new(is_pretty);
    json.open_object();
    json.text("a", "x\"\\\n\u{1}é");
    json.key("b");
    json.open_array();
    json.number(1.5);
    json.null();
    json.close_array();
    json.texts("c", []);
    json.key("d");
    json.open_object();
    json.close_object();
    json.close_object();
    String::from_utf8(json.into_bytes()).unwrap()
}

#[test]
fn the_compact_style_has_no_white_space() {
    // Would break: clients that look for `"error_code":"0"`.
    assert_eq!(written(false), r#"{"a":"x\"\\\n\u0001é","b":[1.5,null],"c":[],"d":{}}"#);
}

#[test]
fn the_pretty_style_indents_by_four_and_spaces_after_colons() {
    // Would break: clients that match `"error_code": 1008` in the text.
    let expected = "{\n    \"a\": \"x\\\"\\\\\\n\\u0001é\",\n    \
        \"b\": [\n        1.5,\n        null\n    \
        ],\n    \"c\": [],\n    \"d\": {}\n}";
    assert_eq!(written(true), expected);
}

#[test]
fn numbers_are_written_as_short_as_they_read_back() {
    // Would break: the promise that a number has one text in all versions.
    let cases = [
        (0.0, "0"),
        (-0.0, "0"),
        (21_000_000.0, "21000000"),
        (-0.08213312, "-0.08213312"),
        (1.5e17, "150000000000000000"),
        (0.000001, "0.000001"),
        (1e-10, "1e-10"),
        (1.25e-9, "1.25e-9"),
        (4.2e21, "4.2e+21"),
    ];
    for (value, text) in cases {
        assert_eq!(number_text(value), text);
        assert_eq!(text.parse::<f64>().unwrap(), value);
    }
}
