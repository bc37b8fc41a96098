//! What the groups say, for every state of upstream, budget, memory, stores and life.

use std::{sync::Arc, time::Duration};

use cache_tiers::{Far, MemoryTier};
use clock::{ManualClock, Timestamp};
use cmc_api::{Call, ScriptedUpstream, scripted};
use health::Phase;
use tokio::task::JoinSet;

use super::*;
use crate::{Config, Options};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";
/// Longer than any finding holds.
const LATER: Duration = Duration::from_secs(61);
/// Longer than only what is cheap to find out holds.
const SOON: Duration = Duration::from_secs(2);

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

/// How the API behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Api {
    Well,
    /// It takes three seconds.
    Slow,
    Down,
    /// It does not know the key any more.
    RefusesKey,
}

const GROUPS: [Group; 5] = [Group::Live, Group::Ready, Group::Upstream, Group::Budget, Group::Deep];
const APIS: [Api; 4] = [Api::Well, Api::Slow, Api::Down, Api::RefusesKey];

/// One row's left side.
#[derive(Clone, Copy, Debug)]
struct State {
    store: Store,
    holds_entries: bool,
    budget_percent: u64,
    api: Api,
    phase: Phase,
}

/// One row's right side: what a group says.
fn expected(state: State, group: Group) -> &'static str {
    let State { store, holds_entries, budget_percent, api, phase } = state;
    let sells = matches!(api, Api::Well | Api::Slow);
    let can_serve = holds_entries || sells || store != Store::Nothing;
    let is_worried = api != Api::Well || budget_percent > 85 || matches!(store, Store::Dead(_));
    match group {
        Group::Live => "pass",
        Group::Upstream => match api {
            Api::Well => "pass",
            Api::Slow => "warn",
            Api::Down | Api::RefusesKey => "fail",
        },
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

/// What `api` says to a call.
fn said(api: Api, clock: &ManualClock, call: &Call, percent: u64) -> scripted::Scripted {
    match api {
        Api::Well => told(call, percent),
        Api::Slow => {
            clock.advance(Duration::from_secs(3));
            told(call, percent)
        }
        Api::Down => Err(scripted::refusal(500, 500, "An internal server error occurred")),
        Api::RefusesKey => Err(scripted::refusal(401, 1001, "This API Key is invalid.")),
    }
}

struct Instance {
    cmcache: Cmcache,
    upstream: ScriptedUpstream,
    clock: ManualClock,
}

impl Instance {
    async fn start(store: Store, holds_entries: bool) -> Self {
        let upstream = ScriptedUpstream::answering(|call| told(call, 7));
        // In the middle of a billing month: the rows take a quarter of an hour, and what is used
        // must not begin anew meanwhile.
        let clock = ManualClock::at(Timestamp::parse("2026-10-05T09:14:31.207Z").unwrap());
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
        // The start ends by itself; from then on the rows say where the instance stands.
        cmcache.health().started().await;
        Self { cmcache, upstream, clock }
    }

    /// Has the API behave so, and every check look again.
    async fn enter(&self, api: Api, percent: u64) {
        // Who drains looks at nothing any more.
        self.cmcache.health().enter(Phase::Serving);
        let clock = self.clock.clone();
        self.upstream.answer_by(move |call| said(api, &clock, call, percent));
        self.clock.advance(LATER);
        self.cmcache.checks().await;
        // Whether anything can be served depends on what the look at upstream found; what is used,
        // on what it told when it was well.
        self.clock.advance(if api == Api::Well { HOLDS + SOON } else { SOON });
        self.cmcache.checks().await;
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
    // What is used only grows: so do the rows. Only an API that answers tells it: it does so first.
    for budget_percent in [7, 90, 97] {
        for api in APIS {
            instance.enter(api, budget_percent).await;
            for phase in [Phase::Starting, Phase::Serving, Phase::Draining] {
                let state = State { store, holds_entries, budget_percent, api, phase };
                instance.cmcache.health().enter(phase);
                for group in GROUPS {
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
    assert_eq!(n_rows, 6 * 2 * 3 * 4 * 3 * 5);
}
