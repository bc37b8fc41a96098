//! Who passed which exam, counted from what nextest really ran.
//!
//! Nothing is believed: the names and outcomes come from its JUnit report. An exam is a module of
//! one test per property (`tier_conformance`, `meter`, `ledger`); it has as many properties as
//! anybody was asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::servers::Technology;
use crate::workspace::{Missing, Workspace, say};

use super::selection;

/// The back ends that have to pass, or there is no release.
const BACK_ENDS: [&str; 7] =
    ["memory", "moka", "redis", "memcached", "sqlite", "mysql", "postgres"];

/// Whether every test of a property passed, by back end, exam and property.
type Results = BTreeMap<String, BTreeMap<String, BTreeMap<String, bool>>>;

/// Removes the report of the last run, which says nothing about the next one.
pub(super) fn forget(workspace: &Workspace, missing: Missing) -> Result<()> {
    Ok(workspace.sh.remove_path(path(workspace, missing))?)
}

/// nextest keeps its reports in the checkout, wherever cargo keeps its target.
fn path(workspace: &Workspace, missing: Missing) -> PathBuf {
    workspace.root.join("target/nextest").join(super::profile(missing)).join("junit.xml")
}

/// Prints one line per back end, and complains about those that took no exam.
pub(super) fn report(workspace: &Workspace, missing: Missing) -> Result<()> {
    let path = path(workspace, missing);
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let results = results(&text);
    for (back_end, line) in lines(&results) {
        say(format!("exam: {back_end:<10} {line}"));
    }
    let absent: Vec<&str> =
        BACK_ENDS.into_iter().filter(|name| !results.contains_key(*name)).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let absent = absent.join(", ");
    if missing == Missing::Fail {
        bail!("no exam of {absent} was taken");
    }
    say(format!("exam: not taken: {absent}"));
    Ok(())
}

fn lines(results: &Results) -> Vec<(&str, String)> {
    let n_properties = n_properties(results);
    let line = |exams: &BTreeMap<String, BTreeMap<String, bool>>| {
        let passed = |exam: &String| exams[exam].values().filter(|passed| **passed).count();
        let n_passed: usize = exams.keys().map(passed).sum();
        let n_all: usize = exams.keys().map(|exam| n_properties[exam]).sum();
        let parts: Vec<String> =
            exams.keys().map(|exam| format!("{exam} {}", passed(exam))).collect();
        format!("{n_passed} of {n_all} properties ({})", parts.join(", "))
    };
    results.iter().map(|(back_end, exams)| (&**back_end, line(exams))).collect()
}

/// How many properties an exam has: those that anybody was asked.
fn n_properties(results: &Results) -> BTreeMap<String, usize> {
    let mut names: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    for (exam, properties) in results.values().flatten() {
        names.entry(exam).or_default().extend(properties.keys());
    }
    names.into_iter().map(|(exam, names)| (exam.clone(), names.len())).collect()
}

fn results(junit: &str) -> Results {
    let mut results = Results::new();
    for case in junit.split("<testcase").skip(1) {
        let Some((back_end, exam, property)) = taken(case) else { continue };
        let has_passed = !case.contains("<failure") && !case.contains("<error");
        let properties = results.entry(back_end).or_default().entry(exam).or_default();
        *properties.entry(property).or_insert(true) &= has_passed;
    }
    results
}

/// Back end, exam and property of a test case; `None` when it is of no exam.
fn taken(case: &str) -> Option<(String, String, String)> {
    let path = attribute(case, "name")?;
    let package = attribute(case, "classname")?.split("::").next()?;
    let mut segments = path.rsplit("::");
    let property = segments.next()?;
    let module = segments.next()?;
    let exam = module.strip_suffix("_conformance").unwrap_or(module);
    if exam == module && !["meter", "ledger"].contains(&exam) {
        return None;
    }
    let before = path.strip_suffix(&format!("::{module}::{property}")).unwrap_or_default();
    let back_end = back_end(package, before)?;
    Some((back_end, exam.to_owned(), property.to_owned()))
}

/// A store is known by its crate, the stores of one crate by their modules, a wrapper by its file.
fn back_end(package: &str, before: &str) -> Option<String> {
    let named = |t: &Technology| t.package() == package && selection::names(*t, before);
    if let Some(technology) = Technology::ALL.iter().find(|technology| named(technology)) {
        return Some(technology.name().to_owned());
    }
    match package.strip_prefix("store-") {
        // Where nothing else is said, it is the one that needs no server.
        Some("sql") => Some("sqlite".to_owned()),
        Some(store) => Some(store.to_owned()),
        None => before.split("::").next().filter(|file| !file.is_empty()).map(str::to_owned),
    }
}

/// The space keeps `name` from being found in `classname`.
fn attribute<'a>(case: &'a str, name: &str) -> Option<&'a str> {
    let tag = case.split('>').next()?;
    let opening = format!(" {name}=\"");
    let at = tag.find(&opening)? + opening.len();
    tag[at..].split('"').next()
}

#[cfg(test)]
mod tests;
