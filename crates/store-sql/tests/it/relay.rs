//! A line to a server that can be cut.
#![expect(clippy::disallowed_methods, reason = "the line lives beside the test")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A port of this machine at which a server can appear and disappear.
#[derive(Debug)]
pub(crate) struct Relay {
    port: u16,
    target: String,
    is_up: Arc<AtomicBool>,
    accepting: Option<tokio::task::JoinHandle<()>>,
}

impl Relay {
    /// Nobody is there yet.
    pub(crate) async fn down(url: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let target = place_of(url).to_owned();
        Self { port, target, is_up: Arc::default(), accepting: None }
    }

    /// The same URL, through here.
    pub(crate) fn url(&self, url: &str) -> String {
        url.replacen(place_of(url), &format!("127.0.0.1:{}", self.port), 1)
    }

    pub(crate) fn up(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(([127, 0, 0, 1], self.port).into()).unwrap();
        let listener = socket.listen(64).unwrap();
        let (target, is_up) = (self.target.clone(), Arc::clone(&self.is_up));
        is_up.store(true, Ordering::Release);
        self.accepting = Some(tokio::spawn(async move {
            while let Ok((here, _)) = listener.accept().await {
                tokio::spawn(carry(here, target.clone(), Arc::clone(&is_up)));
            }
        }));
    }

    /// Cuts every line; new ones are refused.
    pub(crate) async fn cut(&mut self) {
        self.is_up.store(false, Ordering::Release);
        if let Some(accepting) = self.accepting.take() {
            accepting.abort();
            assert!(accepting.await.is_err());
        }
        // The lines look every so often.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}

async fn carry(mut here: TcpStream, target: String, is_up: Arc<AtomicBool>) {
    let mut there = TcpStream::connect(target).await.unwrap();
    let cut = async {
        while is_up.load(Ordering::Acquire) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut here, &mut there) => {}
        () = cut => {}
    }
}

/// Host and port.
fn place_of(url: &str) -> &str {
    let rest = url.split_once('@').unwrap().1;
    rest.split_once('/').map_or(rest, |(place, _)| place)
}
