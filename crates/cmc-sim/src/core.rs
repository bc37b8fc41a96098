//! One request from arrival to reply, in the order of checks of the API; no I/O.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::SimClock;
use crate::config::SimConfig;
use crate::envelope::{self, Status};
use crate::faults::FaultKind;
use crate::market::{Market, noise};
use crate::meter::{self, Meter, Payer};
use crate::operations::{Ask, Method, Operation, Prepared, Route};
use crate::params::Params;
use crate::query::RawQuery;
use crate::refusal::{self, Refusal};
use crate::reply::{Ending, Reply};
use crate::settings::Settings;
use crate::time::Millis;

/// Request targets beyond this are refused.
const TARGET_MAX_BYTES: usize = 8_192;
const KEYLESS_PREFIX: &str = "/public-api";
const PLEASE_RETRY: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";

/// A request, as far as it matters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrival<'a> {
    /// As sent, in capitals.
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    /// From the header.
    pub(crate) key: Option<&'a str>,
    /// Of a POST.
    pub(crate) body: &'a [u8],
    /// The address it came from.
    pub(crate) address: &'a str,
}

impl Arrival<'_> {
    const fn target_bytes(&self) -> usize {
        let mark = if self.query.is_empty() { 0 } else { 1 };
        self.path.len() + mark + self.query.len()
    }
}

/// Everything a simulator consists of, but for its socket.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) market: Market,
    pub(crate) clock: SimClock,
    pub(crate) meter: Meter,
    pub(crate) settings: Mutex<Settings>,
    pub(crate) speed: f64,
    n_arrived: AtomicU64,
}

/// Why an arrival gets no data.
enum Failure {
    Refused(Refusal),
    Broken(Reply),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// An arrival, and what is known about it.
struct Visit<'a> {
    arrival: Arrival<'a>,
    path: &'a str,
    is_keyless: bool,
    query: RawQuery,
    /// Who is billed so far.
    account: String,
    now: Millis,
    elapsed_ms: u64,
}

impl Core {
    pub(crate) fn new(config: &SimConfig) -> Self {
        Self {
            market: Market::new(config.seed),
            clock: SimClock::new(
                config.speed,
                config.frozen_at.map(jiff::Timestamp::as_millisecond),
            ),
            meter: Meter::new(&config.keys, config.keyless_rpm),
            settings: Mutex::new(Settings::new(config)),
            speed: config.speed,
            n_arrived: AtomicU64::new(0),
        }
    }

    /// Answers one request; never fails, refusals are answers too.
    pub(crate) fn answer(&self, arrival: Arrival<'_>) -> Reply {
        let (is_keyless, path) = match arrival.path.strip_prefix(KEYLESS_PREFIX) {
            Some(path) if path.starts_with('/') => (true, path),
            _ => (false, arrival.path),
        };
        let n_arrived = self.n_arrived.fetch_add(1, Ordering::Relaxed);
        let mut visit = Visit {
            arrival,
            path,
            is_keyless,
            query: RawQuery::parse(arrival.query),
            account: meter::NOBODY.to_owned(),
            now: self.clock.now_ms(),
            elapsed_ms: 3 + noise::mix(n_arrived) % 58,
        };
        let route = Route::of(path);
        let outcome = self.try_answer(route, &mut visit);
        outcome.unwrap_or_else(|failure| {
            self.meter.refuse(route.name(), &visit.account);
            match failure {
                Failure::Broken(reply) => reply,
                Failure::Refused(refusal) => {
                    let stack = route.stack();
                    let body = envelope::error(stack, visit.now, visit.elapsed_ms, &refusal);
                    Reply::json(refusal.http, body)
                }
            }
        })
    }

    /// How long the reply is held back.
    pub(crate) fn delay(&self) -> Duration {
        let (latency, jitter) = self.lock_settings().latency();
        let draw = noise::unit(noise::mix(self.n_arrived.load(Ordering::Relaxed)));
        latency + jitter.mul_f64(draw)
    }

