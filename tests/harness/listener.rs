//! One who listens to server-sent events.

use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// Longest wait for an event.
const EVENT_WITHIN: Duration = Duration::from_secs(30);

/// An open stream of events.
#[derive(Debug)]
pub struct Listener(BufReader<TcpStream>);

/// One event.
#[derive(Debug, Clone)]
pub struct Told {
    /// Where it stands.
    pub id: String,
    /// Its type.
    pub event: String,
    /// What it holds.
    pub data: Value,
}

impl Listener {
    /// Opens `target` with these headers, and waits until the stream has begun.
    ///
    /// # Panics
    /// When it does not begin, or is refused.
    pub async fn open(authority: &str, target: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(authority).await.expect("a gateway listens");
        let request = format!("GET {target} HTTP/1.1\r\nHost: {authority}\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.expect("the gateway reads");
        let mut listener = Self(BufReader::new(stream));
        let status = listener.line().await.expect("a status");
        assert!(status.contains(" 200 "), "{target}: {status}");
        while listener.line().await.expect("a head and a beginning") != "retry: 3000" {}
        listener
    }

    /// The next event; `None` when the stream has ended.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn next(&mut self) -> Option<Told> {
        let told = tokio::time::timeout(EVENT_WITHIN, self.read()).await;
        told.expect("an event within its time")
    }

    /// The next event's type and id, whatever it holds: to listen a thousand times on few cores.
    ///
    /// # Panics
    /// When none comes in time.
    pub async fn next_id(&mut self) -> Option<(String, String)> {
        let told = tokio::time::timeout(EVENT_WITHIN, self.read_as(|event, id, _| (event, id)));
        told.await.expect("an event within its time")
    }

    async fn read(&mut self) -> Option<Told> {
        let told = |event, id, text: &str| {
            let data = serde_json::from_str(text).expect("data is JSON");
            Told { id, event, data }
        };
        self.read_as(told).await
    }

    /// The next event, made of its type, its id and the text of its data.
    async fn read_as<T>(&mut self, told: impl Fn(String, String, &str) -> T) -> Option<T> {
        let (mut id, mut event) = (String::new(), String::new());
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("id", text)) => text.clone_into(&mut id),
                Some(("event", text)) => text.clone_into(&mut event),
                Some(("data", text)) => return Some(told(event, id, text)),
                // Sizes of chunks, comments, empty lines.
                _ => {}
            }
        }
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let n = self.0.read_line(&mut line).await.ok()?;
        (n > 0).then(|| line.trim_end().to_owned())
    }
}
