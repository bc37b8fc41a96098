//! What the gateway tells of itself.

use std::time::Duration;

use bytes::Bytes;
use cmcache::{
    Caller, Cmcache,
    clock::Timestamp,
    cmc_api::{CacheClass, Style},
    engine::Spent,
    health::Group,
    monitor::{Monitor, Operation, SlowCause},
    status::ClientStatus,
};
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde::Serialize;

use crate::{
    act,
    body::Sent,
    ledger,
    metrics::{Answers, Outcome},
    openapi,
    respond::{self, Reply, Said},
    router::{Room, family},
};

/// Latencies per class of operation and outcome, and the histograms of them all. The handles of
/// hits are kept: they are recorded on the short way.
#[derive(Debug)]
pub(crate) struct Timers {
    monitor: Monitor,
    hits: Vec<Operation>,
    answers: Answers,
}

impl Timers {
    pub(crate) fn new(monitor: &Monitor) -> Self {
        let hit = Outcome::Hit.name();
        let hits = CacheClass::ALL.iter().map(|class| monitor.operation(family(*class), hit));
        Self { hits: hits.collect(), monitor: monitor.clone(), answers: Answers::register() }
    }

    pub(crate) fn hit(&self, class: CacheClass, elapsed: Duration, at: Timestamp) {
        self.hits[class as usize].record(elapsed, at.since_epoch());
        self.answers.record(Outcome::Hit, elapsed);
    }

    /// The engine was not asked: no class of operations answers for that.
    pub(crate) fn refused(&self, elapsed: Duration) {
        self.answers.record(Outcome::Refused, elapsed);
    }

    pub(crate) fn answered(
        &self,
        (class, outcome): (CacheClass, Outcome),
        elapsed: Duration,
        spent: &Spent,
        at: Timestamp,
    ) {
        let operation = self.monitor.operation(family(class), outcome.name());
        operation.record_split(elapsed, cause(spent), at.since_epoch());
        self.answers.record(outcome, elapsed);
    }
}

/// What was waited for, as slow operations show it.
fn cause(spent: &Spent) -> SlowCause {
    let part = |length: Duration| (!length.is_zero()).then_some(length);
    SlowCause {
        queue: part(spent.queue),
        connect: part(spent.connect),
        wait: part(spent.wait),
        body: part(spent.body),
        decode: part(spent.decode),
        tier: part(spent.tier),
        store: part(spent.store),
    }
}

/// A group of health checks, as `application/health+json`.
pub(crate) async fn health(cmcache: &Cmcache, group: Group) -> Reply {
    reported(cmcache.health_json(group).await)
}

/// A report with the HTTP status to answer with.
pub(crate) fn reported((status, body): (u16, String)) -> Reply {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    typed(status, "application/health+json", body.into())
}

/// The group that is asked for; the whole picture, unless it is said.
pub(crate) async fn healthz(cmcache: &Cmcache, raw_query: &str) -> Reply {
    match group(raw_query) {
        Ok(group) => health(cmcache, group).await,
        Err(said) => respond::error(&said, Style::Classic, cmcache.now()),
    }
}

/// Which group is asked for.
pub(crate) fn group(raw_query: &str) -> Result<Group, Said> {
    let asked = raw_query.split('&').find_map(|pair| pair.strip_prefix("group="));
    Group::from_name(asked.unwrap_or("deep")).ok_or_else(|| {
        Said::new(400, 400, "group: it must be live, ready, upstream, budget or deep")
    })
}

