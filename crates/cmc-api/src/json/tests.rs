use super::*;

const ODD: &str = r#"{"a":1.0,"b" : [ ] ,"c":{},"d":"x \"y\" , {z}","e":[1E+5,-0.10,{"f":null}]}"#;

#[test]
fn members_keep_order_and_number_text() {
    // A number that passes through a float would lose its text.
    let members = Members::of(ODD).unwrap();
    let keys: Vec<_> = members.0.iter().map(|(key, _)| key.as_ref()).collect();
    assert_eq!(keys, ["a", "b", "c", "d", "e"]);
    assert_eq!(members.get("a"), Some("1.0"));
    assert_eq!(
        Elements::of(members.get("e").unwrap()).unwrap().0,
        ["1E+5", "-0.10", r#"{"f":null}"#]
    );
}

#[test]
fn an_escaped_key_is_read_unescaped() {
    // The bridge looks members up by name.
    let members = Members::of(r#"{"\u0061b":1}"#).unwrap();
    assert_eq!(members.get("ab"), Some("1"));
}

#[test]
fn what_is_not_an_object_is_none() {
    // A foreign body must be a miss, never a panic.
    for text in ["", "[", "[]", "null", "{\"a\":}", "{} x"] {
        assert_eq!(Members::of(text), None, "{text}");
    }
}

#[test]
fn pretty_text_has_four_spaces_and_compacts_back() {
    // The classic stack's spacing; strings must not be touched.
    let mut pretty = Vec::new();
    write_pretty(&mut pretty, ODD, 0);
    let text = String::from_utf8(pretty).unwrap();
    assert!(text.starts_with(
        "{\n    \"a\": 1.0,\n    \"b\": [],\n    \"c\": {},\n    \"d\": \"x \\\"y\\\" , {z}\""
    ));
    assert!(text.ends_with("\n        {\n            \"f\": null\n        }\n    ]\n}"));
    let mut compact = Vec::new();
    write_compact(&mut compact, &text);
    let expected = r#"{"a":1.0,"b":[],"c":{},"d":"x \"y\" , {z}","e":[1E+5,-0.10,{"f":null}]}"#;
    assert_eq!(String::from_utf8(compact).unwrap(), expected);
}
