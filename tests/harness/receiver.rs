//! One who receives webhooks: it can be away, and it keeps what it gets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A letter as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// All headers.
    pub headers: HeaderMap,
    /// JSON.
    pub body: String,
}

/// A receiver on one port; nobody is there when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    received: Arc<Mutex<Vec<Received>>>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    /// Listens there and takes everything.
    ///
    /// # Panics
    /// When the port is taken.
    pub async fn at(addr: SocketAddr) -> Self {
        let listener = TcpListener::bind(addr).await.expect("the receiver's port is free");
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let kept = Arc::clone(&received);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                let service = service_fn(move |request| take(request, Arc::clone(&kept)));
                let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                connections.spawn(served);
            }
        });
        Self { received, _tasks: tasks }
    }

    /// What came so far.
    ///
    /// # Panics
    /// When a task of the receiver panicked.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic holds the lock").clone()
    }
}

async fn take(
    request: Request<Incoming>,
    kept: Arc<Mutex<Vec<Received>>>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let body = String::from_utf8_lossy(&body).into_owned();
    kept.lock().expect("no panic holds the lock").push(Received { headers: head.headers, body });
    Ok(Response::new(Full::new(Bytes::from_static(b"thanks"))))
}
