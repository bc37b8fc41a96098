//! The socket: accepts, answers, and keeps the simulator's own paths.

mod own;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::{Extension, Router};
use bytes::Bytes;
use http::{Method, request::Parts};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::bill::Bill;
use crate::config::SimConfig;
use crate::control::{self, Control, ControlError};
use crate::core::{Arrival, Core};
use crate::http_body;
use crate::recording::{RecordingError, Replay};
use crate::reply::{Ending, Reply};

/// The largest body of a POST.
const BODY_MAX_BYTES: usize = 1 << 20;
/// The wait after an accept that failed, for want of descriptors for instance.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
const OWN_PREFIX: &str = "/_sim/";

/// A running simulator; it stops when dropped.
#[derive(Debug)]
pub struct Sim {
    core: Arc<Core>,
    addr: SocketAddr,
    accepting: JoinHandle<()>,
}

/// The address of a caller, for those who call without a key.
#[derive(Debug, Clone, Copy)]
struct Peer(IpAddr);

impl Sim {
    /// Builds the market, listens on `listen` (port 0: a free one) and serves until stopped.
    ///
    /// # Errors
    /// When the address cannot be listened on, or the configuration makes no sense.
    pub async fn start(config: SimConfig, listen: SocketAddr) -> io::Result<Self> {
        config.check().map_err(io::Error::other)?;
        let listener = TcpListener::bind(listen).await?;
        let addr = listener.local_addr()?;
        let core = Arc::new(furnished(&config).map_err(io::Error::other)?);
        #[expect(clippy::disallowed_methods, reason = "the loop is owned by the Sim returned here")]
        let accepting = tokio::spawn(accept(listener, router(&core)));
        Ok(Self { core, addr, accepting })
    }

    /// Closes the listener and every connection.
    pub async fn stop(mut self) {
        self.accepting.abort();
        // Aborted on purpose: how the loop ended tells nothing.
        drop((&mut self.accepting).await);
    }

    /// Where it listens.
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The same simulator for another server to mount.
    pub fn router(&self) -> Router {
        router(&self.core)
    }

    /// What it has charged so far.
    pub fn bill(&self) -> Bill {
        self.core.meter.bill()
    }

    /// Puts the simulated clock forward.
    pub fn advance(&self, by: Duration) {
        self.core.clock.advance(by);
    }

    /// The simulated instant in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.core.clock.now_ms()
    }

    /// Changes its behaviour, as `POST /_sim/control` does.
    ///
    /// # Errors
    /// When something in `control` does not exist or makes no sense; then nothing is changed.
    pub fn control(&self, control: Control) -> Result<(), ControlError> {
        control::apply(&self.core, control)
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A core with its recordings.
pub(crate) fn furnished(config: &SimConfig) -> Result<Core, RecordingError> {
    let mut core = Core::new(config);
    core.replay = config.replay.as_deref().map(Replay::load).transpose()?;
    if let Some(file) = &config.record {
        core.recorder.start(file)?;
    }
    Ok(core)
}

fn router(core: &Arc<Core>) -> Router {
    Router::new().fallback(respond).with_state(Arc::clone(core))
}

/// Connections live in a set, so that they end with the loop.
async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((stream, peer)) => {
                let service = router.clone().layer(Extension(Peer(peer.ip())));
                connections.spawn(serve(stream, service));
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    // Without it small answers wait for acknowledgements; if it fails they merely wait.
    drop(stream.set_nodelay(true));
    let builder = auto::Builder::new(TokioExecutor::new()).http1_only();
    let served =
        builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await;
    // A connection ends in an error when its peer leaves, or when a fault breaks it.
    drop(served);
}

async fn respond(State(core): State<Arc<Core>>, request: Request) -> Response {
    if let Some(path) = request.uri().path().strip_prefix(OWN_PREFIX) {
        let path = path.to_owned();
        return http_body::response(own::answer(&core, &path, request).await);
    }
    let (parts, body) = request.into_parts();
    let is_post = parts.method == Method::POST;
    // A body on GET is ignored.
    let read = if is_post { to_bytes(body, BODY_MAX_BYTES).await } else { Ok(Bytes::new()) };
    let Ok(body) = read else { return http_body::response(own::mistake(413, "a body over 1 MiB")) };
    let reply = answer(&core, &parts, &body);
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if reply.ending == Ending::Never {
        return std::future::pending().await;
    }
    http_body::response(reply)
}

fn answer(core: &Core, request: &Parts, body: &[u8]) -> Reply {
    let peer = request.extensions.get::<Peer>();
    let address = peer.map_or_else(|| "unknown".to_owned(), |peer| peer.0.to_string());
    let key = request.headers.get("x-cmc_pro_api_key").and_then(|key| key.to_str().ok());
    core.answer(Arrival {
        method: request.method.as_str(),
        path: request.uri.path(),
        query: request.uri.query().unwrap_or_default(),
        body,
        key,
        address: &address,
    })
}

#[cfg(test)]
mod tests;
