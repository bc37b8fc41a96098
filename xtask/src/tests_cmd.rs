//! `test` and `integration`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use xshell::Cmd;

use crate::tools::{self, Node};
use crate::workspace::{Missing, Workspace, say};

/// The client that the gateway must satisfy unmodified.
const SDK: &str = "coinmarketcap-sdk==5.0.0";
/// And those whose versions a lock file names.
const SDK_JS: &str = "tests/sdk/js";

/// nextest, saying only what failed and the totals.
const NEXTEST: [&str; 7] = [
    "nextest",
    "run",
    "--workspace",
    "--cargo-quiet",
    "--hide-progress-bar",
    "--status-level=fail",
    "--final-status-level=fail",
];

/// Everything: unit tests, examples in the documentation, integration tests.
pub(crate) fn run(workspace: &Workspace, missing: Missing) -> Result<()> {
    let surroundings = Surroundings::prepare(workspace, missing)?;
    say("test: building (the first time takes minutes)");
    build(workspace)?;
    if workspace.has("cargo-nextest") {
        say("test: unit tests");
        nextest(workspace, missing)
            .args(["-E", "not package(integration-tests)", "--no-tests=pass"])
            .run()?;
        examples(workspace)?;
        say("test: integration tests");
        let only = nextest(workspace, missing).args(["-E", "package(integration-tests)"]);
        Ok(surroundings.tell(only).run()?)
    } else {
        say("test: all tests (by cargo test, cargo-nextest is not installed)");
        let all = ["test", "--quiet", "--workspace", "--lib", "--bins", "--tests"];
        summed(surroundings.tell(workspace.cargo(&all)))?;
        examples(workspace)
    }
}

/// The examples in the documentation, which nextest does not run.
fn examples(workspace: &Workspace) -> Result<()> {
    say("test: examples in the documentation");
    summed(workspace.cargo(&["test", "--quiet", "--workspace", "--doc"]))
}

/// Runs `cargo test` and says how many tests passed, or everything when one did not.
fn summed(command: Cmd<'_>) -> Result<()> {
    let output = command.ignore_status().output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        say(&text);
        say(String::from_utf8_lossy(&output.stderr));
        bail!("a test failed");
    }
    say(format!("test: {} passed", n_passed(&text)));
    Ok(())
}

/// Adds up the lines `test result: ok. 5 passed; …`, one per test binary.
fn n_passed(text: &str) -> usize {
    let results = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok()).sum()
}

/// The integration tests alone: all, one suite of them, or those whose name contains `only`.
///
/// A suite is a file or folder of `tests/it`; what its tests print is shown.
pub(crate) fn integration(
    workspace: &Workspace,
    suite: Option<&str>,
    only: Option<&str>,
) -> Result<()> {
    if let Some(suite) = suite {
        check_suite(workspace, suite)?;
    }
    let surroundings = Surroundings::prepare(workspace, Missing::Fail)?;
    build(workspace)?;
    if workspace.has("cargo-nextest") {
        let command = nextest(workspace, Missing::Fail).args(["-E", &filter(suite)]);
        let shown = suite.map(|_| "--success-output=immediate");
        return Ok(surroundings.tell(command.args(shown).args(only)).run()?);
    }
    let command = workspace.cargo(&["test", "--quiet", "-p", "integration-tests", "--tests"]);
    let suite = suite.map(|suite| format!("{suite}::"));
    let named = suite.as_deref().or(only);
    summed(surroundings.tell(command.args(named.map(|_| "--")).args(named)))
}

/// The tests of a suite, as nextest selects them.
fn filter(suite: Option<&str>) -> String {
    let of_suite = suite.map(|suite| format!(" & test(/^{suite}::/)"));
    format!("package(integration-tests){}", of_suite.unwrap_or_default())
}

fn check_suite(workspace: &Workspace, suite: &str) -> Result<()> {
    let main = std::fs::read_to_string(workspace.root.join("tests/it/main.rs"))?;
    let suites: Vec<&str> =
        main.lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';')).collect();
    if !suites.contains(&suite) {
        bail!("no suite `{suite}`; there are: {}", suites.join(", "));
    }
    Ok(())
}

/// Builds the binary beside the tests with the same features: nothing is compiled twice, and the
/// tests that kill a process find it.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    workspace
        .cargo(&["build", "--quiet", "--workspace", "--bins", "--tests", "--examples"])
        .run()?;
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
    sdk_node: Option<Node>,
}

impl Surroundings {
    fn prepare(workspace: &Workspace, missing: Missing) -> Result<Self> {
        let python = tools::venv(workspace, "sdk", SDK).map(|folder| folder.join("bin/python"));
        let node = tools::node_modules(workspace, "sdk-js", SDK_JS);
        Ok(Self {
            binary: workspace.target.join("debug/cmcache"),
            sdk_python: unless_skipped(python, "the Python SDK", missing)?,
            sdk_node: unless_skipped(node, "the JavaScript clients", missing)?,
        })
    }

    fn tell<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let command = command.env("CMCACHE_BIN", &self.binary);
        let command = match &self.sdk_python {
            Some(python) => command.env("CMCACHE_SDK_PYTHON", python),
            None => command.env_remove("CMCACHE_SDK_PYTHON"),
        };
        match &self.sdk_node {
            Some(Node { node, folder }) => {
                command.env("CMCACHE_SDK_NODE", node).env("CMCACHE_SDK_NODE_FOLDER", folder)
            }
            None => command.env_remove("CMCACHE_SDK_NODE").env_remove("CMCACHE_SDK_NODE_FOLDER"),
        }
    }
}

/// Where skipping is allowed, what cannot be had is said and left out.
fn unless_skipped<T>(found: Result<T>, what: &str, missing: Missing) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if missing == Missing::Skip => {
            say(format!("test: skipping the test of {what}: {error:#}"));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_is_its_own_tests_and_no_others() {
        // Breaks: `integration api` would run everything, or nothing at all.
        assert_eq!(filter(None), "package(integration-tests)");
        assert_eq!(filter(Some("api")), "package(integration-tests) & test(/^api::/)");
    }

    #[test]
    fn the_results_of_all_binaries_are_added_up() {
        // Breaks: the summary would show the last binary only, often "0 passed".
        let text = "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 0 ignored\n\n\
                    test result: ok. 40 passed; 0 failed; 1 ignored\n";
        assert_eq!(n_passed(text), 42);
    }
}
