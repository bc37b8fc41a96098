use std::fs;

use super::*;

const MINUTES: u64 = 40;
/// 2026-10-31T12:00:00Z, on a day on which not every month can end.
const NOON: &str = "2026-10-31T12:00:00Z";

/// Three requests a minute for one coin, from noon on, as a gateway records them.
fn recorded(folder: PathBuf) -> Span {
    let from = Timestamp::parse(NOON).unwrap();
    let question = "/v3/cryptocurrency/quotes/latest?id=1";
    let day = from.as_millis() / 86_400_000;
    let mut text = format!("{{\"cmcache_demand\":1,\"day\":{day}}}\n");
    text += &format!("{{\"q\":0,\"is\":\"{question}\"}}\n");
    for minute in 0..MINUTES {
        text += &format!("{{\"m\":{},\"n\":[[0,3]],\"o\":1}}\n", 720 + minute);
    }
    fs::write(folder.join("2026-10-31.jsonl"), text).unwrap();
    Span { folder, from, until: from.after(Duration::from_secs(7_200)) }
}

async fn told(span: &Span, ttl: Duration) -> serde_json::Value {
    let extent = Extent::of(span).unwrap();
    let plans = [Plan::Basic, Plan::Builder];
    let ttl = Some(ttl);
    let outcomes = played(&Config::in_memory(), &plans, (span, extent, ttl)).await.unwrap();
    serde_json::to_value(WhatIf::new((span, extent), ttl, outcomes)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cheapest_plan_is_the_one_whose_credits_last_at_that_age() {
    // Forty calls in forty minutes are three times what the free plan has for that time; three
    // calls are not. Whoever buys by this must be able to trust both.
    let dir = tempfile::tempdir().unwrap();
    let span = recorded(dir.path().to_owned());
    let minute = told(&span, Duration::from_secs(60)).await;
    let [basic, builder] = &minute["plans"].as_array().unwrap()[..] else { panic!("{minute}") };
    assert_eq!((&minute["requests"], &minute["omitted"]), (&120.into(), &MINUTES.into()));
    assert_eq!((&basic["limit"], &builder["limit"]), (&14.into(), &137.into()));
    assert!(basic["credits"].as_u64() <= Some(14), "no plan is overspent: {basic}");
    assert_eq!((&basic["would_do"], &builder["would_do"]), (&false.into(), &true.into()));
    let credits = builder["credits"].as_u64().unwrap();
    assert!((30..=41).contains(&credits), "{builder}");
    assert_eq!(builder["answers"], 120);
    assert!(builder["age_mean_s"].as_f64().unwrap() <= 60.0, "{builder}");
    assert!(builder["credits_per_month"].as_u64().unwrap() > 30_000, "{builder}");
    assert_eq!(minute["cheapest"], "Builder");

    let quarter = told(&span, Duration::from_secs(900)).await;
    assert_eq!(quarter["cheapest"], "Basic", "{quarter}");
    let basic = &quarter["plans"][0];
    assert!((2..=5).contains(&basic["credits"].as_u64().unwrap()), "{basic}");
    assert_eq!((&basic["refused"]["credits"], &basic["stale"]), (&0.into(), &0.into()));
}

#[test]
fn a_large_record_is_played_more_coarsely_and_still_whole() {
    // A week of a busy gateway must end before its reader loses patience.
    let dir = tempfile::tempdir().unwrap();
    let span = recorded(dir.path().to_owned());
    let extent = Extent::of(&span).unwrap();
    assert_eq!((extent.n_requests, extent.cues_a_minute), (3 * MINUTES, u64::MAX));
    let day = span.folder.join("2026-10-31.jsonl");
    let text = fs::read_to_string(&day).unwrap().replace("[0,3]", "[0,300000]");
    fs::write(&day, text).unwrap();
    let extent = Extent::of(&span).unwrap();
    assert_eq!((extent.n_requests, extent.cues_a_minute), (300_000 * MINUTES, 4_096));
}
