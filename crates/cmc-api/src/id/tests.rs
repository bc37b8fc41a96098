use super::*;

#[test]
fn only_digits_are_an_id() {
    // Rust's own parser would also take a sign.
    assert_eq!(CoinId::parse("1027"), Some(CoinId::new(1027)));
    for bad in ["", "+1", "-1", "1 ", "one", "4294967296"] {
        assert_eq!(CoinId::parse(bad), None, "{bad}");
    }
    assert_eq!(CoinId::new(7).to_string(), "7");
}

#[test]
fn an_id_keeps_its_text() {
    // Refusals echo what was sent.
    assert_eq!(IdText::of("007"), IdText { id: Some(CoinId::new(7)), text: "007".into() });
    assert_eq!(IdText::of("4294967296").id, None);
}
