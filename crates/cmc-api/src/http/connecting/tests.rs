use std::sync::{
    Mutex,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Notify;

use super::super::{
    HttpConfig, HttpUpstream,
    tests::server::{Served, Server, serve},
};
use super::*;
use crate::{call::Call, upstream::Upstream};

const GOOD: &[u8] = br#"{"data":{},"status":{"error_code":"0","credit_count":1}}"#;
const NAMES: Duration = Duration::from_millis(700);

/// A clock that only the test moves.
#[derive(Clone, Default)]
struct Hand(Arc<AtomicU64>);

impl Hand {
    fn forward(&self, length: Duration) {
        self.0.fetch_add(u64::try_from(length.as_millis()).unwrap(), Ordering::SeqCst);
    }

    fn now(&self) -> Now {
        let hand = self.clone();
        Arc::new(move || Duration::from_millis(hand.0.load(Ordering::SeqCst)))
    }
}

/// Finds the loopback address: the first time after [`NAMES`], then only when it is let.
struct Names {
    hand: Hand,
    n_asked: AtomicUsize,
    asked: Notify,
    go_on: Arc<Notify>,
}

struct Shared(Arc<Names>);

impl Resolve for Shared {
    fn resolve(&self, _: Name) -> Resolving {
        let names = Arc::clone(&self.0);
        Box::pin(async move {
            if names.n_asked.fetch_add(1, Ordering::SeqCst) == 0 {
                names.hand.forward(NAMES);
            } else {
                names.asked.notify_one();
                names.go_on.notified().await;
            }
            let found: Addrs = Box::new(std::iter::once(([127, 0, 0, 1], 0).into()));
            Ok(found)
        })
    }
}

fn upstream(server: &Server) -> (HttpUpstream, Arc<Names>) {
    let hand = Hand::default();
    let names = Names {
        hand: hand.clone(),
        n_asked: AtomicUsize::new(0),
        asked: Notify::new(),
        go_on: Arc::default(),
    };
    let names = Arc::new(names);
    let port = server.base_url.rsplit_once(':').unwrap().1;
    let base_url = format!("http://api.test:{port}");
    let config = HttpConfig { keyless: true, ..HttpConfig::new(base_url, hand.now()) };
    let mut upstream = HttpUpstream::new(config.clone()).unwrap();
    let resolver = Arc::new(Shared(Arc::clone(&names)));
    upstream.client = config.builder().unwrap().dns_resolver(resolver).build().unwrap();
    (upstream, names)
}

#[tokio::test]
async fn who_connects_is_told_so_and_who_finds_a_connection_has_not_connected() {
    // Breaks: a slow resolver or handshake would look like a slow API.
    let server = serve(Served::answer("200 OK", "", GOOD));
    let (upstream, names) = upstream(&server);
    let first = upstream.call(&Call::key_info()).await.unwrap().timing;
    assert_eq!((first.connect, first.wait, first.total()), (NAMES, Duration::ZERO, NAMES));
    let second = upstream.call(&Call::key_info()).await.unwrap().timing;
    assert_eq!(second.total(), Duration::ZERO);
    assert_eq!((names.n_asked.load(Ordering::SeqCst), server.n_connections()), (1, 1));
}

#[tokio::test]
async fn a_connection_that_another_request_gave_back_was_not_connected_for() {
    // Breaks: what nobody waited for would be put down to somebody, once it is there.
    // Too long for buffers: as long as it is not read, the connection is not free.
    let padding = vec![b' '; 2 << 20];
    let long = [&GOOD[..1], &padding, &GOOD[1..]].concat();
    let server = serve(Served::answer("200 OK", "", &long));
    let (upstream, names) = upstream(&server);
    let call = Call::key_info();
    let (held, connect) = measured(upstream.send(&call)).await;
    assert_eq!(connect, NAMES);
    let waits = Duration::from_millis(500);
    let give_back = async {
        names.asked.notified().await;
        names.hand.forward(waits);
        upstream.read(held.unwrap()).await.unwrap();
    };
    let (told, ()) = tokio::join!(upstream.call(&call), give_back);
    let told = told.unwrap().timing;
    assert_eq!((told.connect, told.wait), (Duration::ZERO, waits));
    // The one that it began is finished, and serves whoever comes.
    names.go_on.notify_one();
    let later = upstream.call(&call).await.unwrap().timing;
    assert_eq!(later.connect, Duration::ZERO);
}

#[tokio::test]
async fn several_connections_for_one_request_add_up() {
    // A connection that died before it was used is replaced within the same request.
    let hand = Hand::default();
    let lengths = Mutex::new(vec![30, 12]);
    let connects = {
        let hand = hand.clone();
        Watch(hand.now()).layer(Connects { hand, lengths: Arc::new(lengths) })
    };
    let (mut one, mut other) = (connects.clone(), connects);
    let request = async move {
        one.call(()).await.unwrap();
        other.call(()).await.unwrap();
    };
    assert_eq!(measured(request).await.1, Duration::from_millis(42));
}

/// Takes as long as is written.
#[derive(Clone)]
struct Connects {
    hand: Hand,
    lengths: Arc<Mutex<Vec<u64>>>,
}

impl Service<()> for Connects {
    type Response = ();
    type Error = ();
    type Future = std::future::Ready<Result<(), ()>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, (): ()) -> Self::Future {
        let length = self.lengths.lock().unwrap().pop().unwrap();
        self.hand.forward(Duration::from_millis(length));
        std::future::ready(Ok(()))
    }
}
