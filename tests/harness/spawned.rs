//! A server in a process of its own, that says where it listens.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crate::waiting::{PATIENCE, eventually};

/// A running server; it is killed when dropped.
#[derive(Debug)]
pub struct Spawned {
    child: Child,
    authority: String,
    printed: Printed,
}

/// Everything a process has printed so far, kept by two reading threads.
#[derive(Debug)]
struct Printed {
    text: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Spawned {
    /// Starts `command` and waits for the first `http://HOST:PORT` that it prints and that is not
    /// `upstream`.
    ///
    /// # Panics
    /// When it cannot be started, ends, or keeps silent.
    pub async fn announcing(mut command: Command, upstream: &str) -> Self {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let printed = Printed::by(&mut child);
        let mut started = Self { child, authority: String::new(), printed };
        started.authority = eventually("the address of a new server", PATIENCE, || {
            let has_ended = started.exit_status().is_some();
            let text = started.printed();
            let found = announced(&text, upstream);
            assert!(found.is_some() || !has_ended, "ended before it listened: {command:?}\n{text}");
            found
        })
        .await;
        started
    }

    /// `host:port`.
    #[must_use]
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// The port it listens on.
    ///
    /// # Panics
    /// Never: what was announced has a port.
    #[must_use]
    pub fn port(&self) -> u16 {
        let port = self.authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        port.expect("an announced address has a port")
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Both of its streams so far.
    ///
    /// # Panics
    /// Never: the readers do not.
    #[must_use]
    pub fn printed(&self) -> String {
        self.printed.text.lock().expect("no reader panics").clone()
    }

    /// How it ended, if it has.
    ///
    /// # Panics
    /// Never: it is our own child.
    #[must_use]
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("our own child can be asked")
    }

    /// `kill -9`: no chance to say or write anything.
    ///
    /// # Panics
    /// When it ended before.
    pub fn kill(&mut self) {
        assert!(self.exit_status().is_none(), "ended by itself:\n{}", self.printed());
        self.child.kill().expect("our own child may be killed");
        self.child.wait().expect("our own child can be awaited");
    }

    /// SIGTERM, without waiting.
    ///
    /// # Panics
    /// When the signal cannot be sent.
    pub fn terminate(&self) {
        let sent = Command::new("kill").args(["-TERM", &self.pid().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "SIGTERM was not delivered");
    }

    /// How it ended, and everything it printed.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn ended(&mut self) -> (ExitStatus, String) {
        let status = eventually("the end of a server", PATIENCE, || self.exit_status()).await;
        for reader in self.printed.readers.drain(..) {
            reader.join().expect("no reader panics");
        }
        (status, self.printed())
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        // It may have ended already: then there is nothing to kill.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Printed {
    fn by(child: &mut Child) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let streams = [
            child.stdout.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
            child.stderr.take().map(|stream| Box::new(stream) as Box<dyn Read + Send>),
        ];
        let read = |stream| {
            let text = Arc::clone(&text);
            std::thread::spawn(move || keep(stream, &text))
        };
        let readers = streams.into_iter().flatten().map(read).collect();
        Self { text, readers }
    }
}

fn keep(stream: impl Read, text: &Mutex<String>) {
    let mut lines = BufReader::new(stream);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).is_ok_and(|n_read| n_read > 0) {
        text.lock().expect("no reader panics").push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

fn announced(text: &str, upstream: &str) -> Option<String> {
    let whole_lines = &text[..=text.rfind('\n')?];
    whole_lines.split("http://").skip(1).find_map(|rest| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || ".:".contains(letter);
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let authority = rest[..end].trim_end_matches(['.', ':']);
        let (_, port) = authority.rsplit_once(':')?;
        let is_ours = port.parse::<u16>().is_ok() && !upstream.ends_with(authority);
        is_ours.then(|| authority.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(announced(text, "http://127.0.0.1:9000").as_deref(), expected);
    }

    #[test]
    fn the_address_is_found_in_any_wording() {
        // Breaks: no test could find its gateway.
        check("listening on http://127.0.0.1:8080\n", Some("127.0.0.1:8080"));
        check("cmcache: try http://127.0.0.1:8080/readyz.\n", Some("127.0.0.1:8080"));
        check("up http://127.0.0.1:9000, own http://127.0.0.1:81.\n", Some("127.0.0.1:81"));
    }

    #[test]
    fn half_a_line_and_upstream_are_no_address() {
        // Breaks: tests would ask the simulator, or a port with a digit missing.
        check("listening on http://127.0.0.1:80", None);
        check("upstream http://127.0.0.1:9000\n", None);
    }
}
