//! Can what is scraped be read, is it all there, and what does scraping take?

use std::{collections::BTreeSet, time::Duration};

use harness::{
    Exposition, Gateway, GatewaySpec, PATIENCE, RedisServer, Sample, Sim, eventually_async,
    exposition, stopwatch,
};

/// The list that is written from the code.
const LIST: &str = include_str!("../../docs/reference/metrics.md");
/// What there is nothing to tell of while all goes well: each belongs to a kind of trouble.
const OF_TROUBLE: [&str; 5] = [
    "cmcache_api_retries_refused_total",
    "cmcache_api_retries_total",
    "cmcache_credits_price_deviations_total",
    "cmcache_credits_used_elsewhere",
    "cmcache_events_lost_total",
];
/// What belongs to parts that these tests do not start, and to what comes after half a minute.
const OF_OTHERS: [&str; 4] =
    ["cmcache_memcached_", "cmcache_webhook_", "cmcache_pace_", "cmcache_otlp_"];
/// A scrape in the release profile.
const SCRAPE_MAX: Duration = Duration::from_millis(5);
/// How much slower it may be without optimisation, on two cores that others use.
const DEBUG_FACTOR: u32 = 8;
const SCRAPES: usize = 20;

fn listed() -> BTreeSet<&'static str> {
    let names = LIST.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    names.collect()
}

async fn scraped(gateway: &Gateway) -> Exposition {
    let reply = gateway.client().get("/metrics").await;
    assert_eq!(reply.status, 200);
    let text = std::str::from_utf8(&reply.body).expect("text");
    exposition(text).unwrap_or_else(|error| panic!("{error:#}\n{text}"))
}

/// Hits, misses, refusals and a reading of the prices, until a first moment is over.
async fn traffic(gateway: &Gateway) {
    let client = gateway.client();
    for id in [1, 1027, 1, 52, 1, 999_999_999] {
        client.get(&format!("/v2/cryptocurrency/quotes/latest?id={id}")).await;
    }
    for path in ["/v1/global-metrics/quotes/latest", "/v1/no/such/path", "/v1/cryptocurrency/map"] {
        client.get(path).await;
    }
    eventually_async("the first figures of the credits", PATIENCE, || async {
        let page = scraped(gateway).await;
        page.contains_key("cmcache_credits_used").then_some(())
    })
    .await;
}

/// Everything that is told stands in the list, and of the list only `absent` is not told.
fn check(page: &Exposition, is_absent: impl Fn(&str) -> bool) {
    let listed = listed();
    let told: BTreeSet<&str> = page
        .iter()
        .filter(|(_, family)| !family.samples.is_empty())
        .map(|(name, _)| &**name)
        .collect();
    let unlisted: Vec<_> = told.difference(&listed).collect();
    assert!(unlisted.is_empty(), "told, but not in docs/reference/metrics.md: {unlisted:?}");
    let missing: Vec<_> = listed.difference(&told).filter(|name| !is_absent(name)).collect();
    assert!(missing.is_empty(), "in docs/reference/metrics.md, but not told: {missing:?}");
    let silent: Vec<_> = page.iter().filter(|(_, family)| family.help.is_none()).collect();
    assert!(silent.is_empty(), "without a word of what they are: {silent:?}");
}

fn is_of_others(name: &str) -> bool {
    OF_TROUBLE.contains(&name) || OF_OTHERS.iter().any(|part| name.starts_with(part))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_scraped_is_well_formed_whole_and_there_at_once() {
    // Breaks: Prometheus drops the page, a dashboard draws nothing, or scraping costs more than
    // serving.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    traffic(&gateway).await;
    let page = scraped(&gateway).await;
    check(&page, |name| is_of_others(name) || name.starts_with("cmcache_redis_"));

    let client = gateway.client();
    let mut took = Vec::new();
    for _ in 0..SCRAPES {
        let since = stopwatch();
        assert_eq!(client.get("/metrics").await.status, 200);
        took.push(since.elapsed());
    }
    let best = took.into_iter().min().unwrap_or_default();
    let n: usize = page.values().map(|family| family.samples.len()).sum();
    println!("{n} samples in {best:?}");
    let max = if cfg!(debug_assertions) { SCRAPE_MAX * DEBUG_FACTOR } else { SCRAPE_MAX };
    assert!(best < max, "a scrape takes {best:?}");
}

/// How many answers there were of an outcome, by their histogram.
fn n_answers(page: &Exposition, outcome: &str) -> f64 {
    let family = &page["cmcache_gateway_answer_seconds"];
    assert_eq!(family.kind, "histogram");
    let count =
        |sample: &&Sample| sample.name.ends_with("_count") && sample.labels["outcome"] == outcome;
    family.samples.iter().find(count).map_or(0.0, |sample| sample.value)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_in_the_histogram_once_under_how_it_came_about() {
    // Breaks: percentiles over all instances leave out what went wrong, or count it twice.
    let sim = Sim::frozen().await;
    let gateway = Gateway::before(&sim).await;
    let client = gateway.client();
    let quote = "/v2/cryptocurrency/quotes/latest?id=1";
    // Bought, then given on the long way and, from then on, on the short one.
    for path in [quote, quote, quote, quote] {
        assert_eq!(client.get(path).await.status, 200);
    }
    // No path of the API, and no good request.
    for path in ["/nothing", "/v2/cryptocurrency/quotes/latest"] {
        assert_ne!(client.get(path).await.status, 200);
    }
    let page = scraped(&gateway).await;
    let n = |outcome| n_answers(&page, outcome);
    assert_eq!((n("miss"), n("hit")), (1.0, 3.0));
    assert_eq!((n("refused"), n("failed")), (2.0, 0.0));
    let all = ["hit", "partial", "miss", "stale", "failed", "refused"].map(n);
    assert_eq!(all.iter().sum::<f64>(), 6.0);
    let of_tiers = &page["cmcache_tiers_call_seconds"];
    assert!(of_tiers.samples.iter().any(|sample| {
        sample.labels["tier"] == "sqlite" && sample.labels["verb"] == "get" && sample.value > 0.0
    }));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_redis_its_own_figures_are_there_too() {
    // Breaks: whoever runs several instances cannot see what they share.
    let sim = Sim::frozen().await;
    let redis = RedisServer::start().await;
    let spec = GatewaySpec::before(&sim).set("tiers=memory,redis");
    let gateway = spec.set(&format!("tiers.redis.url={}", redis.url())).start().await;
    traffic(&gateway).await;
    check(&scraped(&gateway).await, |name| {
        is_of_others(name)
            || name.starts_with("cmcache_sql_")
            // Nobody else speaks, and nothing was missed.
            || name == "cmcache_redis_unreadable_messages_total"
    });
}
