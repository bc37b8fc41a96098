use super::*;

fn source(text: impl Into<String>) -> Source {
    Source::new("crates/x/src/a.rs", text)
}

#[test]
fn a_file_over_the_limit_is_found_unless_it_is_unit_tests() {
    // Breaks: files grow without anybody deciding it.
    let text = "\n".repeat(501);
    assert_eq!(file_length(&source(text.clone())).len(), 1);
    assert!(file_length(&source("\n".repeat(500))).is_empty());
    assert!(file_length(&Source::new("crates/x/src/a/tests.rs", text.clone())).is_empty());
    assert_eq!(file_length(&Source::new("tests/it/reading.rs", text)).len(), 1);
}

#[test]
fn a_function_over_the_limit_is_found_at_its_first_line() {
    // Breaks: the cap on functions would be a wish.
    let body = "    step();\n".repeat(69);
    let text = format!("\nfn fine() {{}}\nfn long(a: [u8; 2]) -> u8 {{\n{body}}}\n");
    let found = function_length(&source(text));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].line, 3);
    assert!(found[0].advice.contains("`long` has 71 lines"), "{}", found[0].advice);
}

#[test]
fn braces_in_strings_declarations_and_pointers_do_not_confuse_the_count() {
    // Breaks: one odd literal would hide every function after it.
    let body = "    step();\n".repeat(70);
    let text = format!(
        "trait T {{ fn declared(&self); }}\ntype F = fn (u8);\n\
         fn odd() {{ let a = \"{{{{\"; }}\nfn long() {{\n{body}}}\n"
    );
    let found = function_length(&source(text));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].line, 4);
}

#[test]
fn a_long_line_is_found_unless_it_is_an_address_or_a_literal_that_cannot_be_broken() {
    // Breaks: rustfmt leaves long comments and literals alone, so nobody else would tell.
    let long = "x".repeat(101);
    assert_eq!(line_length(&source(format!("// {long}"))).len(), 1);
    assert_eq!(line_length(&source(format!("let a = \"{long}\";"))).len(), 1);
    assert!(line_length(&source(format!("// https://a.example/{long}"))).is_empty());
    assert!(line_length(&source(format!("let a = r\"\n{long}\";"))).is_empty());
    let literal = format!("let a = \"{long}\";");
    assert!(line_length(&Source::new("crates/x/src/a/tests.rs", literal)).is_empty());
}
