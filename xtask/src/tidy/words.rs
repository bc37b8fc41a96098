//! Words that the house does not say.

use super::Finding;
use super::source::{Source, identifiers};

/// Names that mean anything, and so nothing. The full glossary is in CONTRIBUTING.md.
const FORBIDDEN: [&str; 9] =
    ["manager", "managers", "helper", "helpers", "util", "utils", "misc", "provider", "providers"];

/// Names that others gave: crates, their items, and words of the API's own wire format.
const FOREIGN: [&str; 12] = [
    "hyper_util",
    "tokio_util",
    "futures_util",
    "metrics_util",
    "http_body_util",
    "CryptoProvider",
    "default_provider",
    "aws_lc_rs_provider",
    "MeterProvider",
    "SdkMeterProvider",
    "SdkTracerProvider",
    "TracerProvider",
];

/// What must be gone before a change is kept, as code …
const UNFINISHED_CODE: [&str; 5] = ["todo!", "unimplemented!", "dbg!", "#[ignore", "should_panic"];

/// … and as prose.
const UNFINISHED_PROSE: [&str; 2] = ["FIXME", "XXX"];

/// Places of one machine.
const MACHINE_PATHS: [&str; 3] =
    [concat!("/wo", "rk/"), concat!("/tm", "p/t/"), concat!("/ro", "ot/")];

/// The engine is told what a tier or an upstream can do, never which product it is.
const TECHNOLOGIES: [&str; 12] = [
    "moka",
    "redis",
    "memcache",
    "memcached",
    "sql",
    "sqlx",
    "sqlite",
    "mysql",
    "postgres",
    "reqwest",
    "axum",
    "hyper",
];

/// The laws quote what they forbid; these files are read by their authors only.
const OUR_OWN: &str = "xtask/src/tidy";

/// No identifier contains a word of the list.
pub(super) fn forbidden_words(source: &Source) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in source.code.lines().enumerate() {
        for name in identifiers(line).filter(|name| !FOREIGN.contains(name)) {
            if let Some(word) = parts(name).into_iter().find(|p| FORBIDDEN.contains(&&**p)) {
                let advice = format!("`{word}` in `{name}` says nothing: name what it does");
                findings.push(Finding::new(&source.path, index + 1, "forbidden-word", advice));
            }
        }
    }
    findings
}

/// No file is called by a word of the list.
pub(super) fn file_names(source: &Source) -> Vec<Finding> {
    let names = source.path.split('/').map(|name| name.split('.').next().unwrap_or(name));
    let bad = names.filter(|name| parts(name).iter().any(|part| FORBIDDEN.contains(&&**part)));
    bad.map(|name| {
        let advice = format!("a file called `{name}` collects everything: name its noun");
        Finding::new(&source.path, 1, "forbidden-word", advice)
    })
    .collect()
}

/// Nothing is unfinished, and nothing knows the machine that it was written on.
pub(super) fn markers(source: &Source) -> Vec<Finding> {
    if source.path.starts_with(OUR_OWN) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, (text, code)) in source.text.lines().zip(source.code.lines()).enumerate() {
        let mut report =
            |law, advice| findings.push(Finding::new(&source.path, index + 1, law, advice));
        if source.is_rust() {
            for word in UNFINISHED_CODE.iter().filter(|word| code.contains(**word)) {
                report("unfinished", format!("`{word}`: finish it, or leave it out"));
            }
            for word in UNFINISHED_PROSE.iter().filter(|word| words(text).any(|w| w == **word)) {
                report("unfinished", format!("`{word}`: do it now, or open an issue"));
            }
        }
        for path in MACHINE_PATHS.iter().filter(|path| text.contains(**path)) {
            report("machine-path", format!("`{path}` exists on one machine only"));
        }
    }
    findings
}

/// The engine names no technology, not even in prose.
pub(super) fn technologies(source: &Source) -> Vec<Finding> {
    let is_engine =
        source.path.starts_with("crates/engine/src/") || source.path == "crates/engine/Cargo.toml";
    let lines = source.text.lines().enumerate().filter(|_| is_engine);
    lines
        .filter_map(|(index, line)| {
            let lower = line.to_lowercase();
            let name =
                words(&lower).flat_map(|w| w.split('_')).find(|w| TECHNOLOGIES.contains(w))?;
            let advice = format!("`{name}` is a technology: let the port say what it can do");
            Some(Finding::new(&source.path, index + 1, "technology", advice))
        })
        .collect()
}

/// No private key, and nothing that looks like a real API key.
pub(super) fn secrets(source: &Source) -> Vec<Finding> {
    if source.path.starts_with(OUR_OWN) || source.path == "Cargo.lock" {
        return Vec::new();
    }
    let lines = source.text.lines().enumerate();
    lines
        .filter(|(_, line)| {
            line.contains("PRIVATE KEY-----")
                || line
                    .split(|letter: char| !(letter.is_ascii_hexdigit() || letter == '-'))
                    .any(looks_like_api_key)
        })
        .map(|(index, _)| {
            let advice =
                "this looks like a secret: generate it in the test, or use an obvious fake";
            Finding::new(&source.path, index + 1, "secret", advice)
        })
        .collect()
}

/// The API's keys are random UUIDs. A made-up one repeats few digits and passes.
fn looks_like_api_key(word: &str) -> bool {
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    let mut digits: Vec<char> = word.chars().filter(char::is_ascii_hexdigit).collect();
    digits.sort_unstable();
    digits.dedup();
    lengths == [8, 4, 4, 4, 12] && digits.len() > 8
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
}

/// `CacheManager2` and `cache_manager2` are both `cache`, `manager2`; the digits are dropped.
fn parts(name: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut was_lower = false;
    for letter in name.chars() {
        if letter == '_' || letter == '-' || (letter.is_uppercase() && was_lower) {
            parts.push(String::new());
        }
        was_lower = letter.is_lowercase();
        if letter.is_alphabetic()
            && let Some(part) = parts.last_mut()
        {
            part.extend(letter.to_lowercase());
        }
    }
    parts
}

#[cfg(test)]
mod tests;
