//! The dependency graph: what ARCHITECTURE.md promises is what cargo sees.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Finding;
use crate::workspace::Workspace;

const LAW: &str = "graph";
const PAGE: &str = "ARCHITECTURE.md";

/// Members outside the picture. The tests may use everything, the chores nothing.
const FREE: [&str; 1] = ["integration-tests"];
const ALONE: [&str; 1] = ["xtask"];

/// Crate name to the crates of ours that it depends on.
type Graph = BTreeMap<String, BTreeSet<String>>;

/// Compares the `dag` block of the page with the manifests, both ways.
pub(super) fn edges(page: &str, workspace: &Workspace) -> Vec<Finding> {
    match parse(page) {
        Ok((line, drawn)) => compare(line, drawn, &actual(&workspace.packages)),
        Err(finding) => vec![finding],
    }
}

fn compare(line: usize, mut drawn: Graph, actual: &Graph) -> Vec<Finding> {
    drawn.extend(ALONE.iter().map(|name| ((*name).to_owned(), BTreeSet::new())));
    let mut findings = Vec::new();
    for (name, uses) in actual {
        if FREE.contains(&name.as_str()) {
            continue;
        }
        let manifest = manifest(name);
        let Some(allowed) = drawn.get(name) else {
            let advice = format!("`{name}` is not in the dag block of {PAGE}: draw it first");
            findings.push(Finding::new(&manifest, 1, LAW, advice));
            continue;
        };
        for extra in uses.difference(allowed) {
            let advice = format!("`{name}` must not depend on `{extra}` (see {PAGE})");
            findings.push(Finding::new(&manifest, 1, LAW, advice));
        }
        for unused in allowed.difference(uses) {
            let advice = format!("`{name} -> {unused}` is drawn but not used: erase it");
            findings.push(Finding::new(PAGE, line, LAW, advice));
        }
    }
    for name in drawn.keys().filter(|name| !actual.contains_key(*name)) {
        let advice = format!("`{name}` is drawn but does not exist: erase it");
        findings.push(Finding::new(PAGE, line, LAW, advice));
    }
    findings
}

/// Reads the one block fenced by "```dag": lines of `name -> name name`.
fn parse(page: &str) -> Result<(usize, Graph), Finding> {
    let broken = |line, advice: &str| Finding::new(PAGE, line, LAW, advice);
    let fence = page.lines().position(|line| line.trim() == "```dag");
    let first = fence.ok_or_else(|| broken(1, "no ```dag block: put the graph back"))? + 1;
    let block = page.lines().skip(first).take_while(|line| line.trim() != "```");
    let mut graph = Graph::new();
    for (index, line) in block.enumerate() {
        let (name, uses) = line
            .split_once("->")
            .ok_or_else(|| broken(first + index + 1, "write `crate -> crate crate`"))?;
        let uses = uses.split_whitespace().map(str::to_owned).collect();
        graph.insert(name.trim().to_owned(), uses);
    }
    Ok((first, graph))
}

/// The normal dependencies between members, as cargo resolved them from the manifests.
fn actual(packages: &[Value]) -> Graph {
    let name_of = |package: &Value| package["name"].as_str().unwrap_or_default().to_owned();
    let members: BTreeSet<String> = packages.iter().map(name_of).collect();
    let uses = |package: &Value| -> BTreeSet<String> {
        let all = package["dependencies"].as_array().into_iter().flatten();
        all.filter(|dependency| dependency["kind"].is_null())
            .map(name_of)
            .filter(|name| members.contains(name))
            .collect()
    };
    packages.iter().map(|package| (name_of(package), uses(package))).collect()
}

fn manifest(name: &str) -> String {
    if ALONE.contains(&name) {
        format!("{name}/Cargo.toml")
    } else {
        format!("crates/{name}/Cargo.toml")
    }
}

#[cfg(test)]
mod tests;
