//! `test` and `integration`.

mod exams;
mod selection;
mod surroundings;

use std::path::PathBuf;

use anyhow::{Result, bail};
use xshell::Cmd;

use crate::servers::Technology;
use crate::workspace::{Missing, Workspace, say, stopwatch};
use surroundings::Surroundings;

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

/// Everything: unit tests, exams, examples in the documentation, integration tests.
pub(crate) fn run(workspace: &Workspace, missing: Missing) -> Result<()> {
    say("test: building (the first time takes minutes)");
    let started = stopwatch();
    let binary = build(workspace)?;
    say(format!(
        "test: built in {:.0} s; getting what the tests need",
        started.elapsed().as_secs_f64()
    ));
    let surroundings = Surroundings::prepare(workspace, binary, &Technology::ALL, missing)?;
    if workspace.has("cargo-nextest") {
        say("test: unit tests, and the exams of the stores");
        exams::forget(workspace, missing)?;
        let outcome = selected(workspace, &surroundings, "not package(integration-tests)", missing);
        let exams = exams::report(workspace, missing);
        outcome.and(exams)?;
        examples(workspace)?;
        say("test: integration tests");
        selected(workspace, &surroundings, "package(integration-tests)", missing)
    } else if surroundings.absent().is_empty() {
        say("test: all tests (by cargo test, cargo-nextest is not installed)");
        let all = ["test", "--quiet", "--workspace", "--lib", "--bins", "--tests"];
        summed(surroundings.tell(workspace.cargo(&all)))?;
        examples(workspace)
    } else {
        bail!("only cargo-nextest can leave tests out: cargo install --locked cargo-nextest")
    }
}

/// Runs the selected tests, without those whose servers cannot be had.
fn selected(
    workspace: &Workspace,
    surroundings: &Surroundings,
    selected: &str,
    missing: Missing,
) -> Result<()> {
    let filter = selection::without(selected, surroundings.absent());
    Ok(surroundings.tell(nextest(workspace, missing).args(["-E", &filter])).run()?)
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
pub(crate) fn n_passed(text: &str) -> usize {
    let results = text.lines().filter_map(|line| line.strip_prefix("test result: ok. "));
    results.filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok()).sum()
}

/// The integration tests alone: all, one suite of them, those whose name contains `only`, or those
/// of the technologies that `only` lists, together with the tests of their stores.
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
    let listed = only.and_then(Technology::list);
    let technologies = match (&listed, suite) {
        (Some(listed), _) => listed.clone(),
        (None, Some(suite)) if !needs_servers(workspace, suite)? => Vec::new(),
        (None, _) => Technology::ALL.to_vec(),
    };
    let name = if listed.is_some() { None } else { only };
    let binary = build(workspace)?;
    let surroundings = Surroundings::prepare(workspace, binary, &technologies, Missing::Fail)?;
    if !workspace.has("cargo-nextest") {
        let command = workspace.cargo(&["test", "--quiet", "-p", "integration-tests", "--tests"]);
        let suite = suite.map(|suite| format!("{suite}::"));
        let named = suite.as_deref().or(only);
        return summed(surroundings.tell(command.args(named.map(|_| "--")).args(named)));
    }
    let selected = match (listed, suite) {
        (None, suite) => selection::integration(suite),
        (Some(listed), None) => selection::only(&listed),
        (Some(listed), suite) => {
            format!("{} & {}", selection::integration(suite), selection::only(&listed))
        }
    };
    let command = nextest(workspace, Missing::Fail).args(["-E", &selected]);
    let shown = suite.map(|_| "--success-output=immediate");
    Ok(surroundings.tell(command.args(shown).args(name)).run()?)
}

/// Whether a suite asks for shared servers anywhere in its files.
fn needs_servers(workspace: &Workspace, suite: &str) -> Result<bool> {
    let suites = workspace.root.join("tests/it");
    let mut files = vec![suites.join(format!("{suite}.rs"))];
    if let Ok(folder) = std::fs::read_dir(suites.join(suite)) {
        files.extend(folder.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?);
    }
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    Ok(texts.into_iter().any(|text| text.contains("TestServers")))
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
    workspace.cargo(&NEXTEST).args(["--profile", profile(missing)])
}

/// The profile of nextest, which is the name of the folder of its report, too.
fn profile(missing: Missing) -> &'static str {
    if missing == Missing::Fail { "ci" } else { "default" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_results_of_all_binaries_are_added_up() {
        // Breaks: the summary would show the last binary only, often "0 passed".
        let text = "running 2 tests\n..\ntest result: ok. 2 passed; 0 failed; 0 ignored\n\n\
                    test result: ok. 40 passed; 0 failed; 1 ignored\n";
        assert_eq!(n_passed(text), 42);
    }
}
