//! How many round trips, and over how many connections.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use cache_tiers::{Tier, TierError, TierExt, Version, metrics::KEYS_FAILED_TOTAL};
use futures_util::future::join_all;
use store_memcached::{MemcachedStore, metrics::SERVER_FAILURES_TOTAL};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
};

use crate::{Server, config, deaths::Counted, items, keys, server::Plain};

/// A round trip is this long, and nothing else is nearly as long.
const TRIP: Duration = Duration::from_millis(400);

#[expect(clippy::disallowed_methods, reason = "measures what real servers do")]
fn started() -> Instant {
    Instant::now()
}

/// A way to the server whose answers take a round trip's time.
#[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
async fn far_from(server: &Server) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (way, address) = (listener.local_addr().unwrap(), server.address.clone());
    tokio::spawn(async move {
        loop {
            let (near, _) = listener.accept().await.unwrap();
            let far = TcpStream::connect(&address).await.unwrap();
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            tokio::spawn(carry(near_in, far_out, Duration::ZERO));
            tokio::spawn(carry(far_in, near_out, TRIP));
        }
    });
    way
}

#[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration) {
    let (send, mut receive) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(n @ 1..) = from.read(&mut buffer).await {
            if send.send((tokio::time::Instant::now() + delay, buffer[..n].to_vec())).is_err() {
                return;
            }
        }
    });
    while let Some((at, bytes)) = receive.recv().await {
        tokio::time::sleep_until(at).await;
        if to.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

/// How many round trips that took.
async fn trips(call: impl Future<Output = Result<impl Sized, TierError>>) -> u32 {
    let start = started();
    assert!(call.await.is_ok());
    u32::try_from(start.elapsed().as_millis() / TRIP.as_millis()).unwrap()
}

#[tokio::test]
async fn a_thousand_keys_take_the_round_trips_of_one() {
    let server = Server::start(64);
    let way = far_from(&server).await.to_string();
    let tier = MemcachedStore::open(config(&[way], "trips")).unwrap().tier();
    let keys = keys(1_000);
    let mut items = items(&keys);
    tier.get(&keys[0]).await.unwrap();
    assert_eq!(trips(tier.put_many(&items)).await, 2, "look, and write");
    assert_eq!(trips(tier.get_many(&keys)).await, 1);
    assert_eq!(trips(tier.put_many(&items)).await, 3, "of the same second: read, too");
    for (_, entry) in &mut items {
        entry.meta.version = Version::from_bits(9 << 30);
    }
    assert_eq!(trips(tier.put_many(&items)).await, 2, "newer: no need to read");
    assert_eq!(trips(tier.remove_many(&keys)).await, 1);
}

#[tokio::test]
async fn connections_are_bounded_however_many_ask() {
    let server = Server::start(64);
    let mut config = config(std::slice::from_ref(&server.address), "bound");
    config.connections_max = 3;
    let tier = MemcachedStore::open(config).unwrap().tier();
    let keys = keys(10);
    let mut plain = Plain::to(&server.address);
    let n_before = plain.stat("total_connections");
    let asked = join_all((0..300).map(|_| tier.get_many(&keys))).await;
    assert!(asked.iter().all(Result::is_ok));
    // The test's own look whether the server was up may be counted late.
    assert!(plain.stat("total_connections") - n_before <= 3 + 1);
}

#[tokio::test]
async fn calls_that_come_too_late_to_a_busy_server_do_not_put_it_to_rest() {
    // Under load it would be left alone for being asked too much.
    let server = Server::start(64);
    let mut config = config(&[far_from(&server).await.to_string()], "busy");
    config.connections_max = 1;
    config.deadline_ms = u64::try_from(TRIP.as_millis() * 3 / 2).unwrap();
    let store = Counted::open(config);
    let (tier, keys) = (store.tier(), keys(1));
    let asked = join_all((0..20).map(|_| tier.get_many(&keys))).await;
    assert!(asked.iter().all(Result::is_ok));
    assert_eq!(store.count(KEYS_FAILED_TOTAL), 19, "one after the other they take too long");
    assert_eq!(store.count(SERVER_FAILURES_TOTAL), 0);
}
