use super::*;

#[test]
fn what_was_described_is_described_again_in_the_same_words() {
    // Breaks if the order of tags changes, or a description is re-written.
    let book = TagBook::default();
    book.learn(r#"[{"slug":"a","name":"A","n":1.0},{"slug":"b","name":"B"}]"#);
    let described = book.describe(r#"["b","a"]"#);
    let expected = r#"[{"slug":"b","name":"B"},{"slug":"a","name":"A","n":1.0}]"#;
    assert_eq!(described.as_deref(), Some(expected));
    assert_eq!(book.describe("[]").as_deref(), Some("[]"));
}

#[test]
fn an_unknown_tag_leaves_the_list_undescribed() {
    // Breaks if a tag is dropped or invented.
    let book = TagBook::default();
    book.learn(r#"[{"slug":"a"}]"#);
    assert_eq!(book.describe(r#"["a","b"]"#), None);
    assert_eq!(book.describe("null"), None);
    assert_eq!(book.describe("[17]"), None);
}

#[test]
fn a_new_description_replaces_the_old() {
    // Breaks if a renamed tag keeps its name for ever.
    let book = TagBook::default();
    book.learn(r#"[{"slug":"a","name":"old"}]"#);
    book.learn(r#"[{"slug":"a","name":"new"}, 17, {"name":"no slug"}]"#);
    assert_eq!(book.describe(r#"["a"]"#).as_deref(), Some(r#"[{"slug":"a","name":"new"}]"#));
}

#[test]
fn the_book_is_bounded_but_known_tags_still_change() {
    // Breaks if a flood of tags fills the memory.
    let book = TagBook::default();
    for number in 0..limits::TAGS_MAX + 10 {
        book.learn(&format!(r#"[{{"slug":"t{number}"}}]"#));
    }
    assert_eq!(book.0.read().unwrap().len(), limits::TAGS_MAX);
    book.learn(r#"[{"slug":"t1","name":"new"}]"#);
    assert!(book.describe(r#"["t1"]"#).unwrap().contains("new"));
}
