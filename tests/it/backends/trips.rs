//! How many round trips is a page of a hundred coins?

use std::time::Duration;

use harness::{Client, Counts, Fault, PATIENCE, Proxy, Sim, eventually_async, stopwatch};

use super::{Backend, memcached, mysql, n_puts, postgres, redis, spec};
use crate::market;

/// Coins of one question, and how many such questions there are.
const PAGE: usize = 100;
const N_PAGES: usize = 12;
/// All of them, as a metric tells it.
const STORED: f64 = 1_200.0;
/// What the network takes to a store, each way, while its round trips are counted: what is asked
/// behind an answer is still under way when the answer is here.
const ONE_WAY: Duration = Duration::from_millis(60);

/// The last of the stores has all pages, the others nothing: a gateway that asks all of them, each
/// through its proxy, makes one round trip to each.
async fn a_page_is_one_round_trip(stores: &[Backend]) {
    let sim = Sim::frozen().await;
    let pages = pages(&sim).await;
    let last = stores.last().expect("a page comes from somewhere");
    store_all(&sim, last, &pages).await;

    let mut proxies = Vec::new();
    for store in stores {
        proxies.push(Proxy::before(store.authority.clone()).await);
    }
    let places: Vec<String> = proxies.iter().map(Proxy::authority).collect();
    let places: Vec<(&Backend, &str)> =
        stores.iter().zip(places.iter().map(String::as_str)).collect();
    let gateway = stores
        .iter()
        .fold(spec(&sim, &places), |spec, store| spec.set(&patient(store)))
        .start()
        .await;

    // Connecting and preparing statements are round trips, too; later pages do without.
    let (early, late) = pages.split_at(N_PAGES / 2);
    let client = gateway.client();
    for target in early {
        assert_eq!(client.get(target).await.status, 200);
    }
    for proxy in &proxies {
        proxy.set(Fault::Latency(ONE_WAY)).await;
    }
    // What instances tell each other passes there, too, which can only add to some of the pages.
    let mut fewest = vec![u64::MAX; stores.len()];
    let mut n_whole = 0;
    for target in late {
        let Some(seen) = trips(&client, target, &proxies).await else { continue };
        n_whole += 1;
        for (fewest, seen) in fewest.iter_mut().zip(seen) {
            *fewest = seen.min(*fewest);
        }
    }
    assert!(n_whole > 0, "no page was wholly in the store");
    let names: Vec<&str> = stores.iter().map(|store| store.name).collect();
    assert!(fewest.iter().all(|seen| *seen == 1), "{fewest:?} round trips to {names:?}");
}

/// What each proxy has counted when the answer is here; `None` if the store lacks part of it: a
/// busy machine may have written late, and a write that is late is dropped.
async fn trips(client: &Client, target: &str, proxies: &[Proxy]) -> Option<Vec<u64>> {
    let before = quiet(proxies).await;
    let since = stopwatch();
    let reply = client.get(target).await;
    let after = proxies.iter().map(Proxy::counts);
    let trips = after.zip(&before).map(|(now, before)| now.since(before).round_trips).collect();
    assert_eq!(reply.status, 200, "{}", reply.text());
    if reply.header("x-cmcache-cache") != Some("full") {
        return None;
    }
    assert!(since.elapsed() >= 2 * ONE_WAY, "it did not come from there");
    Some(trips)
}

/// Waits until nothing has passed for longer than a round trip takes.
async fn quiet(proxies: &[Proxy]) -> Vec<Counts> {
    let look = || proxies.iter().map(Proxy::counts).collect::<Vec<_>>();
    eventually_async("a quiet network", PATIENCE, || async {
        let before = look();
        tokio::time::sleep(3 * ONE_WAY).await;
        (look() == before).then_some(before)
    })
    .await
}

/// On a busy machine a store takes longer than the default has patience, and puts are lost.
fn patient(store: &Backend) -> String {
    format!("tiers.{}.deadline=9s", store.name)
}

async fn pages(sim: &Sim) -> Vec<String> {
    let page = |coins: &[market::Coin]| {
        let ids: Vec<String> = coins.iter().map(|coin| coin.id.to_string()).collect();
        format!("/v3/cryptocurrency/quotes/latest?id={}", ids.join(","))
    };
    market::active(sim).await.chunks(PAGE).take(N_PAGES).map(page).collect()
}

/// Another gateway, that is gone afterwards, puts all pages there.
async fn store_all(sim: &Sim, store: &Backend, pages: &[String]) {
    let first = spec(sim, &[(store, &store.authority)]).set(&patient(store)).start().await;
    for target in pages {
        assert_eq!(first.client().get(target).await.status, 200);
    }
    eventually_async("the store to have them", 3 * PATIENCE, || async {
        let n_stored = n_puts(&first.client(), store.name).await;
        (n_stored >= STORED).then_some(())
    })
    .await;
    // Blocks bring more than was asked for, so that the number alone does not tell: it ends when
    // everything is stored.
    first.terminate();
    assert!(first.ended().await.0.success(), "it ends well");
}

// Breaks: the price of a shared tier is paid a hundred times per page.

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_redis() {
    a_page_is_one_round_trip(&[redis().await]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_memcached() {
    a_page_is_one_round_trip(&[memcached().await]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_are_one_round_trip_to_mysql() {
    a_page_is_one_round_trip(&[mysql().await]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_coins_of_postgres_are_one_round_trip_to_redis_to_memcached_and_to_it() {
    a_page_is_one_round_trip(&[redis().await, memcached().await, postgres().await]).await;
}
