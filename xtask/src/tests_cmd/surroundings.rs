//! What the tests are told about the machine.

use std::path::PathBuf;

use anyhow::{Context, Result};
use xshell::Cmd;

use crate::servers::{Servers, Technology};
use crate::tools::{self, Node};
use crate::workspace::{Missing, Workspace, say};

/// The client that the gateway must satisfy unmodified.
const SDK: &str = "coinmarketcap-sdk==5.0.0";
/// And those whose versions a lock file names.
const SDK_JS: &str = "tests/sdk/js";
/// What drives a browser, and what examines a page for those who do not see it.
const BROWSER: &str = "tests/browser";

/// A browser, its driver, and where its pictures go.
struct Browser {
    chromium: PathBuf,
    node: Node,
    screenshots: PathBuf,
}

impl Browser {
    fn prepare(workspace: &Workspace) -> Result<Self> {
        tools::ensure(workspace, &[tools::CHROMIUM])?;
        let chromium = tools::find(tools::CHROMIUM.0).context("there is no chromium")?;
        let node = tools::node_modules(workspace, "browser", BROWSER)?;
        Ok(Self { chromium, node, screenshots: workspace.target.join("screenshots") })
    }
}

/// The binary, the clients of others, and the servers, which stop with this.
pub(super) struct Surroundings {
    binary: PathBuf,
    sdk_python: Option<PathBuf>,
    sdk_node: Option<Node>,
    browser: Option<Browser>,
    servers: Servers,
}

impl Surroundings {
    /// Gets everything, after `binary` was built: no server waits for the compiler.
    pub(super) fn prepare(
        workspace: &Workspace,
        binary: PathBuf,
        technologies: &[Technology],
        missing: Missing,
    ) -> Result<Self> {
        let python = tools::venv(workspace, "sdk", SDK).map(|folder| folder.join("bin/python"));
        let node = tools::node_modules(workspace, "sdk-js", SDK_JS);
        Ok(Self {
            binary,
            sdk_python: unless_skipped(python, "the Python SDK", missing)?,
            sdk_node: unless_skipped(node, "the JavaScript clients", missing)?,
            browser: unless_skipped(Browser::prepare(workspace), "the dashboard", missing)?,
            servers: Servers::for_tests(workspace, technologies, missing)?,
        })
    }

    /// The technologies that cannot be had here.
    pub(super) fn absent(&self) -> &[Technology] {
        &self.servers.absent
    }

    pub(super) fn tell<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let command = self.servers.tell(command).env("CMCACHE_BIN", &self.binary);
        let command = match &self.sdk_python {
            Some(python) => command.env("CMCACHE_SDK_PYTHON", python),
            None => command.env_remove("CMCACHE_SDK_PYTHON"),
        };
        let command = match &self.sdk_node {
            Some(Node { node, folder }) => {
                command.env("CMCACHE_SDK_NODE", node).env("CMCACHE_SDK_NODE_FOLDER", folder)
            }
            None => command.env_remove("CMCACHE_SDK_NODE").env_remove("CMCACHE_SDK_NODE_FOLDER"),
        };
        match &self.browser {
            Some(Browser { chromium, node, screenshots }) => command
                .env("CMCACHE_BROWSER", chromium)
                .env("CMCACHE_BROWSER_NODE", &node.node)
                .env("CMCACHE_BROWSER_NODE_FOLDER", &node.folder)
                .env("CMCACHE_BROWSER_SCREENSHOTS", screenshots),
            None => command.env_remove("CMCACHE_BROWSER"),
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
