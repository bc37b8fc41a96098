//! Listen, serve, drain.

use std::{
    convert::Infallible,
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use cmcache::Cmcache;
use http::Request;
use hyper::{body::Incoming, service::Service};
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
    admin::Timers,
    config::GatewayConfig,
    dressed::Dressed,
    limits,
    live::Listeners,
    respond::{self, Reply},
    router::Room,
    traced,
};

/// A gateway that is not listening yet.
#[derive(Debug)]
pub struct Gateway {
    room: Arc<Room>,
    config: GatewayConfig,
}

/// A gateway that listens.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    addr: SocketAddr,
    room: Arc<Room>,
    grace: Duration,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Whether every request under way was answered within the grace.
    pub complete: bool,
}

impl Gateway {
    /// A gateway over `cmcache`.
    #[must_use]
    pub fn new(cmcache: Cmcache, config: GatewayConfig) -> Self {
        let timers = Timers::new(cmcache.monitor());
        let is_local = config.listen.ip().is_loopback();
        let listeners = Listeners::default();
        Self { room: Arc::new(Room { cmcache, timers, is_local, listeners }), config }
    }

    /// Takes the address.
    ///
    /// # Errors
    ///
    /// The address is taken, or not ours; or it would let strangers spend.
    pub fn bind(self) -> io::Result<Bound> {
        // Strangers would spend.
        if self.room.cmcache.is_open() && !self.room.is_local {
            let why = "off loopback, at least one client token is required (cmcache client add, \
                       clients, or CMCACHE_CLIENTS=name=token)";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
        }
        let listener = listen(self.config.listen)?;
        let addr = listener.local_addr()?;
        Ok(Bound { listener, addr, room: self.room, grace: self.config.grace })
    }
}

impl Bound {
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
            let connection = connection(stream, Arc::clone(&self.room));
            let watched = graceful.watcher();
            connections.spawn(async move {
                connection.serve(watched).await;
                drop(place);
            });
        }
        drop(self.listener);
        // Who listens would listen for ever.
        self.room.listeners.dismiss();
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
    room: Arc<Room>,
}

fn connection(stream: TcpStream, room: Arc<Room>) -> Connection {
    if stream.set_nodelay(true).is_err() {
        tracing::debug!("a connection without TCP_NODELAY");
    }
    Connection { stream: Dressed::new(stream, respond::raw_refusal), room }
}

impl Connection {
    async fn serve(self, watcher: hyper_util::server::graceful::Watcher) {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        // No `pipeline_flush`: with it, what follows a malformed request in the buffer would keep
        // the refusal from ever being written.
        builder.http1().timer(TokioTimer::new()).header_read_timeout(limits::HEADERS_WITHIN);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(limits::STREAMS_MAX);
        let io = TokioIo::new(self.stream);
        let connection = builder.serve_connection(io, Ways(self.room)).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    }
}

/// Each request's two ways: at once, or through the engine.
#[derive(Clone, Debug)]
struct Ways(Arc<Room>);

impl Service<Request<Incoming>> for Ways {
    type Response = Reply;
    type Error = Infallible;
    type Future = Way;

    fn call(&self, request: Request<Incoming>) -> Way {
        let span = traced::span(&request);
        match span.in_scope(|| self.0.at_once(&request)) {
            Some(reply) => {
                traced::replied(&span, &reply);
                Way::Short(Some(reply))
            }
            None => {
                let reply = Arc::clone(&self.0).respond(request);
                Way::Long(Box::pin(traced::until_replied(span, reply)))
            }
        }
    }
}

/// A reply that is there, or one that is being made.
enum Way {
    Short(Option<Reply>),
    Long(Pin<Box<dyn Future<Output = Reply> + Send>>),
}

impl Future for Way {
    type Output = Result<Reply, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Short(reply) => match reply.take() {
                Some(reply) => Poll::Ready(Ok(reply)),
                None => Poll::Pending,
            },
            Self::Long(reply) => reply.as_mut().poll(cx).map(Ok),
        }
    }
}

#[cfg(test)]
mod tests;
