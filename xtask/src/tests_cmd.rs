//! `test` and `integration`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use xshell::Cmd;

use crate::tools;
use crate::workspace::{Missing, Workspace, say};

/// The client that the gateway must satisfy unmodified.
const SDK: &str = "coinmarketcap-sdk==5.0.0";

/// nextest, saying only what failed and the totals.
const NEXTEST: [&str; 8] = [
    "nextest",
    "run",
    "--workspace",
    "--cargo-quiet",
    "--hide-progress-bar",
    "--status-level=fail",
    "--final-status-level=fail",
    "--no-tests=pass",
];

/// Everything: unit tests, examples in the documentation, integration tests.
pub(crate) fn run(workspace: &Workspace, missing: Missing) -> Result<()> {
    let surroundings = Surroundings::prepare(workspace, missing)?;
    build(workspace)?;
    if workspace.has("cargo-nextest") {
        nextest(workspace, missing).args(["-E", "not package(integration-tests)"]).run()?;
        workspace.cargo(&["test", "--quiet", "--workspace", "--doc"]).ignore_stdout().run()?;
        let only = nextest(workspace, missing).args(["-E", "package(integration-tests)"]);
        Ok(surroundings.tell(only).run()?)
    } else {
        say("xtask: cargo-nextest is not installed, using cargo test");
        let all = ["test", "--quiet", "--workspace", "--lib", "--bins", "--tests"];
        surroundings.tell(workspace.cargo(&all)).run()?;
        Ok(workspace.cargo(&["test", "--quiet", "--workspace", "--doc"]).ignore_stdout().run()?)
    }
}

/// The integration tests alone, or those whose name contains `only`.
pub(crate) fn integration(workspace: &Workspace, only: Option<&str>) -> Result<()> {
    let surroundings = Surroundings::prepare(workspace, Missing::Fail)?;
    build(workspace)?;
    let command = if workspace.has("cargo-nextest") {
        let command = nextest(workspace, Missing::Fail);
        command.args(["-E", "package(integration-tests)"]).args(only)
    } else {
        let command = workspace.cargo(&["test", "--quiet", "-p", "integration-tests", "--tests"]);
        command.args(only.map(|_| "--")).args(only)
    };
    Ok(surroundings.tell(command).run()?)
}

/// Builds the binary beside the tests with the same features: nothing is compiled twice, and the
/// tests that kill a process find it.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    workspace.cargo(&["build", "--quiet", "--workspace", "--bins", "--tests"]).run()?;
    let binary = workspace.target.join("debug/cmcache");
    if !binary.is_file() {
        bail!("the build left no {}", binary.display());
    }
    Ok(binary)
}

fn nextest(workspace: &Workspace, missing: Missing) -> Cmd<'_> {
    let profile = if missing == Missing::Fail { "ci" } else { "default" };
    workspace.cargo(&NEXTEST).args(["--profile", profile])
}

/// What the integration tests are told about the machine.
struct Surroundings {
    binary: PathBuf,
    sdk_python: Option<PathBuf>,
}

impl Surroundings {
    fn prepare(workspace: &Workspace, missing: Missing) -> Result<Self> {
        let sdk_python = match tools::venv(workspace, "sdk", SDK) {
            Ok(folder) => Some(folder.join("bin/python")),
            Err(error) if missing == Missing::Skip => {
                say(format!("xtask: skipping the Python SDK's test: {error:#}"));
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Self { binary: workspace.target.join("debug/cmcache"), sdk_python })
    }

    fn tell<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let command = command.env("CMCACHE_BIN", &self.binary);
        match &self.sdk_python {
            Some(python) => command.env("CMCACHE_SDK_PYTHON", python),
            None => command.env_remove("CMCACHE_SDK_PYTHON"),
        }
    }
}
