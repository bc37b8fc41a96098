//! A network that can be broken on purpose, between a client and a real server.
//!
//! A [`Proxy`] listens on a loopback port and forwards bytes. Its [`Fault`] can be switched while
//! connections live, and it counts what it sees ([`Counts`]): a test can assert that a read of a
//! hundred coins was one round trip.
//!
//! ```
//! # async fn example(redis: &str) {
//! use harness::{Fault, Proxy};
//!
//! let proxy = Proxy::before(redis).await;
//! let before = proxy.counts();
//! // … a client of `proxy.authority()` reads a hundred keys …
//! assert_eq!(proxy.counts().since(&before).round_trips, 1);
//! proxy.set(Fault::HalfOpen).await;
//! // … and is answered from elsewhere …
//! proxy.heal().await;
//! # }
//! ```

mod carry;
mod counts;

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::machine::lasting_port;
use counts::Counters;

pub use counts::Counts;

/// What is wrong with the network.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Every byte takes this long, each way; a round trip takes twice as long.
    Latency(Duration),
    /// Connections are closed, and new ones are refused.
    Cut,
    /// Connections end in RST; new ones are accepted and end the same way.
    Reset,
    /// Everything is accepted and swallowed, and nothing ever comes back. A connection that lost a
    /// byte so is mute for the rest of its life, even after healing: TCP loses no bytes in between.
    HalfOpen,
    /// No more than so many bytes at once, each way, with a pause after each piece.
    Drip {
        /// Bytes of one piece.
        n_bytes: usize,
        /// The pause after it.
        every: Duration,
    },
}

impl Fault {
    fn breaks(&self) -> bool {
        matches!(self, Self::Cut | Self::Reset)
    }

    fn latency(&self) -> Duration {
        if let Self::Latency(latency) = self { *latency } else { Duration::ZERO }
    }
}

/// A fault, and how many were set before it: the same fault twice is two changes.
type Numbered = (u64, Fault);

/// A forwarding port before one server. It closes everything when dropped.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    fault: watch::Sender<Numbered>,
    /// The number of the last change that the listener follows.
    applied: watch::Receiver<u64>,
    counters: Arc<Counters>,
    _listening: JoinSet<()>,
}

impl Proxy {
    /// Listens for clients of the server at `authority` (`host:port`), which need not run yet.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn before(authority: impl Into<String>) -> Self {
        let port = lasting_port();
        let listener = listen(port).await;
        let (fault, faults) = watch::channel(Numbered::default());
        let (apply, applied) = watch::channel(0);
        let counters = Arc::new(Counters::default());
        let link = Link { authority: authority.into(), faults, counters: Arc::clone(&counters) };
        let mut listening = JoinSet::new();
        listening.spawn(serve(listener, link, apply));
        Self { port, fault, applied, counters, _listening: listening }
    }

    /// `127.0.0.1:port`, for clients. It stays the same through all faults.
    #[must_use]
    pub fn authority(&self) -> String {
        format!("{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// The port of [`authority`](Self::authority).
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Switches the fault. When this returns, new connections meet the new one; living ones do a
    /// moment later.
    ///
    /// # Panics
    /// When the port was lost while the network was cut.
    pub async fn set(&self, fault: Fault) {
        self.fault.send_modify(|current| *current = (current.0 + 1, fault));
        let number = self.fault.borrow().0;
        let applied = self.applied.clone().wait_for(|applied| *applied >= number).await.map(|_| ());
        applied.expect("the proxy listens as long as it lives");
    }

    /// Mends the network.
    ///
    /// # Panics
    /// As [`set`](Self::set).
    pub async fn heal(&self) {
        self.set(Fault::None).await;
    }

    /// What has passed so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }
}

/// What every connection shares.
#[derive(Debug, Clone)]
struct Link {
    authority: String,
    faults: watch::Receiver<Numbered>,
    counters: Arc<Counters>,
}

impl Link {
    fn fault(&self) -> Fault {
        self.faults.borrow().1
    }

    /// Returns when connections cannot live on.
    async fn broken(&self) {
        // Nobody can break a link whose proxy is gone: the connection's task ends with it.
        self.faults.clone().wait_for(|(_, fault)| fault.breaks()).await.ok();
    }
}

async fn serve(listener: TcpListener, link: Link, apply: watch::Sender<u64>) {
    let mut faults = link.faults.clone();
    let port = listener.local_addr().expect("a listener has an address").port();
    let mut open = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        let (number, fault) = *faults.borrow_and_update();
        if fault == Fault::Cut {
            // Without a listener the kernel refuses.
            open = None;
        } else if open.is_none() {
            open = Some(listen(port).await);
        }
        apply.send_replace(number);
        tokio::select! {
            changed = faults.changed() => if changed.is_err() { return },
            client = accept(open.as_ref()) => {
                link.counters.connected();
                connections.spawn(carry::carry(client, link.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> TcpStream {
    let Some(listener) = listener else { return std::future::pending().await };
    loop {
        // What a client did to its own connection is not our error.
        if let Ok((client, _)) = listener.accept().await {
            return client;
        }
    }
}

async fn listen(port: u16) -> TcpListener {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.unwrap_or_else(|error| panic!("port {port}: {error}"))
}

#[cfg(test)]
mod tests;
