//! The shape of a crate: manifest, first page, test binaries.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::Finding;
use super::source::{Source, block_end, line_at};

/// Every manifest inherits the lints; every crate is introduced by the README that it ships.
pub(super) fn manifests(root: &Path, packages: &[Value]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in packages {
        let path = package["manifest_path"].as_str().context("a package has a manifest")?;
        let manifest = Path::new(path);
        let folder = manifest.parent().context("a manifest has a folder")?;
        let name = manifest.strip_prefix(root)?.to_string_lossy().into_owned();
        findings.extend(inherits_lints(&name, &std::fs::read_to_string(manifest)?));
        if name.starts_with("crates/") {
            let readme = std::fs::read_to_string(folder.join("README.md")).ok();
            let first = ["src/lib.rs", "src/main.rs"].iter().map(|file| folder.join(file));
            let text = first.filter_map(|file| std::fs::read_to_string(file).ok()).next();
            findings.extend(introduces(&name, readme.as_deref(), &text.unwrap_or_default()));
        }
    }
    Ok(findings)
}

fn inherits_lints(name: &str, text: &str) -> Option<Finding> {
    let inherited = toml::from_str::<toml::Table>(text)
        .ok()
        .and_then(|manifest| manifest.get("lints")?.get("workspace")?.as_bool());
    let advice = "add `[lints] workspace = true`: one set of rules for all";
    (inherited != Some(true)).then(|| Finding::new(name, 1, "lints", advice))
}

fn introduces(name: &str, readme: Option<&str>, first_file: &str) -> Option<Finding> {
    let advice = match readme {
        None => "write README.md: the crate's mental model and an example",
        Some(text) if text.trim().is_empty() => "README.md is empty",
        Some(_) if !first_file.contains("include_str!(\"../README.md\")") => {
            "start the crate with `#![doc = include_str!(\"../README.md\")]`"
        }
        Some(_) => return None,
    };
    Some(Finding::new(name, 1, "readme", advice))
}

/// Each test binary links everything again: one per crate is enough.
pub(super) fn test_binaries(packages: &[Value]) -> Vec<Finding> {
    let count = |package: &Value| {
        let targets = package["targets"].as_array().into_iter().flatten();
        targets.filter(|target| target["kind"][0] == "test").count()
    };
    let many = packages.iter().filter(|package| count(package) > 1);
    many.map(|package| {
        let name = package["name"].as_str().unwrap_or_default();
        let advice = format!("{} test binaries: make them modules of one", count(package));
        Finding::new(&format!("crates/{name}/Cargo.toml"), 1, "test-binaries", advice)
    })
    .collect()
}

/// `lib.rs` holds documentation, `mod` and `pub use`: the table of contents, not a chapter.
pub(super) fn library_shape(source: &Source) -> Vec<Finding> {
    let is_library = source.path.starts_with("crates/") && source.path.ends_with("/src/lib.rs");
    if !is_library {
        return Vec::new();
    }
    let foreign = foreign_item(&source.code);
    let advice = "only docs, `mod` and `pub use` belong here: give the item its own file";
    let findings = foreign
        .map(|at| Finding::new(&source.path, line_at(&source.code, at), "lib-shape", advice));
    findings.into_iter().collect()
}

/// The position of the first item that is neither `mod` nor `pub use`.
fn foreign_item(code: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += code[at..].find(|letter: char| !letter.is_whitespace() && letter != '}')?;
        let rest = &code[at..];
        if rest.starts_with('#') {
            at += attribute_length(rest)?;
            continue;
        }
        let end = rest.find([';', '{']).unwrap_or(rest.len());
        let words: Vec<&str> = rest[..end].split_whitespace().collect();
        let visible = words.first().is_some_and(|word| word.starts_with("pub"));
        at += match words.get(usize::from(visible)) {
            // An inline module is read like the file itself.
            Some(&"mod") => end + 1,
            Some(&"use") if visible => rest.find(';').map_or(rest.len(), |length| length + 1),
            _ => return Some(at),
        };
        if at >= code.len() {
            return None;
        }
    }
}

/// How long `#[…]` or `#![…]` is; brackets may be nested.
fn attribute_length(rest: &str) -> Option<usize> {
    let open = rest.find('[')?;
    let braces = rest.replace(['{', '}'], " ").replace('[', "{").replace(']', "}");
    block_end(&braces, open).map(|end| end + 1)
}

#[cfg(test)]
mod tests;
