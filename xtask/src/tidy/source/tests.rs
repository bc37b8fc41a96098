use super::*;

#[track_caller]
fn check(text: &str, code: &str) {
    assert_eq!(Source::new("crates/x/src/a.rs", text).code, code);
}

#[test]
fn comments_and_literals_are_blanked_and_code_is_kept() {
    // Breaks: every law would fire on prose, or be blind after the first quote.
    check("a // b\nc", "a     \nc");
    check("a /* b /* c */ d */ e", "a                   e");
    check(r#"f("x\"y", b"z") + 1"#, r#"f(      ,     ) + 1"#);
    check("r#\"a \" b\"# + r#type", "           + r#type");
    check("'a' + '\\'' + '\\u{1F}' + &'static str", "    +      +          + &'static str");
}

#[test]
fn an_unfinished_literal_does_not_end_the_scan_in_a_panic() {
    // Breaks: tidy would crash on a file that does not compile.
    for text in ["\"abc", "r#\"abc", "/* abc", "'\\", "\"abc\\"] {
        assert_eq!(Source::new("crates/x/src/a.rs", text).code.len(), text.len());
    }
}

#[test]
fn inline_test_modules_are_left_out() {
    // Breaks: the walls would forbid tests what only the product must not do.
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
    let source = Source::new("crates/x/src/a.rs", text);
    let kept: Vec<usize> = source.lines_outside_tests().map(|(number, _)| number).collect();
    assert_eq!(kept, [1, 6]);
    let sibling = Source::new("crates/x/src/a.rs", "#[cfg(test)]\nmod tests;\nfn c() {}\n");
    assert_eq!(sibling.lines_outside_tests().count(), 3);
}

#[test]
fn identifiers_are_words_and_not_numbers() {
    // Breaks: a forbidden word inside a path or behind a digit would be missed.
    let words: Vec<&str> = identifiers("let a_b = x::Yz(1_000, r2);").collect();
    assert_eq!(words, ["let", "a_b", "x", "Yz", "r2"]);
}
