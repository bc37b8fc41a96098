//! `bench`: lists and runs the benches that need a whole gateway.
//!
//! A bench is a binary `bench-NAME` of `integration-tests`; adding one needs no change here.

use anyhow::{Result, bail};

use crate::tools::{self, NGINX, Tool, WRK};
use crate::workspace::{Workspace, say};

/// What a bench needs from Debian.
fn needs(name: &str) -> &'static [Tool] {
    match name {
        "http" => &[WRK, NGINX],
        _ => &[],
    }
}

/// Prints the benches that exist, each as the command that runs it.
pub(crate) fn list(workspace: &Workspace) -> Result<()> {
    for name in names(workspace) {
        say(format!("cargo xtask bench {name} [--quick]"));
    }
    for package in &workspace.packages {
        for target in targets(package, "bench") {
            say(format!(
                "cargo bench -p {} --bench {target}",
                package["name"].as_str().unwrap_or("?")
            ));
        }
    }
    Ok(())
}

/// Runs one bench in the release profile.
pub(crate) fn run(workspace: &Workspace, name: &str, quick: bool) -> Result<()> {
    let known = names(workspace);
    if !known.iter().any(|known| known == name) {
        bail!("no bench `{name}`; there are: {}", known.join(", "));
    }
    tools::ensure(workspace, needs(name))?;
    if matches!(name, "http" | "scrape") {
        // The bench starts the program itself, as it would be shipped.
        let build = ["build", "--quiet", "--release", "-p", "cmcache-cli"];
        workspace.cargo(&build).run()?;
    }
    let binary = format!("bench-{name}");
    let command = ["run", "--quiet", "--release", "-p", "integration-tests", "--bin"];
    let command = workspace.cargo(&command).arg(binary).arg("--").args(quick.then_some("--quick"));
    Ok(command.run()?)
}

fn names(workspace: &Workspace) -> Vec<String> {
    workspace
        .packages
        .iter()
        .filter(|package| package["name"] == "integration-tests")
        .flat_map(|package| targets(package, "bin"))
        .filter_map(|name| name.strip_prefix("bench-").map(str::to_owned))
        .collect()
}

fn targets(package: &serde_json::Value, kind: &str) -> Vec<String> {
    let all = package["targets"].as_array().into_iter().flatten();
    all.filter(|target| target["kind"][0] == kind)
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}
