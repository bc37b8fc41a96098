//! `tidy`: the laws of the house, one function each.
//!
//! A law takes what it looks at and returns its findings; this file only loads the sources, runs
//! every law and prints. The laws that a compiler cannot know live here, the others in clippy.

mod crates;
mod graph;
mod places;
mod size;
mod source;
mod words;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::workspace::{Workspace, say};
use source::Source;

/// One breach: where, of which law, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: String,
    line: usize,
    law: &'static str,
    advice: String,
}

impl Finding {
    fn new(file: &str, line: usize, law: &'static str, advice: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, law, advice: advice.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.law, self.advice)
    }
}

/// A law about one source file.
type SourceLaw = fn(&Source) -> Vec<Finding>;

const SOURCE_LAWS: [SourceLaw; 10] = [
    size::file_length,
    size::function_length,
    size::line_length,
    places::walls,
    words::forbidden_words,
    words::file_names,
    words::markers,
    words::technologies,
    words::secrets,
    crates::library_shape,
];

/// Folders that hold our text; everything else in the checkout is generated or foreign.
const FOLDERS: [&str; 7] = ["crates", "tests", "xtask", "docs", ".ci", ".config", ".cargo"];

/// What is text, by its ending (a file without one is a script).
const TEXT: [&str; 9] = ["rs", "toml", "md", "yaml", "yml", "sql", "lua", "py", "sh"];

/// Runs every law; prints the findings and fails when there is one.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    let sources = load(&workspace.root)?;
    let mut findings = graph::edges(&read(&workspace.root, "ARCHITECTURE.md")?, workspace);
    findings.extend(crates::manifests(&workspace.root, &workspace.packages)?);
    findings.extend(crates::test_binaries(&workspace.packages));
    for source in &sources {
        findings.extend(SOURCE_LAWS.iter().flat_map(|law| law(source)));
    }
    findings.sort();
    findings.dedup();
    for finding in &findings {
        say(finding);
    }
    match findings.len() {
        0 => Ok(()),
        n_findings => bail!("tidy: {n_findings} findings in {} files read", sources.len()),
    }
}

fn read(root: &Path, path: &str) -> Result<String> {
    std::fs::read_to_string(root.join(path)).with_context(|| path.to_owned())
}

fn load(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in FOLDERS {
        walk(root, &root.join(folder), &mut sources)?;
    }
    for entry in std::fs::read_dir(root)? {
        let path = entry?.path();
        // In a worktree `.git` is a file, and not ours.
        if path.is_file() && !path.ends_with(".git") {
            keep(root, &path, &mut sources)?;
        }
    }
    Ok(sources)
}

fn walk(root: &Path, folder: &Path, sources: &mut Vec<Source>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if !path.is_dir() {
            keep(root, &path, sources)?;
        } else if path.file_name().is_none_or(|name| name != "target" && name != "node_modules") {
            walk(root, &path, sources)?;
        }
    }
    Ok(())
}

fn keep(root: &Path, path: &Path, sources: &mut Vec<Source>) -> Result<()> {
    let is_text = path.extension().is_none_or(|ending| TEXT.iter().any(|text| ending == *text));
    if is_text {
        let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
        // A file that is no text after all (a fixture without an ending) has no laws to break.
        if let Ok(text) = std::fs::read_to_string(path) {
            sources.push(Source::new(&name, text));
        }
    }
    Ok(())
}
