use super::*;

#[test]
fn a_mistake_deep_in_an_answer_is_placed() {
    // Breaks: a caller would not know which of thousands of figures is odd.
    let error = serde_json::from_str::<Coin>(r#"{"id":1,"quote":{"USD":{"price":[]}}}"#);
    assert!(error.unwrap_err().to_string().contains("expected a number"));
}

#[test]
fn strange_answers_are_read_as_far_as_they_go() {
    // Breaks: one null, or a number in a string, would cost the whole answer.
    let coin: Coin = serde_json::from_str(
        r#"{"id":"825","name":null,"tags":["a",{"slug":"b","name":"B","category":"C"}],
            "platform":{"id":"1027"},"cmc_rank":null,"max_supply":123456789012345678901234567890,
            "quote":{"USD":{"price":"1.10","exotic":{"a":[1]}},"EUR":null},"more":[{}]}"#,
    )
    .unwrap();
    assert_eq!((coin.id.get(), coin.name.as_str()), (825, ""));
    assert_eq!(coin.tags[1].name.as_deref(), Some("B"));
    assert_eq!(coin.max_supply.unwrap(), "123456789012345678901234567890");
    assert_eq!(coin.quote.get("USD").unwrap().price.as_ref().unwrap(), &"1.10");
    assert!(coin.quote.get("EUR").is_none());
}
