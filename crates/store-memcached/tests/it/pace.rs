//! How many round trips, and over how many connections.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use cache_tiers::{Key, Tier, TierError, TierExt, Version, metrics::KEYS_FAILED_TOTAL};
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
const TRIP: Duration = Duration::from_millis(800);

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

/// How often a call is looked at on a busy machine, which can only make it longer.
const N_LOOKS: usize = 5;

/// Whether that takes so many round trips, and never fewer.
async fn takes(
    n_trips: u32,
    what: &str,
    mut call: impl AsyncFnMut(usize) -> Result<(), TierError>,
) {
    let mut fewest = u32::MAX;
    for n_look in 0..N_LOOKS {
        let start = started();
        assert!(call(n_look).await.is_ok());
        fewest = fewest.min(u32::try_from(start.elapsed().as_millis() / TRIP.as_millis()).unwrap());
        if fewest <= n_trips {
            break;
        }
    }
    assert_eq!(fewest, n_trips, "{what}");
}

#[tokio::test]
async fn a_thousand_keys_take_the_round_trips_of_one() {
    let server = Server::start(64);
    let way = far_from(&server).await.to_string();
    let tier = MemcachedStore::open(config(&[way], "trips")).unwrap().tier();
    let keys = keys(1_000);
    let of_version = |bits: u64| {
        let mut items = items(&keys);
        items.iter_mut().for_each(|(_, item)| item.meta.version = Version::from_bits(bits));
        items
    };
    tier.get(&keys[0]).await.unwrap();
    takes(2, "look, and write", async |n_look| {
        let others: Vec<Key> = (0..1_000).map(|n| Key::new(&format!("{n_look}:{n}"))).collect();
        tier.put_many(&items(&others)).await
    })
    .await;
    tier.put_many(&of_version(1)).await.unwrap();
    takes(1, "read", async |_| tier.get_many(&keys).await.map(drop)).await;
    takes(3, "of the same second: read, too", async |_| tier.put_many(&of_version(1)).await).await;
    takes(2, "newer: no need to read", async |n_look| {
        tier.put_many(&of_version((9 + n_look as u64) << 30)).await
    })
    .await;
    takes(1, "remove", async |_| tier.remove_many(&keys).await).await;
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
