//! Streams yield everything once and in order, across the borders of calls.

use clock::Timestamp;
use cmc_api::{
    Client, CoinId,
    client::words::{CandleSize, Interval},
};
use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};
use futures_util::{StreamExt, TryStreamExt};

const KEY: &str = "stream-key";

async fn start() -> (Sim, Client) {
    let keys = vec![KeyConfig::new(KEY, Plan::Enterprise)];
    let frozen_at = "2026-10-05T09:14:00Z".parse().ok();
    let config = SimConfig { keys, frozen_at, ..SimConfig::default() };
    let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let client = Client::at(sim.url(), KEY).unwrap();
    (sim, client)
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The distance between two that follow each other, if it is always the same.
fn step(instants: &[String]) -> Option<i64> {
    let millis: Vec<i64> = instants.iter().map(|text| at(text).as_millis()).collect();
    let mut steps = millis.windows(2).map(|pair| pair[1] - pair[0]);
    let first = steps.next()?;
    steps.all(|step| step == first).then_some(first)
}

#[tokio::test]
async fn hourly_candles_of_months_come_once_and_in_order() {
    // Breaks: a candle at the border of two calls would be missing, or there twice.
    let (sim, client) = start().await;
    let (from, to) = (at("2026-05-01T00:30:00Z"), at("2026-09-01T00:30:00Z"));
    let asked = client.ohlcv_historical().ids([1]).converts(["EUR"]);
    let candles = asked.range(CandleSize::Hourly, from, to);
    let opened: Vec<String> =
        candles.map_ok(|candle| candle.time_open).try_collect().await.unwrap();
    assert_eq!(opened.len(), 123 * 24 + 1);
    assert_eq!(opened[0], "2026-05-01T00:00:00.000Z");
    assert_eq!(step(&opened), Some(3_600_000));
    assert_eq!(sim.bill().calls, 3, "a thousand candles a call");
}

#[tokio::test]
async fn quotes_of_every_kind_of_interval_come_once_and_in_order() {
    // Breaks: a calendar's period would be cut in two at the border of two calls.
    let (_sim, client) = start().await;
    let (from, to) = (at("2022-03-10T07:30:00Z"), at("2026-10-04T07:30:00Z"));
    for (interval, expected) in [
        (Interval::Daily, Some(86_400_000)),
        (Interval::Hours12, Some(43_200_000)),
        (Interval::Monthly, None),
    ] {
        let points = client.quotes_range(CoinId::new(1), interval, from, to);
        let seen: Vec<String> = points.map_ok(|point| point.timestamp).try_collect().await.unwrap();
        assert!(seen.is_sorted() && seen.len() > 50, "{interval}: {}", seen.len());
        assert_eq!(step(&seen), expected, "{interval}");
    }
}

#[tokio::test]
async fn pages_end_where_the_list_ends() {
    // Breaks: the last page would be asked for for ever, or the list cut short.
    let (_sim, client) = start().await;
    let one = client.fiat_map().include_metals(true).send().await.unwrap().data;
    let pages = client.fiat_map().include_metals(true).pages(10);
    let all: Vec<_> = pages.try_collect().await.unwrap();
    assert_eq!(all, one);
    let posts: Vec<_> = client.posts_latest().ids([1]).pages().take(150).collect().await;
    assert!(posts.len() > 1 && posts.iter().all(Result::is_ok));
    let pairs = client.dex_spot_pairs().network_slug("ethereum").limit(50).pages();
    let pairs: Vec<_> = pairs.take(120).try_collect().await.unwrap();
    let addresses: std::collections::BTreeSet<_> =
        pairs.iter().map(|pair| pair["contract_address"].as_str().unwrap()).collect();
    assert_eq!((pairs.len(), addresses.len()), (120, 120));
}

#[tokio::test]
async fn a_stream_ends_after_a_refusal() {
    // Breaks: a caller that skips errors would ask a refusing API without end.
    let (sim, _) = start().await;
    let stranger = Client::at(sim.url(), "unknown").unwrap();
    let told: Vec<_> = stranger.listings_all().collect().await;
    assert_eq!(told.len(), 1);
    assert!(told[0].is_err());
}
