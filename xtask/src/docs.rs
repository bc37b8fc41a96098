//! `docs`: the reference pages are written by the code that they describe.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::workspace::{Workspace, say};
use crate::{operating, tests_cmd};

/// Page name to text.
type Pages = BTreeMap<String, String>;

/// Writes `docs/reference`, or with `check` compares it and names the pages that are not current.
pub(crate) fn run(workspace: &Workspace, check: bool) -> Result<()> {
    let fresh = generate(workspace)?;
    let folder = workspace.root.join("docs/reference");
    let stale = differing(&fresh, &read(&folder)?);
    if check {
        if !stale.is_empty() {
            bail!("docs/reference is not current ({}): run `cargo xtask docs`", stale.join(", "));
        }
        return Ok(());
    }
    for name in &stale {
        let path = folder.join(name);
        match fresh.get(name) {
            // Also makes the folder, where there is none yet.
            Some(text) => workspace.sh.write_file(&path, text)?,
            None => workspace.sh.remove_path(&path)?,
        }
        say(format!("docs/reference/{name}"));
    }
    Ok(())
}

/// The gate: the API documentation builds without a warning, the reference is current, and the
/// examples for operators are true.
pub(crate) fn gate(workspace: &Workspace) -> Result<()> {
    // Only libraries: the binary and the facade share a name, and would share a folder.
    let document = ["doc", "--quiet", "--workspace", "--lib", "--no-deps"];
    workspace.cargo(&document).env("RUSTDOCFLAGS", "-D warnings").run()?;
    run(workspace, true)?;
    // The program was built a moment ago.
    operating::run(workspace, true)
}

fn generate(workspace: &Workspace) -> Result<Pages> {
    let binary = tests_cmd::build(workspace)?;
    let folder = workspace.target.join("reference");
    workspace.sh.remove_path(&folder)?;
    workspace.sh.create_dir(&folder)?;
    cmd!(workspace.sh, "{binary} __reference {folder}").quiet().ignore_stdout().run()?;
    let pages = read(&folder)?;
    if pages.is_empty() {
        bail!("`cmcache __reference` wrote no page");
    }
    Ok(pages)
}

fn read(folder: &Path) -> Result<Pages> {
    let mut pages = Pages::new();
    if !folder.is_dir() {
        return Ok(pages);
    }
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "md" || extension == "json") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            pages.insert(name, std::fs::read_to_string(&path)?);
        }
    }
    Ok(pages)
}

/// Pages that are written by hand.
const BY_HAND: [&str; 2] = ["README.md", "catalogue.md"];

/// The pages that are missing, differ, or should not be there.
fn differing(fresh: &Pages, kept: &Pages) -> Vec<String> {
    let mut names: Vec<String> = fresh
        .keys()
        .chain(kept.keys())
        .filter(|name| !BY_HAND.contains(&name.as_str()) && fresh.get(*name) != kept.get(*name))
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(list: &[(&str, &str)]) -> Pages {
        list.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn missing_changed_and_orphaned_pages_are_named_once() {
        // Breaks: a page that nobody regenerates goes on telling an old truth.
        let fresh = pages(&[("cli.md", "new"), ("config.md", "same"), ("metrics.md", "m")]);
        let kept =
            pages(&[("cli.md", "old"), ("config.md", "same"), ("gone.md", "x"), ("README.md", "")]);
        assert_eq!(differing(&fresh, &kept), ["cli.md", "gone.md", "metrics.md"]);
        assert!(differing(&fresh, &fresh).is_empty());
    }
}
