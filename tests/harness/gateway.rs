//! The real binary, in a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;

use crate::client::Client;
use crate::machine::{Scratch, scratch, setting};
use crate::sim::Sim;
use crate::spawned::Spawned;
use crate::waiting::{PATIENCE, eventually_async};

const BINARY: &str = "cmcache";
/// Variables that would let the surroundings decide what a test sees.
const OURS: &str = "CMCACHE_";

/// How to start a gateway.
#[derive(Debug, Clone)]
pub struct GatewaySpec {
    upstream: String,
    key: String,
    settings: Vec<String>,
    environment: Vec<(String, String)>,
    core: Option<usize>,
    folder: Arc<Scratch>,
}

/// A running gateway; it is killed when dropped.
#[derive(Debug)]
pub struct Gateway {
    server: Spawned,
    client: Client,
    spec: GatewaySpec,
}

impl GatewaySpec {
    /// A gateway before `sim`, with its key and a new data folder.
    #[must_use]
    pub fn before(sim: &Sim) -> Self {
        Self::before_url(&sim.url(), sim.key())
    }

    /// A gateway before any upstream.
    #[must_use]
    pub fn before_url(upstream: &str, key: &str) -> Self {
        Self {
            upstream: upstream.to_owned(),
            key: key.to_owned(),
            settings: Vec::new(),
            environment: Vec::new(),
            core: None,
            folder: Arc::new(scratch()),
        }
    }

    /// Adds `--set key=value`.
    #[must_use]
    pub fn set(mut self, setting: &str) -> Self {
        self.settings.push(setting.to_owned());
        self
    }

    /// Adds an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs it on one core only.
    #[must_use]
    pub const fn on_core(mut self, core: usize) -> Self {
        self.core = Some(core);
        self
    }

    /// Where the gateway keeps its files; the folder outlives a killed gateway.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the binary and waits until it is ready.
    ///
    /// # Panics
    /// When there is no binary, or it ends or keeps silent instead of serving.
    pub async fn start(self) -> Gateway {
        let mut gateway = self.launch().await;
        let client = gateway.client();
        eventually_async("/readyz of the gateway", PATIENCE, || async {
            client.try_get("/readyz").await.ok().filter(|reply| reply.status == 200)
        })
        .await;
        assert!(gateway.server.exit_status().is_none(), "ended: {}", gateway.printed());
        gateway
    }

    /// Starts the binary and waits until it listens, which it does before it is ready.
    ///
    /// # Panics
    /// When there is no binary, or it ends or keeps silent instead of listening.
    pub async fn launch(self) -> Gateway {
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.args(["--upstream", &self.upstream]).arg("--data-dir").arg(self.folder());
        command.args(self.settings.iter().flat_map(|setting| ["--set", setting]));
        let server = Spawned::announcing(command, &self.upstream).await;
        let client = Client::new(server.url(), Some(&self.key));
        Gateway { server, client, spec: self }
    }

    /// A command of the same binary with the same key and variables, for anything but serving.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = match self.core {
            Some(core) => {
                let mut pinned = Command::new("taskset");
                pinned.args(["-c", &core.to_string()]).arg(binary());
                pinned
            }
            None => Command::new(binary()),
        };
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with(OURS) {
                command.env_remove(name);
            }
        }
        command.args(arguments).env("CMC_PRO_API_KEY", &self.key).env_remove("RUST_LOG");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }
}

impl Gateway {
    /// A gateway before `sim` on embedded defaults.
    ///
    /// # Panics
    /// As [`GatewaySpec::start`].
    pub async fn before(sim: &Sim) -> Self {
        GatewaySpec::before(sim).start().await
    }

    /// One who asks it.
    #[must_use]
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// `host:port`.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.server.authority()
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// Both of its streams so far.
    #[must_use]
    pub fn printed(&self) -> String {
        self.server.printed()
    }

    /// How it was started.
    #[must_use]
    pub const fn spec(&self) -> &GatewaySpec {
        &self.spec
    }

    /// `kill -9`; what is returned starts it again over the same folder.
    ///
    /// # Panics
    /// When it ended before.
    #[must_use]
    pub fn kill(mut self) -> GatewaySpec {
        self.server.kill();
        self.spec
    }

    /// SIGTERM, without waiting.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn terminate(&self) {
        self.server.terminate();
    }

    /// How it ended, everything it printed, and how to start it again.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(mut self) -> (ExitStatus, String, GatewaySpec) {
        let (status, printed) = self.server.ended().await;
        (status, printed, self.spec)
    }
}

/// `CMCACHE_BIN`, else the binary that was built beside this test.
fn binary() -> PathBuf {
    if let Some(named) = setting("CMCACHE_BIN") {
        return named.into();
    }
    let this = std::env::current_exe().expect("a test knows its own file");
    let folders = this.ancestors().skip(1).take(2);
    let beside = folders.map(|folder| folder.join(BINARY)).find(|path| path.is_file());
    beside.unwrap_or_else(|| BINARY.into())
}
