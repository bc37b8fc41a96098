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

#[test]
fn of_a_key_that_occurs_twice_the_last_counts() {
    // As any JSON parser would have it: the bridge must not see another value than clients do.
    let members = Members::of(r#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!((members.get("a"), members.get("c"), members.0.len()), (Some("3"), None, 3));
}

#[test]
fn text_is_escaped_as_json_asks_and_read_back() {
    // A name with a quote or a control character must not break the answer it stands in.
    for name in ["", "a\"b\\c", "line\nbreak\u{1}", "\u{fc}\u{20bf}\u{1f600}"] {
        let mut out = Vec::new();
        write_text(&mut out, name);
        assert_eq!(text(std::str::from_utf8(&out).unwrap()).as_deref(), Some(name));
    }
    assert_eq!((text("17"), text("\"open")), (None, None));
}

#[test]
fn text_that_is_no_json_is_spaced_without_a_panic() {
    // Foreign bytes may reach the writer before anybody has parsed them.
    for odd in ["\"open", "\"\\", "}}]]", "{[", "\u{fc}", ",:,", "\"a\\\"b"] {
        let mut out = Vec::new();
        write_pretty(&mut out, odd, 0);
        write_compact(&mut out, odd);
        assert!(std::str::from_utf8(&out).is_ok(), "{odd}");
    }
}