    pub(crate) fn lock_settings(&self) -> std::sync::MutexGuard<'_, Settings> {
        self.settings.lock().expect("no change of the settings panics")
    }

    fn try_answer(&self, route: Route, visit: &mut Visit<'_>) -> Result<Reply, Failure> {
        if visit.arrival.target_bytes() > TARGET_MAX_BYTES {
            return Err(refusal::TARGET_TOO_LARGE.into());
        }
        let operation = match route {
            Route::Unknown => return Err(refusal::BUSY.into()),
            Route::Served(operation) => Some(operation),
            Route::Gated(..) => None,
        };
        let wanted = operation.map_or(Method::Get, |operation| operation.method);
        if visit.arrival.method != wanted.name() {
            return Err(refusal::METHOD.into());
        }
        let payer = self.admit(operation.is_some_and(|it| it.is_keyless), visit)?;
        let fault = self.lock_settings().faults.draw();
        if let Some(failure) = fault.and_then(failure_of) {
            return Err(failure);
        }
        if payer.plan < route.plan() {
            return Err(refusal::NOT_IN_PLAN.into());
        }
        let operation = operation.ok_or(refusal::BUSY)?;
        let body = self.serve(operation, visit, &payer)?;
        let is_cut = fault == Some(FaultKind::Truncated);
        let ending = if is_cut { Ending::Halved } else { Ending::Whole };
        Ok(Reply { ending, ..Reply::json(200, body) })
    }

    fn admit(&self, is_open: bool, visit: &mut Visit<'_>) -> Result<Payer, Refusal> {
        if visit.is_keyless {
            visit.account = format!("ip:{}", visit.arrival.address);
            if !is_open {
                return Err(refusal::KEY_REQUIRED);
            }
            let payer = self.meter.admit_keyless(&visit.account, visit.now)?;
            visit.account.clone_from(&payer.account);
            return Ok(payer);
        }
        let key = visit.arrival.key.or(visit.query.key.as_deref()).filter(|key| !key.is_empty());
        if let Some(key) = key.filter(|key| self.meter.has_key(key)) {
            key.clone_into(&mut visit.account);
        }
        self.meter.admit(key, visit.now)
    }

    fn serve(
        &self,
        operation: &Operation,
        visit: &Visit<'_>,
        payer: &Payer,
    ) -> Result<Vec<u8>, Refusal> {
        let moment = self.market.at(visit.now);
        let ask = Ask {
            market: &self.market,
            moment: &moment,
            meter: &self.meter,
            payer,
            params: Params::check(&visit.query, operation.spec, operation.stack)?,
            body: visit.arrival.body,
            version: operation.version,
            now_ms: visit.now,
        };
        let prepared = (operation.serve)(&ask)?;
        let price = self.lock_settings().price(operation);
        let credits = price.credits(prepared.n_items, prepared.n_converts);
        self.meter.charge(payer, visit.path, credits, visit.now)?;
        let Prepared { write, total_count, .. } = prepared;
        let status =
            Status { now_ms: visit.now, elapsed_ms: visit.elapsed_ms, credits, total_count };
        Ok(envelope::success(operation.stack, status, write))
    }
}

/// What a fault does instead of serving; a truncated answer is served first.
fn failure_of(kind: FaultKind) -> Option<Failure> {
    Some(match kind {
        FaultKind::Error500 => Failure::Refused(refusal::INTERNAL),
        FaultKind::Busy200 => Failure::Refused(refusal::BUSY),
        FaultKind::Rate1008 => Failure::Refused(refusal::MINUTE_LIMIT),
        FaultKind::Rate1011 => Failure::Refused(refusal::IP_LIMIT),
        FaultKind::Html502 => Failure::Broken(Reply::html(502, PLEASE_RETRY)),
        FaultKind::Empty503 => Failure::Broken(Reply::html(503, "")),
        FaultKind::Reset => Failure::Broken(Reply::ended(Ending::Reset)),
        FaultKind::Hang => Failure::Broken(Reply::ended(Ending::Never)),
        FaultKind::Truncated => return None,
    })
}

#[cfg(test)]
mod tests;
