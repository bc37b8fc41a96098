//! A tiny HTTP server on real sockets, which does what real ones only do on bad days.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// How every request is answered.
#[derive(Clone)]
pub(in crate::http) enum Served {
    /// These bytes; the connection is kept.
    Answer(Vec<u8>),
    /// These bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// The connection is closed before all of the request is read.
    Reset,
    /// These bytes, nothing for a while, then the connection is closed.
    Slow { first: Vec<u8>, until: Duration },
}

impl Served {
    pub(in crate::http) fn answer(status: &str, headers: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n");
        Self::Answer([head.as_bytes(), body].concat())
    }
}

/// Ends with the test's process.
pub(in crate::http) struct Server {
    pub(in crate::http) base_url: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    n_connections: usize,
}

impl Server {
    pub(in crate::http) fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }

    pub(in crate::http) fn n_connections(&self) -> usize {
        self.seen.lock().unwrap().n_connections
    }
}

pub(in crate::http) fn serve(served: Served) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Seen::default()));
    let shared = Arc::clone(&seen);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (served, shared) = (served.clone(), Arc::clone(&shared));
            shared.lock().unwrap().n_connections += 1;
            thread::spawn(move || talk(connection.unwrap(), &served, &shared));
        }
    });
    Server { base_url, seen }
}

fn talk(mut connection: TcpStream, served: &Served, seen: &Mutex<Seen>) {
    if matches!(served, Served::Reset) {
        // Closing with unread bytes in the buffer makes the kernel send a reset.
        connection.read_exact(&mut [0; 8]).unwrap();
        thread::sleep(Duration::from_millis(50));
        return;
    }
    while let Some(request) = read_head(&mut connection) {
        seen.lock().unwrap().requests.push(request);
        match served {
            Served::Answer(bytes) => connection.write_all(bytes).unwrap(),
            Served::Raw(bytes) => return connection.write_all(bytes).unwrap(),
            Served::Slow { first, until } => {
                connection.write_all(first).unwrap();
                return thread::sleep(*until);
            }
            Served::Reset => return,
        }
    }
}

fn read_head(connection: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match connection.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return None,
        }
    }
    Some(String::from_utf8(head).unwrap())
}
