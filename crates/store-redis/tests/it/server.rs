//! A server of one test's own, and a plain connection to any.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

/// A private server on a free loopback port. Ends with the test.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: String,
    arguments: Vec<String>,
    child: Child,
    folder: TempDir,
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), arguments)
    }

    /// A master with a replica, and a sentinel that watches them under the name `own`.
    pub(crate) fn with_sentinel() -> (Self, Self, Self) {
        let master = Self::start(&[]);
        let place = master.address.replace(':', " ");
        let replica = Self::start(&["--replicaof", &place, "--repl-diskless-sync-delay", "0"]);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sentinel.conf");
        let settings = format!(
            "sentinel monitor own {place} 1\nsentinel down-after-milliseconds own 500\n\
             sentinel failover-timeout own 2000\n"
        );
        std::fs::write(&file, settings).unwrap();
        let arguments = [file.to_str().unwrap().to_owned(), "--sentinel".to_owned()];
        let sentinel = Self::start_in(folder, &arguments.each_ref().map(String::as_str));
        (master, replica, sentinel)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        self.child = spawn(&self.address, &arguments, &self.folder);
    }

    /// `STOP` or `CONT`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
        assert!(sent.success());
    }

    fn start_in(folder: TempDir, arguments: &[&str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        let child = spawn(&address, arguments, &folder);
        let arguments = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Self { address, arguments, child, folder }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(address: &str, arguments: &[&str], folder: &TempDir) -> Child {
    let (host, port) = address.rsplit_once(':').unwrap();
    // A configuration file comes first, or not at all.
    let (file, rest) = arguments.split_at(usize::from(
        arguments.first().is_some_and(|argument| !argument.starts_with("--")),
    ));
    let mut child = Command::new("redis-server")
        .args(file)
        .args(["--bind", host, "--port", port, "--appendonly", "no", "--daemonize", "no"])
        .args(["--dir", folder.path().to_str().unwrap()])
        .args(if file.is_empty() { &["--save", ""][..] } else { &[] })
        .args(rest)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redis-server is installed (apt-get install redis-server)");
    let is_up = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        answers(address)
    });
    if !is_up {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("redis-server does not answer on {address}");
    }
    child
}

/// Whether it speaks, even if it wants a password first.
fn answers(address: &str) -> bool {
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut said = [0; 1];
    stream.write_all(b"PING\r\n").is_ok() && stream.read_exact(&mut said).is_ok()
}

/// A connection without our crate.
#[derive(Debug)]
pub(crate) struct Plain(BufReader<TcpStream>);

impl Plain {
    pub(crate) fn to(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("redis://")).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self(BufReader::new(stream))
    }

    /// Sends a command; the first line of the answer.
    pub(crate) fn ask(&mut self, parts: &[&[u8]]) -> String {
        let mut command = format!("*{}\r\n", parts.len()).into_bytes();
        for part in parts {
            command.extend(format!("${}\r\n", part.len()).into_bytes());
            command.extend_from_slice(part);
            command.extend_from_slice(b"\r\n");
        }
        self.0.get_mut().write_all(&command).unwrap();
        self.line()
    }

    /// A number of `INFO`.
    pub(crate) fn stat(&mut self, section: &str, name: &str) -> u64 {
        let head = self.ask(&[b"INFO", section.as_bytes()]);
        let n_bytes: usize = head.strip_prefix('$').unwrap().parse().unwrap();
        let mut text = vec![0; n_bytes + 2];
        self.0.read_exact(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}:")));
        line.unwrap().trim().parse().unwrap()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
