//! Asking a server whether it serves: an open port alone proves nothing.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a line sent to the port is answered by a text that begins so.
pub(super) fn answers(port: u16, question: &str, reply: &str) -> bool {
    ask(port, question).is_some_and(|text| text.starts_with(reply))
}

fn ask(port: u16, question: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.write_all(question.as_bytes()).ok()?;
    let mut reply = [0; 64];
    let n_read = stream.read(&mut reply).ok()?;
    Some(String::from_utf8_lossy(&reply[..n_read]).into_owned())
}
