use std::{path::Path, sync::Arc};

use clock::{Clock, ManualClock};
use cmc_api::{Call, ScriptedUpstream, scripted};
use credits::Step;

use super::*;
use crate::{Cmcache, Options, config::PaceMode};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
const MINUTE: Duration = Duration::from_secs(60);

/// A plan of 3,000 credits, and market totals for one.
fn answer(call: &Call) -> scripted::Scripted {
    match call.path() {
        "/v1/key/info" => Ok(scripted::reply(
            r#"{"plan":{"credit_limit_monthly":3000,"rate_limit_minute":30},
                "usage":{"current_month":{"credits_used":0}}}"#,
            0,
        )),
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

struct Day {
    clock: ManualClock,
    cmcache: Cmcache,
}

impl Day {
    async fn begin(config: Config, clock: &ManualClock) -> Self {
        for _ in 0..500 {
            let shared: Arc<dyn Clock> = Arc::new(clock.clone());
            let options = Options {
                clock: Some(shared),
                upstream: Some(Arc::new(ScriptedUpstream::answering(answer))),
                ..Options::default()
            };
            match Cmcache::start(config.clone(), options).await {
                Ok(cmcache) => return Self { clock: clock.clone(), cmcache },
                // Tasks of the day before let go of the journal a moment after its last handle.
                Err(error) if error.is_in_use() => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(error) => panic!("{error}"),
            }
        }
        panic!("somebody keeps the journal although the last handle is gone");
    }

    async fn live(&self, minutes: u32) {
        for _ in 0..minutes {
            for _ in 0..20 {
                self.cmcache.get(GLOBAL).await.unwrap();
            }
            self.clock.advance(MINUTE);
            self.cmcache.inner().pace().await;
        }
    }

    fn step(&self) -> Step {
        self.cmcache.engine().pacing().step()
    }
}

fn clock() -> ManualClock {
    ManualClock::at(Timestamp::parse("2026-10-01T00:00:00.000Z").unwrap())
}

fn kept_in(dir: &Path) -> Config {
    Config { data_dir: dir.to_owned(), ..Config::in_memory() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_would_not_last_is_paced_and_says_so() {
    // Breaks if the loop and the status are two different stories.
    let day = Day::begin(Config::in_memory(), &clock()).await;
    let before = day.cmcache.credits().await.pace.unwrap();
    assert_eq!((before.step, before.ages.len()), ("fresh", 0));
    day.live(60).await;
    let pace = day.cmcache.credits().await.pace.unwrap();
    assert_eq!((pace.step, pace.window), ("paced", Some("month")));
    assert!(pace.stretch > 2.0 && pace.wanted_until_reset > 5_000, "{pace:?}");
    assert!((80.0..120.0).contains(&pace.target_per_day), "{pace:?}");
    assert!((2_500..=3_000).contains(&pace.expected_use), "{pace:?}");
    assert!((600.0..1_800.0).contains(&pace.ages[0].age_s), "{pace:?}");
    let json = serde_json::to_value(&pace).unwrap();
    assert_eq!(json["step"], "paced");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_learned_of_the_demand_outlives_the_process() {
    // Breaks if each restart gives the first hours of spending away.
    let dir = tempfile::tempdir().unwrap();
    let clock = clock();
    let day = Day::begin(kept_in(dir.path()), &clock).await;
    day.live(60).await;
    assert!(day.cmcache.drain(MINUTE).await.is_complete());
    drop(day);
    let day = Day::begin(kept_in(dir.path()), &clock).await;
    day.live(1).await;
    assert_eq!(day.step(), Step::Paced, "after a minute");
    drop(day);
    std::fs::write(dir.path().join(FILE), "{\"watched_s\":").unwrap();
    let day = Day::begin(kept_in(dir.path()), &clock).await;
    day.live(1).await;
    assert_eq!(day.step(), Step::Fresh, "a broken file is no memory, and no reason to stop");
}

#[tokio::test(flavor = "multi_thread")]
async fn pacing_that_is_off_is_neither_seen_nor_felt() {
    // The operator's word counts.
    let mut config = Config::in_memory();
    config.pace.mode = PaceMode::Off;
    let day = Day::begin(config, &clock()).await;
    day.live(30).await;
    assert!(day.cmcache.credits().await.pace.is_none());
    assert_eq!(day.step(), Step::Fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_of_the_plan_is_kept_for_essential_clients_where_there_are_any() {
    // Breaks if the last credits go to whoever asks first, or are kept for nobody.
    for (is_essential, last) in [(false, Step::Stale), (true, Step::CacheOnly)] {
        let mut config = Config::in_memory();
        config.budget.month = Some(100);
        let day = Day::begin(config, &clock()).await;
        let priority = if is_essential { Priority::Essential } else { Priority::Normal };
        let quota = credits::Quota { priority, ..credits::Quota::default() };
        let inner = day.cmcache.inner();
        inner.clients.open("vip", quota, &*inner.kept.ledger).await.unwrap();
        day.live(11).await;
        assert!(day.step() < Step::CacheOnly);
        inner.engine.account().raise(credits::Window::Month, 98).await.unwrap();
        day.live(1).await;
        assert_eq!(day.step(), last, "2 of 100 are left");
    }
}
