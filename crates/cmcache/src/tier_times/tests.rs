use cache_tiers::{Far, MemoryTier};
use clock::{ManualClock, Timestamp};
use cmc_api::{Call, ScriptedUpstream, scripted};
use health::Group;
use monitor::{MonitorConfig, Window};

use super::*;
use crate::{Cmcache, Config, Options};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

#[test]
fn a_tier_is_as_fast_as_it_is_asked_and_not_as_it_is_written_to() {
    // Breaks: what is written behind the answer looks like what an answer waits for, a tier that
    // times out looks fast, or one tier's slowness is another's.
    let monitor = Monitor::new(MonitorConfig::default());
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::default());
    let redis = TierTimes::new(&monitor, "redis", Arc::clone(&clock));
    let memory = TierTimes::new(&monitor, "memory", Arc::clone(&clock));
    redis.called(Verb::Get, Ended::Found, ms(1));
    redis.called(Verb::Get, Ended::Missing, ms(1));
    redis.called(Verb::Get, Ended::Failed, ms(100));
    redis.called(Verb::Put, Ended::Done, ms(900));
    memory.called(Verb::Put, Ended::Done, ms(900));

    let snapshot = monitor.snapshot(clock.now().since_epoch(), Window::OneMinute);
    let names = ["memory", "redis", "redis2"].map(str::to_owned);
    let told = latencies(&snapshot, &names);
    let [only] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(only.name, "redis", "nobody asked the others");
    assert!((only.quantiles.p50_ms - 1.0).abs() < 0.05, "{only:?}");
    assert!((only.quantiles.p99_ms - 100.0).abs() < 2.0, "{only:?}");
}

#[test]
fn every_end_of_a_call_has_an_outcome_of_its_own_among_the_operations_of_tiers() {
    // Breaks: the page cannot tell a hit from a failure, or takes a tier for an answer.
    let monitor = Monitor::new(MonitorConfig::default());
    let times = TierTimes::new(&monitor, "redis", Arc::new(ManualClock::default()));
    let ends = [
        (Verb::Get, Ended::Found),
        (Verb::Get, Ended::Missing),
        (Verb::Get, Ended::Failed),
        (Verb::Put, Ended::Done),
        (Verb::Put, Ended::Failed),
        (Verb::Remove, Ended::Done),
        (Verb::Remove, Ended::Failed),
    ];
    ends.iter().for_each(|(verb, ended)| times.called(*verb, *ended, ms(1)));
    let totals = monitor.totals();
    assert_eq!(totals.len(), ends.len());
    assert!(totals.iter().all(|total| total.count == 1 && is_tier(&total.operation)));
    assert!(!is_tier("quotes") && !is_tier("tiers"));
}

/// The totals of the market, and a key that may ask for them.
fn answer(call: &Call) -> scripted::Scripted {
    let reply = match call.path() {
        GLOBAL => r#"{"btc_dominance":58.10}"#,
        _ => {
            r#"{"plan":{"credit_limit_monthly":100},"usage":{"current_month":{"credits_used":0}}}"#
        }
    };
    Ok(scripted::reply(reply, 0))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_tier_takes_is_no_answer_to_the_page_nor_to_the_health_check() {
    // Breaks: the percentiles of answers are those of looks into memory, and no answer is ever
    // slow enough to worry anybody.
    let clock = ManualClock::at(Timestamp::parse("2026-10-05T09:14:31.207Z").unwrap());
    let options = Options {
        upstream: Some(Arc::new(ScriptedUpstream::answering(answer))),
        clock: Some(Arc::new(clock.clone())),
        tiers: vec![Arc::new(Far(MemoryTier::new("shelf", 1 << 20)))],
        ..Options::default()
    };
    let cmcache = Cmcache::start(Config::in_memory(), options).await.unwrap();
    cmcache.health().started().await;
    cmcache.get(GLOBAL).await.unwrap();
    cmcache.inner().upkeep().await;
    clock.advance(Duration::from_secs(5));
    cmcache.inner().upkeep().await;

    let moments = cmcache.timeline(Duration::from_secs(60)).moments;
    let moment = moments.last().unwrap();
    assert!(moment.tiers.iter().any(|tier| tier.name == "shelf"), "{moment:?}");
    assert_eq!((moment.latencies.hit, moment.latencies.other), (None, None));
    let (_, health) = cmcache.health_json(Group::Deep).await;
    assert!(health.contains("no answers in the last five minutes"), "{health}");
    // Whoever looks closer finds them, under a name that no class of operations has.
    let report = cmcache.latencies();
    assert!(report.operations.iter().any(|row| row.operation == "tier:shelf"), "{report:?}");
}
