//! `features`: every feature of every crate compiles alone, and without the others.

use anyhow::Result;
use serde_json::Value;

use crate::workspace::Workspace;

/// Lints each crate without its default features, then with each single feature.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for package in &workspace.packages {
        let name = package["name"].as_str().unwrap_or_default();
        for features in combinations(package) {
            lint(workspace, name, &features)?;
        }
    }
    Ok(())
}

fn lint(workspace: &Workspace, package: &str, features: &str) -> Result<()> {
    let command = ["clippy", "--quiet", "-p", package, "--no-default-features", "--features"];
    Ok(workspace.cargo(&command).arg(features).args(["--", "-D", "warnings"]).run()?)
}

/// The feature lists to try: none, and each alone. A crate without features has nothing to try.
fn combinations(package: &Value) -> Vec<String> {
    let declared = package["features"].as_object();
    let single: Vec<String> = declared
        .into_iter()
        .flat_map(|features| features.keys())
        .filter(|name| *name != "default")
        .cloned()
        .collect();
    if single.is_empty() {
        return Vec::new();
    }
    [String::new()].into_iter().chain(single).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_tried_bare_and_with_each_feature_alone() {
        // Breaks: a feature that only compiles because another is on.
        let package =
            serde_json::json!({"features": {"default": ["http"], "http": [], "testing": []}});
        assert_eq!(combinations(&package), ["", "http", "testing"]);
        assert!(combinations(&serde_json::json!({"features": {}})).is_empty());
    }
}
