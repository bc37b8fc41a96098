//! What the tests are told about the machine.

use std::path::PathBuf;

use anyhow::Result;
use xshell::Cmd;

use crate::servers::{Servers, Technology};
use crate::tools::{self, Node};
use crate::workspace::{Missing, Workspace, say};

/// The client that the gateway must satisfy unmodified.
const SDK: &str = "coinmarketcap-sdk==5.0.0";
/// And those whose versions a lock file names.
const SDK_JS: &str = "tests/sdk/js";

/// The binary, the clients of others, and the servers, which stop with this.
pub(super) struct Surroundings {
    binary: PathBuf,
    sdk_python: Option<PathBuf>,
    sdk_node: Option<Node>,
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
