//! Listen, serve, drain.

use std::{future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

use cmcache::Opening;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::Semaphore,
};
use tokio_util::task::TaskTracker;

use crate::{
    config::GatewayConfig,
    dressed::Dressed,
    hall::{Door, Hall, Ways},
    limits, respond,
};

/// A gateway that listens. Until its [`Door`] is opened it answers that it is starting.
#[derive(Debug)]
pub struct Gateway {
    listener: TcpListener,
    addr: SocketAddr,
    hall: Arc<Hall>,
    grace: Duration,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Whether every request under way was answered within the grace.
    pub complete: bool,
}

impl Gateway {
    /// Takes the address, for a cache that is still to come: what its start waits for is told by
    /// `opening`.
    ///
    /// # Errors
    ///
    /// The address is taken, or not ours.
    pub fn bind(config: &GatewayConfig, opening: Opening) -> io::Result<Self> {
        let listener = listen(config.listen)?;
        let addr = listener.local_addr()?;
        tracing::info!(url = %format_args!("http://{addr}"), "listening, and starting");
        let hall = Arc::new(Hall::new(opening, config.listen.ip().is_loopback()));
        Ok(Self { listener, addr, hall, grace: config.grace })
    }

    /// The way in, to be opened when the cache is there.
    #[must_use]
    pub fn door(&self) -> Door {
        Door::of(Arc::clone(&self.hall))
    }

    /// Where it listens.
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Serves until `stop` is ready, then takes no more connections and lets the requests under
    /// way end within the grace.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) -> Drained {
        let connections = TaskTracker::new();
        let graceful = GracefulShutdown::new();
        let places = Arc::new(Semaphore::new(limits::CONNECTIONS_MAX));
        tokio::pin!(stop);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut stop => break,
            };
            let Ok((stream, _)) = accepted else {
                // Out of descriptors, or the client left already: the next one may do better.
                tokio::time::sleep(Duration::from_millis(5)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
            let connection = connection(stream, Arc::clone(&self.hall));
            let watched = graceful.watcher();
            connections.spawn(async move {
                connection.serve(watched).await;
                drop(place);
            });
        }
        drop(self.listener);
        // Who listens would listen for ever.
        self.hall.dismiss();
        connections.close();
        let complete = tokio::time::timeout(self.grace, async {
            graceful.shutdown().await;
            connections.wait().await;
        });
        Drained { complete: complete.await.is_ok() }
    }
}

/// As [`TcpListener::bind`], with room for more than 128 clients that come in one moment: the
/// kernel drops what is too much, and who was dropped tries again after a second at the earliest.
fn listen(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = if addr.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restart finds its address taken by connections that have ended, but for this.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(addr)?;
    socket.listen(limits::ARRIVING_MAX)
}

struct Connection {
    stream: Dressed<TcpStream>,
    hall: Arc<Hall>,
}

fn connection(stream: TcpStream, hall: Arc<Hall>) -> Connection {
    if stream.set_nodelay(true).is_err() {
        tracing::debug!("a connection without TCP_NODELAY");
    }
    Connection { stream: Dressed::new(stream, respond::raw_refusal), hall }
}

impl Connection {
    async fn serve(self, watcher: hyper_util::server::graceful::Watcher) {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // No `pipeline_flush`: with it, what follows a malformed request in the buffer would keep
        // the refusal from ever being written.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(limits::HEADERS_WITHIN);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(limits::STREAMS_MAX);
        let io = TokioIo::new(self.stream);
        let connection = builder.serve_connection(io, Ways(self.hall)).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

#[cfg(test)]
mod tests;
