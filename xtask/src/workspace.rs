//! Where we are, and how commands are started from here.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::{Cmd, Shell, cmd};

use crate::tools;

/// What to do when something that a test needs cannot be had on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// Say so in one line and go on: a developer without the tool can still work.
    Skip,
    /// Stop: a gate that skips is no gate.
    Fail,
}

/// The checkout, its target folder and its packages.
pub(crate) struct Workspace {
    pub(crate) sh: Shell,
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// The members, as `cargo metadata --no-deps` describes them.
    pub(crate) packages: Vec<Value>,
}

impl Workspace {
    /// Finds the workspace that this tool was built from.
    pub(crate) fn open() -> Result<Self> {
        let sh = Shell::new()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask has a parent")?;
        sh.change_dir(root);
        let text = cargo_in(&sh)
            .args(["metadata", "--format-version=1", "--no-deps", "--quiet"])
            .read()
            .context("cargo metadata")?;
        let metadata: Value = serde_json::from_str(&text)?;
        let target = metadata["target_directory"].as_str().context("metadata names the target")?;
        let packages = metadata["packages"].as_array().cloned().context("metadata has packages")?;
        Ok(Self { target: PathBuf::from(target), root: root.to_owned(), packages, sh })
    }

    /// `cargo`, as a person would start it in the checkout.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Cmd<'_> {
        cargo_in(&self.sh).args(arguments)
    }

    /// Whether a program is on the path, or where Debian keeps servers.
    pub(crate) fn has(&self, program: &str) -> bool {
        tools::find(program).is_some()
    }
}

/// Runs one step and tells how long it took, in one line.
pub(crate) fn timed(name: &str, step: impl FnOnce() -> Result<()>) -> Result<()> {
    let started = stopwatch();
    let outcome = step();
    let word = if outcome.is_ok() { "ok" } else { "FAILED" };
    say(format!("ci: {name:<9} {word:<6} {:>7.1} s", started.elapsed().as_secs_f64()));
    outcome.with_context(|| name.to_owned())
}

#[expect(clippy::disallowed_methods, reason = "a chore may look at its own watch")]
pub(crate) fn stopwatch() -> Instant {
    Instant::now()
}

/// Build scripts watch the variables that `cargo run` gave to us: left in place, they would make
/// every alternation of `cargo build` and `cargo xtask` compile half of the dependencies again.
fn cargo_in(sh: &Shell) -> Cmd<'_> {
    let inherited = std::env::vars_os().map(|(name, _)| name).filter(is_of_our_package);
    inherited.fold(cmd!(sh, "cargo").quiet(), |command, name| command.env_remove(name))
}

fn is_of_our_package(name: &OsString) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}

/// Prints one line. A reader that went away (`| head`) is not an error.
pub(crate) fn say(line: impl Display) {
    writeln!(std::io::stdout(), "{line}").ok();
}
