//! `features`: every feature of every crate compiles alone, and without the others; what the
//! program does only with one is tested with it.

use anyhow::{Result, bail};
use serde_json::Value;

use crate::tests_cmd::n_passed;
use crate::workspace::{Workspace, say};

/// Whose features change what is shipped.
const PROGRAM: &str = "cmcache-cli";

/// Lints each crate without its default features, then with each single feature.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    for package in &workspace.packages {
        let name = package["name"].as_str().unwrap_or_default();
        for features in combinations(package) {
            lint(workspace, name, &features)?;
        }
    }
    WITH_FEATURE.iter().try_for_each(|(feature, tests)| exam(workspace, feature, tests))
}

/// Features of the program with tests of their own, and what these are called.
const WITH_FEATURE: [(&str, &str); 1] = [("otel", "traces::")];

/// Builds the program and its tests with a feature. Of the whole workspace, so that nothing below
/// it is compiled again.
fn exam(workspace: &Workspace, feature: &str, tests: &str) -> Result<()> {
    let feature = format!("{PROGRAM}/{feature}");
    let command = ["test", "--quiet", "--workspace", "--test", "it", "--features", &feature];
    let command = workspace.cargo(&command).args(["--", tests]);
    let output = command.ignore_status().output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() || n_passed(&said) == 0 {
        say(&said);
        say(String::from_utf8_lossy(&output.stderr));
        bail!("features: the tests `{tests}` with `{feature}` did not pass, or there were none");
    }
    say(format!("features: {} passed with {feature}", n_passed(&said)));
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
