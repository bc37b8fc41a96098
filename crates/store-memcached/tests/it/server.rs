//! A server of one test's own, and a plain connection to any.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use store_memcached::names::Name;

/// A private memcached on a free loopback port. Ends with the test.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) address: String,
    child: Child,
}

impl Server {
    pub(crate) fn start(megabytes: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        drop(listener);
        Self { child: spawn(&address, megabytes), address }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn restart(&mut self) {
        self.child = spawn(&self.address, 64);
    }

    /// `STOP` or `CONT`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status().unwrap();
        assert!(sent.success());
        // A process stops when each of its threads has been told.
        std::thread::sleep(Duration::from_millis(100));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(address: &str, megabytes: u32) -> Child {
    let (host, port) = address.rsplit_once(':').unwrap();
    let megabytes = megabytes.to_string();
    let mut child = Command::new("memcached")
        .args(["-u", "nobody", "-U", "0", "-l", host, "-p", port, "-m", &megabytes])
        .stderr(Stdio::null())
        .spawn()
        .expect("memcached is installed (apt-get install memcached)");
    let is_up = (0..500).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        TcpStream::connect(address).is_ok()
    });
    if !is_up {
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("memcached does not listen on {address}");
    }
    child
}

/// A connection without our crate.
#[derive(Debug)]
pub(crate) struct Plain(BufReader<TcpStream>);

impl Plain {
    pub(crate) fn to(address: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        Self(BufReader::new(stream))
    }

    /// The first line of the answer.
    pub(crate) fn ask(&mut self, command: &str) -> String {
        self.0.get_mut().write_all(format!("{command}\r\n").as_bytes()).unwrap();
        self.line()
    }

    pub(crate) fn put(&mut self, name: &Name, value: &[u8]) {
        let head = format!("ms {name} {} T60\r\n", value.len());
        self.0.get_mut().write_all(&[head.as_bytes(), value, b"\r\n"].concat()).unwrap();
        assert_eq!(self.line(), "HD");
    }

    pub(crate) fn get(&mut self, name: &Name) -> Vec<u8> {
        let head = self.ask(&format!("mg {name} v"));
        let n_bytes: usize = head.strip_prefix("VA ").unwrap().trim().parse().unwrap();
        let mut value = vec![0; n_bytes + 2];
        self.0.read_exact(&mut value).unwrap();
        value.truncate(n_bytes);
        value
    }

    /// One number of `stats`.
    pub(crate) fn stat(&mut self, name: &str) -> u64 {
        let mut line = self.ask("stats");
        let mut found = None;
        while line != "END" {
            let value = line.strip_prefix(&format!("STAT {name} "));
            found = value.map(|value| value.parse().unwrap()).or(found);
            line = self.line();
        }
        found.unwrap()
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}
