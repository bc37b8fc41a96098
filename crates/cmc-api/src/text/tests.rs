use super::*;

#[test]
fn spaces_and_escapes_are_decoded() {
    // Forms write spaces as `+`, and commas come in both spellings.
    for (raw, text) in [("a+b", "a b"), ("1%2C2", "1,2"), ("%C3%A9", "é"), ("a%2Bb", "a+b")] {
        let decoded = decode(raw);
        assert_eq!((&*decoded.text, decoded.is_exact), (text, true), "{raw}");
    }
    assert_eq!(decode("100%").text, "100%");
    assert!(!decode("%FF").is_exact);
}

#[test]
fn what_is_encoded_is_decoded_back() {
    // Separators in a value must not become separators of the query.
    for text in ["a&b=c", "x y+z", "é%41", "1,2", "$@-._~:"] {
        let encoded = encode(text).to_string();
        assert!(!encoded.contains(['&', '=', '+', ' ', '#']), "{encoded}");
        assert_eq!(decode(&encoded).text, text);
    }
    assert_eq!(encode("1,2").to_string(), "1,2");
}
