//! What a proxy has seen.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// What has passed a proxy, over all of its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were accepted.
    pub connections: u64,
    /// Bytes that came from clients.
    pub bytes_sent: u64,
    /// Bytes that came from the server.
    pub bytes_received: u64,
    /// Bursts of a client that were followed by a burst of the server, on the same connection.
    ///
    /// Requests that are written together are one round trip, however many they are and however
    /// many pieces the reply has. A server that begins to reply before a client has written
    /// everything makes two of it, so keep the requests of such a test below a socket's buffer.
    pub round_trips: u64,
}

impl Counts {
    /// What was added after `earlier`.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            connections: self.connections - earlier.connections,
            bytes_sent: self.bytes_sent - earlier.bytes_sent,
            bytes_received: self.bytes_received - earlier.bytes_received,
            round_trips: self.round_trips - earlier.round_trips,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Counters {
    connections: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
    round_trips: AtomicU64,
}

/// Whose turn it is on one connection.
#[derive(Debug, Default)]
pub(super) struct Turn {
    client_spoke: AtomicBool,
}

impl Counters {
    pub(super) fn connected(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    pub(super) fn sent(&self, turn: &Turn, n_bytes: usize) {
        self.bytes_sent.fetch_add(n_bytes as u64, Relaxed);
        turn.client_spoke.store(true, Relaxed);
    }

    pub(super) fn received(&self, turn: &Turn, n_bytes: usize) {
        self.bytes_received.fetch_add(n_bytes as u64, Relaxed);
        if turn.client_spoke.swap(false, Relaxed) {
            self.round_trips.fetch_add(1, Relaxed);
        }
    }

    pub(super) fn read(&self) -> Counts {
        Counts {
            connections: self.connections.load(Relaxed),
            bytes_sent: self.bytes_sent.load(Relaxed),
            bytes_received: self.bytes_received.load(Relaxed),
            round_trips: self.round_trips.load(Relaxed),
        }
    }
}
