//! `operating`: the examples of `docs/operating` are true: the program itself reads every
//! configuration, and what a file names is there. As far as that can be told without an engine.

mod compose;
mod grafana;
mod unit;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use xshell::cmd;

use crate::tests_cmd;
use crate::workspace::{Workspace, say};

/// Where they are.
const FOLDER: &str = "docs/operating";

/// Names and values.
type Environment = BTreeMap<String, String>;

/// The examples, and the program that they are for.
struct Examples<'a> {
    workspace: &'a Workspace,
    folder: PathBuf,
    binary: PathBuf,
}

/// Checks all of them; `quick`: with the program as it was built last.
pub(crate) fn run(workspace: &Workspace, quick: bool) -> Result<()> {
    let built = workspace.target.join("debug/cmcache");
    let binary = if quick { built } else { tests_cmd::build(workspace)? };
    let examples = Examples { workspace, folder: workspace.root.join(FOLDER), binary };
    let n_configs = examples.check_configs()?;
    let environment = examples.environment()?;
    let n_services = compose::check(&examples, &environment).context("compose.yaml")?;
    unit::check(&examples).context("cmcache.service")?;
    let n_panels = grafana::check(&examples).context("grafana.json")?;
    say(format!(
        "{FOLDER}: {n_configs} configurations, {n_services} services, a unit and {n_panels} panels"
    ));
    Ok(())
}

impl Examples<'_> {
    fn read(&self, name: &str) -> Result<String> {
        std::fs::read_to_string(self.folder.join(name)).with_context(|| name.to_owned())
    }

    /// Each file of `config` can run, and the program has nothing to warn of.
    fn check_configs(&self) -> Result<usize> {
        let mut n_checked = 0;
        for entry in std::fs::read_dir(self.folder.join("config"))? {
            let path = entry?.path();
            let key = [("CMC_PRO_API_KEY".to_owned(), "checked".to_owned())];
            self.check_config(Some(&path), &Environment::from(key))
                .with_context(|| path.display().to_string())?;
            n_checked += 1;
        }
        ensure!(n_checked > 0, "config: there is none");
        Ok(n_checked)
    }

    /// The program takes the file and the environment, and nothing else, without a word.
    fn check_config(&self, file: Option<&Path>, environment: &Environment) -> Result<()> {
        let (sh, binary) = (&self.workspace.sh, &self.binary);
        let mut check = cmd!(sh, "{binary} config check").env_clear().envs(environment);
        if let Some(file) = file {
            check = check.arg("--config").arg(file);
        }
        let output = check.quiet().ignore_status().output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() && said.is_empty(), "cmcache says: {}", said.trim());
        Ok(())
    }

    /// The program has such a command with such options.
    fn check_command(&self, words: &[String]) -> Result<()> {
        let (sh, binary) = (&self.workspace.sh, &self.binary);
        let command: Vec<&String> =
            words.iter().take_while(|word| !word.starts_with('-')).collect();
        let told = cmd!(sh, "{binary} {command...} --help").quiet().ignore_status().output()?;
        ensure!(told.status.success(), "there is no command `{}`", words.join(" "));
        let help = String::from_utf8_lossy(&told.stdout);
        let known: Vec<&str> = help.split_whitespace().collect();
        match words.iter().filter(|word| word.starts_with('-')).find(|word| {
            let option = word.split('=').next().unwrap_or(word);
            !known.contains(&option)
        }) {
            Some(option) => bail!("`{}` has no option `{option}`", words.join(" ")),
            None => Ok(()),
        }
    }

    /// The variables of `cmcache.env.example`, which the program takes.
    fn environment(&self) -> Result<Environment> {
        let name = "cmcache.env.example";
        let environment = variables(&self.read(name)?)?;
        self.check_config(None, &environment).context(name)?;
        Ok(environment)
    }
}

/// `NAME=value`, one a line.
fn variables(text: &str) -> Result<Environment> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let pairs = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let (name, value) = line.split_once('=').with_context(|| format!("no value: {line}"))?;
        Ok((name.to_owned(), value.to_owned()))
    });
    pairs.collect()
}

#[cfg(test)]
mod tests;
