use serde_json::json;

use super::*;

#[track_caller]
fn check_library(text: &str, line: Option<usize>) {
    let found = library_shape(&Source::new("crates/x/src/lib.rs", text));
    assert_eq!(found.first().map(|finding| finding.line), line, "{text}");
}

#[test]
fn a_table_of_contents_is_a_library() {
    // Breaks: the law would forbid the shape that it asks for.
    check_library(
        "#![doc = include_str!(\"../README.md\")]\n#![cfg_attr(a, b([c]))]\n//! Prose.\n\nmod a;\n\
         /// Doc.\n#[cfg(feature = \"x\")]\npub mod b;\npub use a::{C, D};\npub(crate) use b::E;\n\
         pub mod prelude {\n    //! Doc.\n    pub use crate::a::C;\n}\n#[cfg(test)]\nmod tests;\n",
        None,
    );
}

#[test]
fn anything_else_in_a_library_root_is_found() {
    // Breaks: lib.rs becomes the file where everything lands.
    check_library("mod a;\nuse a::B;\n", Some(2));
    check_library("mod a;\n\npub fn f() {}\n", Some(3));
    check_library("pub struct A;\n", Some(1));
    check_library("pub mod prelude {\n    pub const A: u8 = 1;\n}\n", Some(2));
    check_library("#[macro_export]\nmacro_rules! m { () => {} }\n", Some(2));
    let elsewhere = Source::new("crates/x/src/a.rs", "fn f() {}");
    assert!(library_shape(&elsewhere).is_empty());
}

#[test]
fn a_manifest_with_its_own_lints_is_found() {
    // Breaks: a crate would quietly allow what the others forbid.
    assert!(inherits_lints("a", "[lints]\nworkspace = true\n").is_none());
    for text in ["", "[lints]\nworkspace = false\n", "[lints.rust]\nx = \"allow\"\n", "not toml"] {
        assert!(inherits_lints("a", text).is_some(), "{text}");
    }
}

#[test]
fn a_crate_without_an_introduction_is_found() {
    // Breaks: a room that nobody explains.
    let first = "#![doc = include_str!(\"../README.md\")]";
    assert!(introduces("a", Some("# a"), first).is_none());
    assert!(introduces("a", Some("# a"), "//! Other.").is_some());
    assert!(introduces("a", Some(" \n"), first).is_some());
    assert!(introduces("a", None, first).is_some());
}

#[test]
fn a_second_test_binary_is_found() {
    // Breaks: every further binary links the whole graph once more.
    let target = |kind: &str| json!({"kind": [kind]});
    let one = json!({"name": "a", "targets": [target("lib"), target("test")]});
    let two = json!({"name": "b", "targets": [target("test"), target("test")]});
    let found = test_binaries(&[one, two]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].file, "crates/b/Cargo.toml");
}
