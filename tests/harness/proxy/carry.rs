//! One connection through a proxy: two pipes, each with a queue of pieces and their due times.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::counts::Turn;
use super::{Fault, Link};

const PIECE_BYTES_MAX: usize = 64 * 1024;
/// Pieces under way, each way: a slow reader slows its writer down.
const N_PIECES_MAX: usize = 64;

/// A piece of a stream, and when it is to arrive.
type Piece = (Instant, Bytes);

/// What both directions of a connection know.
struct Wire<'a> {
    link: &'a Link,
    turn: Turn,
    /// A byte was lost: nothing that follows can be understood.
    is_mute: AtomicBool,
}

#[derive(Clone, Copy)]
enum Way {
    ToServer,
    ToClient,
}

/// Forwards until both sides have ended or the link breaks.
pub(super) async fn carry(mut client: TcpStream, link: Link) {
    let server = tokio::select! {
        server = connect(&mut client, &link) => server,
        () = link.broken() => None,
    };
    let Some(mut server) = server else { return end(&link, &[client]) };
    // A proxy must not wait where its clients do not.
    for stream in [&client, &server] {
        stream.set_nodelay(true).ok();
    }
    let wire = Wire { link: &link, turn: Turn::default(), is_mute: AtomicBool::new(false) };
    {
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let both = async {
            tokio::join!(
                wire.pipe(Way::ToServer, from_client, to_server),
                wire.pipe(Way::ToClient, from_server, to_client),
            )
        };
        tokio::select! {
            _ = both => {}
            () = link.broken() => {}
        }
    }
    end(&link, &[client, server]);
}

/// The server, or nothing when the client has to go. Behind a half-open link is nobody.
async fn connect(client: &mut TcpStream, link: &Link) -> Option<TcpStream> {
    if link.fault() != Fault::HalfOpen {
        return TcpStream::connect(&link.authority).await.ok();
    }
    let turn = Turn::default();
    let mut buffer = vec![0; PIECE_BYTES_MAX];
    loop {
        match client.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(n_read) => link.counters.sent(&turn, n_read),
        }
    }
}

/// A connection that is reset says so when it is dropped; all others just close.
fn end<const N: usize>(link: &Link, streams: &[TcpStream; N]) {
    if link.fault() == Fault::Reset {
        for stream in streams {
            // A connection that has ended cannot be reset any more.
            stream.set_zero_linger().ok();
        }
    }
}

impl Wire<'_> {
    async fn pipe(&self, way: Way, from: ReadHalf<'_>, to: WriteHalf<'_>) {
        let (queue, queued) = mpsc::channel(N_PIECES_MAX);
        tokio::join!(self.take(way, from, queue), self.deliver(queued, to));
    }

    async fn take(&self, way: Way, mut from: ReadHalf<'_>, queue: mpsc::Sender<Piece>) {
        let mut buffer = vec![0; PIECE_BYTES_MAX];
        while let Ok(n_read) = from.read(&mut buffer).await {
            if n_read == 0 {
                return;
            }
            let is_lost = self.loses();
            match way {
                Way::ToServer => self.link.counters.sent(&self.turn, n_read),
                Way::ToClient if is_lost => {}
                Way::ToClient => self.link.counters.received(&self.turn, n_read),
            }
            let due = Instant::now() + self.link.fault().latency();
            let piece = Bytes::copy_from_slice(&buffer[..n_read]);
            if !is_lost && queue.send((due, piece)).await.is_err() {
                return;
            }
        }
    }

    async fn deliver(&self, mut queued: mpsc::Receiver<Piece>, mut to: WriteHalf<'_>) {
        while let Some((due, mut piece)) = queued.recv().await {
            sleep_until(due).await;
            while !piece.is_empty() && !self.loses() {
                let fault = self.link.fault();
                let n_bytes =
                    if let Fault::Drip { n_bytes, .. } = fault { n_bytes } else { piece.len() };
                let part = piece.split_to(n_bytes.clamp(1, piece.len()));
                if to.write_all(&part).await.is_err() {
                    return;
                }
                self.pause(fault).await;
            }
        }
        to.shutdown().await.ok();
    }

    /// Whether what comes now is lost; from the first lost byte on, everything is.
    fn loses(&self) -> bool {
        if self.link.fault() == Fault::HalfOpen {
            self.is_mute.store(true, Relaxed);
        }
        self.is_mute.load(Relaxed)
    }

    /// Waits after a dripped piece, unless the fault changes meanwhile.
    async fn pause(&self, fault: Fault) {
        if let Fault::Drip { every, .. } = fault {
            let mut faults = self.link.faults.clone();
            timeout(every, faults.wait_for(|(_, now)| *now != fault)).await.ok();
        }
    }
}
