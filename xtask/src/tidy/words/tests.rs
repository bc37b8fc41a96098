use super::*;

type Law = fn(&Source) -> Vec<Finding>;

#[track_caller]
fn check(law: Law, path: &str, text: &str, n_findings: usize) {
    let found = law(&Source::new(path, text));
    assert_eq!(found.len(), n_findings, "{path}: {text}: {found:?}");
}

#[test]
fn a_forbidden_word_is_found_in_any_spelling() {
    // Breaks: names that mean anything creep back in.
    for name in ["CacheManager", "cache_manager", "manager2", "MANAGER_URL", "Utils", "misc"] {
        check(forbidden_words, "crates/x/src/a.rs", &format!("let {name} = 1;"), 1);
    }
    for name in ["utility", "tokio_util", "miscount", "CryptoProvider"] {
        check(forbidden_words, "crates/x/src/a.rs", &format!("let {name} = 1;"), 0);
    }
    check(forbidden_words, "crates/x/src/a.rs", "// a manager \n\"util\";", 0);
    check(file_names, "crates/x/src/util.rs", "", 1);
    check(file_names, "crates/x/src/test_helpers/a.rs", "", 1);
    check(file_names, "crates/x/src/key.rs", "", 0);
}

#[test]
fn unfinished_work_is_found_in_code_and_in_comments() {
    // Breaks: a stub is shipped.
    for text in ["todo!()", "unimplemented!()", "dbg!(a)", "#[ignore]", "#[should_panic]"] {
        check(markers, "crates/x/src/a.rs", text, 1);
        check(markers, "crates/x/src/a.rs", &format!("// {text}"), 0);
    }
    check(markers, "crates/x/src/a.rs", "// FIXME later", 1);
    check(markers, "crates/x/src/a.rs", "// XXX later, not XXXX", 1);
}

#[test]
fn paths_of_a_machine_are_found_in_every_text() {
    // Breaks: the checkout works in one place only.
    check(markers, "docs/guide/a.md", concat!("see /wo", "rk/main"), 1);
    check(markers, "tests/cases/a.yaml", "dir: /root/x", 1);
    check(markers, "docs/guide/a.md", concat!("see docs/wo", "rk/main.md"), 1);
    check(markers, "docs/guide/a.md", "see target/tools", 0);
}

#[test]
fn the_engine_names_no_technology() {
    // Breaks: swapping a store would touch the brain.
    for text in ["use store_moka::A;", "// like Redis", "sqlx = 1", "A::SQL", "hyper::Body"] {
        check(technologies, "crates/engine/src/a.rs", text, 1);
    }
    check(technologies, "crates/engine/Cargo.toml", "moka.workspace = true", 1);
    check(technologies, "crates/engine/src/a.rs", "hyperbola, sequel", 0);
    check(technologies, "crates/cmcache/src/wiring.rs", "moka", 0);
}

#[test]
fn a_key_that_could_be_real_is_found_and_a_fake_is_not() {
    // Breaks: a paid key ends in the history for good.
    check(secrets, "tests/cases/a.yaml", "key: 1f3a5c7e-9b2d-4e6f-8a1c-3d5e7f9b2a4c", 1);
    check(secrets, "tests/cases/a.yaml", "key: 00000000-0000-0000-0000-000000000001", 0);
    check(secrets, "tests/a.pem", "-----BEGIN PRIVATE KEY-----", 1);
    check(secrets, "docs/a.md", "2026-11-23 face-to-face", 0);
}