/// The gateway's own API.
pub(crate) async fn respond(
    room: &Room,
    head: &http::request::Parts,
    caller: Option<&Caller>,
) -> Reply {
    let cmcache = &room.cmcache;
    if head.method != http::Method::GET && head.method != http::Method::HEAD {
        return plain_error(cmcache, 405, "Method Not Allowed");
    }
    match head.uri.path().trim_end_matches('/') {
        "/_cmcache/api/v1" => json(&serde_json::json!({ "paths": PATHS })),
        "/_cmcache/api/v1/status" => json(&cmcache.status()),
        "/_cmcache/api/v1/credits" => json(&cmcache.credits().await),
        "/_cmcache/api/v1/clients" => json(&clients(cmcache, caller).await),
        "/_cmcache/api/v1/tiers" => json(&cmcache.status().tiers),
        "/_cmcache/api/v1/slow" => json(&cmcache.monitor().slow()),
        "/_cmcache/api/v1/latencies" => json(&cmcache.latencies()),
        "/_cmcache/api/v1/timeline" => timeline(cmcache, head.uri.query().unwrap_or_default()),
        "/_cmcache/api/v1/popularity" => json(&cmcache.popularity(POPULAR)),
        "/_cmcache/api/v1/coins" => json(&cmcache.coin_charges(POPULAR)),
        act::WARM => json(&serde_json::json!({ "last": cmcache.warming() })),
        act::PAUSE => json(&cmcache.paused()),
        "/_cmcache/api/v1/config" => json(&cmcache.config().shown()),
        "/_cmcache/api/v1/openapi.json" => json(&openapi::document()),
        path => {
            let asked = (path, head.uri.query().unwrap_or_default());
            match ledger::respond(cmcache, asked, caller).await {
                Some(reply) => reply,
                None => plain_error(
                    cmcache,
                    404,
                    &format!("No such path: {path}. See /_cmcache/api/v1"),
                ),
            }
        }
    }
}

/// How far back a timeline may go, by name.
const TIMELINES: [(&str, u64); 4] =
    [("15m", 15 * 60), ("1h", 3_600), ("6h", 6 * 3_600), ("24h", 86_400)];

/// What happened lately, moment by moment; an hour unless asked otherwise.
fn timeline(cmcache: &Cmcache, raw_query: &str) -> Reply {
    let asked = raw_query.split('&').find_map(|pair| pair.strip_prefix("window="));
    let asked = asked.unwrap_or("1h");
    match TIMELINES.iter().find(|(name, _)| *name == asked) {
        Some((_, seconds)) => json(&cmcache.timeline(Duration::from_secs(*seconds))),
        None => plain_error(cmcache, 400, "window: it must be 15m, 1h, 6h or 24h"),
    }
}

/// All of them; where there is an operator, who others are is nobody else's business.
async fn clients(cmcache: &Cmcache, caller: Option<&Caller>) -> Vec<ClientStatus> {
    let mut all = cmcache.client_statuses().await;
    if let Some(caller) = caller.filter(|_| cmcache.config().admin.token.is_some()) {
        all.retain(|status| *status.name == **caller.client().name());
    }
    all
}

/// How many of the most popular and of the dearest coins are told.
const POPULAR: usize = 250;

pub(crate) const PATHS: [&str; 26] = [
    "/livez",
    "/readyz",
    "/healthz",
    "/metrics",
    "/_cmcache/api/v1/status",
    "/_cmcache/api/v1/credits",
    "/_cmcache/api/v1/clients",
    ledger::LEDGER,
    ledger::REPORT,
    ledger::GUIDE,
    ledger::FORECAST,
    "/_cmcache/api/v1/tiers",
    "/_cmcache/api/v1/slow",
    "/_cmcache/api/v1/latencies",
    "/_cmcache/api/v1/timeline",
    crate::feed::MOMENTS,
    crate::feed::PRICES,
    crate::dashboard::PATH,
    "/_cmcache/api/v1/config",
    crate::live::EVENTS,
    "/_cmcache/api/v1/popularity",
    "/_cmcache/api/v1/coins",
    act::INVALIDATE,
    act::WARM,
    act::PAUSE,
    "/_cmcache/api/v1/openapi.json",
];

fn plain_error(cmcache: &Cmcache, http: u16, message: &str) -> Reply {
    let said = Said { http, code: i64::from(http), message: message.to_owned() };
    respond::error(&said, Style::Classic, cmcache.now())
}

pub(crate) fn json(value: &impl Serialize) -> Reply {
    match serde_json::to_vec_pretty(value) {
        Ok(mut body) => {
            body.push(b'\n');
            respond::json(StatusCode::OK, body.into())
        }
        Err(error) => {
            tracing::error!(%error, "a report could not be written as JSON");
            respond::json(StatusCode::INTERNAL_SERVER_ERROR, Bytes::from_static(b"{}"))
        }
    }
}

pub(crate) fn typed(status: StatusCode, media: &'static str, body: Bytes) -> Reply {
    let mut response = Response::new(Sent::one(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media));
    response
}
