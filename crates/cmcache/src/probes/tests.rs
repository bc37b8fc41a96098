//! What the groups say, for every state of upstream, budget, memory, stores and life.

use std::{sync::Arc, time::Duration};

use cache_tiers::{Far, MemoryTier};
use clock::{ManualClock, SystemClock};
use cmc_api::{Call, ScriptedUpstream, scripted};
use health::Phase;
use tokio::task::JoinSet;

use super::*;
use crate::{Config, Options};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
/// Longer than any finding holds.
const LATER: Duration = Duration::from_secs(61);

/// What stands behind memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Store {
    Nothing,
    Well,
    Dead(&'static str),
}

const STORES: [Store; 6] = [
    Store::Nothing,
    Store::Well,
    // Nothing listens on the ports that are not for programs.
    Store::Dead("tiers.redis.url=redis://127.0.0.1:1"),
    Store::Dead("tiers.memcached.url=127.0.0.1:1"),
    Store::Dead("tiers.mysql.url=mysql://u:p@127.0.0.1:1/cache"),
    Store::Dead("tiers.postgres.url=postgres://u:p@127.0.0.1:1/cache"),
];

/// One row's left side.
#[derive(Clone, Copy, Debug)]
struct State {
    store: Store,
    holds_entries: bool,
    budget_percent: u64,
    upstream_is_there: bool,
    phase: Phase,
}

/// One row's right side: what a group says.
fn expected(state: State, group: Group) -> &'static str {
    let State { store, holds_entries, budget_percent, upstream_is_there, phase } = state;
    let can_serve = holds_entries || upstream_is_there || store != Store::Nothing;
    let is_worried = !upstream_is_there || budget_percent > 85 || matches!(store, Store::Dead(_));
    match group {
        Group::Live => "pass",
        Group::Upstream if upstream_is_there => "pass",
        Group::Upstream => "fail",
        Group::Budget if budget_percent > 95 => "fail",
        Group::Budget if budget_percent > 85 => "warn",
        Group::Budget => "pass",
        Group::Ready if phase != Phase::Serving => "fail",
        Group::Ready | Group::Deep if !can_serve => "fail",
        Group::Ready | Group::Deep if is_worried => "warn",
        Group::Ready | Group::Deep => "pass",
    }
}

/// A key of which `percent` of 100 credits are used.
fn told(call: &Call, percent: u64) -> scripted::Scripted {
    match call.path() {
        "/v1/key/info" => Ok(scripted::reply(
            &format!(
                r#"{{"plan":{{"credit_limit_monthly":100,"rate_limit_minute":30}},
                     "usage":{{"current_month":{{"credits_used":{percent}}}}}}}"#
            ),
            0,
        )),
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 1)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

fn outage(_: &Call) -> scripted::Scripted {
    Err(scripted::refusal(500, 500, "An internal server error occurred"))
}

struct Instance {
    cmcache: Cmcache,
    upstream: ScriptedUpstream,
    clock: ManualClock,
}

impl Instance {
    async fn start(store: Store, holds_entries: bool) -> Self {
        let upstream = ScriptedUpstream::answering(|call| told(call, 7));
        let clock = ManualClock::at(SystemClock.now());
        let mut options = Options {
            upstream: Some(Arc::new(upstream.clone())),
            clock: Some(Arc::new(clock.clone())),
            ..Options::default()
        };
        let mut config = Config::in_memory();
        match store {
            Store::Nothing => {}
            Store::Well => options.tiers.push(Arc::new(Far(MemoryTier::new("shelf", 1 << 20)))),
            Store::Dead(setting) => {
                let name = setting.split('.').nth(1).unwrap();
                // It keeps entries here; whether it counts is a question of its own.
                let off = "shared.meter=off".to_owned();
                let flags = [format!("tiers=memory,{name}"), setting.to_owned(), off];
                let loaded = Config::load(None, &[], &flags).unwrap();
                config = Config { data_dir: config.data_dir, ..loaded };
            }
        }
        let cmcache = Cmcache::start(config, options).await.unwrap();
        if holds_entries {
            cmcache.get(GLOBAL).await.unwrap();
        }
        Self { cmcache, upstream, clock }
    }

    /// Takes the instance into a state, and has every check look again.
    async fn enter(&self, state: State) {
        let percent = state.budget_percent;
        self.upstream.answer_by(move |call| told(call, percent));
        self.look().await;
        if !state.upstream_is_there {
            self.upstream.answer_by(outage);
            self.look().await;
        }
        self.cmcache.health().enter(state.phase);
    }

    async fn look(&self) {
        // Twice: whether anything can be served depends on what the look at upstream found.
        for _ in 0..2 {
            self.clock.advance(LATER);
            self.cmcache.checks().await;
        }
    }

    async fn word(&self, group: Group) -> String {
        let (_, body) = self.cmcache.health_json(group).await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        body["status"].as_str().unwrap().to_owned()
    }
}

async fn check_all(store: Store, holds_entries: bool) -> usize {
    let instance = Instance::start(store, holds_entries).await;
    let mut n_rows = 0;
    // What is used only grows: so do the rows.
    for budget_percent in [7, 90, 97] {
        for upstream_is_there in [true, false] {
            for phase in [Phase::Starting, Phase::Serving, Phase::Draining] {
                let state =
                    State { store, holds_entries, budget_percent, upstream_is_there, phase };
                if phase == Phase::Starting {
                    instance.enter(state).await;
                }
                instance.cmcache.health().enter(phase);
                for group in
                    [Group::Live, Group::Ready, Group::Upstream, Group::Budget, Group::Deep]
                {
                    let word = instance.word(group).await;
                    assert_eq!(word, expected(state, group), "{group:?} in {state:?}");
                    n_rows += 1;
                }
            }
        }
    }
    n_rows
}

#[tokio::test(flavor = "multi_thread")]
async fn every_group_says_what_the_truth_table_says() {
    // Breaks: instances leave the rotation for an ill upstream, or stay in it while starting,
    // leaving, or unable to serve anything.
    let mut runs = JoinSet::new();
    for store in STORES {
        runs.spawn(check_all(store, true));
        runs.spawn(check_all(store, false));
    }
    let mut n_rows = 0;
    while let Some(run) = runs.join_next().await {
        n_rows += run.unwrap();
    }
    assert_eq!(n_rows, 6 * 2 * 3 * 2 * 3 * 5);
}
