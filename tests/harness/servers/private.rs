//! A server that belongs to one test.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::machine::{Scratch, lasting_port, scratch};
use crate::waiting::{PATIENCE, eventually_async};

/// How often a port is tried that another took in the meantime.
const N_ATTEMPTS: usize = 3;
/// A server that does not answer by then does not serve.
const REPLY_WITHIN: Duration = Duration::from_millis(500);

/// How a server is started, and how it is asked whether it serves.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    pub(super) program: &'static str,
    pub(super) arguments: Vec<String>,
    /// The option that tells the port.
    pub(super) port: &'static str,
    pub(super) question: &'static str,
    pub(super) reply: &'static str,
}

/// A process on a port that stays the same when it is started again. It is killed when dropped.
#[derive(Debug)]
pub(super) struct Private {
    recipe: Recipe,
    port: u16,
    folder: Scratch,
    child: Option<Child>,
}

impl Private {
    pub(super) async fn start(recipe: Recipe) -> Self {
        let mut server = Self { recipe, port: lasting_port(), folder: scratch(), child: None };
        for _ in 1..N_ATTEMPTS {
            if server.try_restart().await {
                return server;
            }
            server.port = lasting_port();
        }
        server.restart().await;
        server
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) async fn restart(&mut self) {
        let has_started = self.try_restart().await;
        assert!(has_started, "{} ends on port {}", self.recipe.program, self.port);
    }

    /// Whether it serves; when not, it has ended.
    async fn try_restart(&mut self) -> bool {
        self.kill();
        let Recipe { program, ref arguments, port, .. } = self.recipe;
        let mut command = Command::new(program);
        command.arg(port).arg(self.port.to_string()).args(arguments);
        command.current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn();
        self.child = Some(child.unwrap_or_else(|error| {
            panic!("{program}: {error}; `cargo xtask servers up` installs what is missing")
        }));
        let child = self.child.as_mut().expect("it was just started");
        let (authority, recipe) = (format!("127.0.0.1:{}", self.port), &self.recipe);
        eventually_async("a private server that serves", PATIENCE, || {
            let has_ended = child.try_wait().expect("our own child can be asked").is_some();
            let authority = authority.clone();
            async move {
                if has_ended {
                    Some(false)
                } else {
                    serves(&authority, recipe).await.then_some(true)
                }
            }
        })
        .await
    }

    pub(super) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended already: then there is nothing to kill.
            child.kill().ok();
            child.wait().ok();
        }
    }

    pub(super) fn signal(&self, signal: &str) {
        let child = self.child.as_ref().expect("a server that was killed gets no signals");
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{signal} was not delivered");
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Another server on the port would answer, too, if it were of the same kind: ours ends then.
async fn serves(authority: &str, recipe: &Recipe) -> bool {
    let asked = async {
        let mut stream = TcpStream::connect(authority).await.ok()?;
        stream.write_all(recipe.question.as_bytes()).await.ok()?;
        let mut reply = vec![0; recipe.reply.len()];
        stream.read_exact(&mut reply).await.ok()?;
        Some(reply == recipe.reply.as_bytes())
    };
    timeout(REPLY_WITHIN, asked).await.ok().flatten().unwrap_or(false)
}
