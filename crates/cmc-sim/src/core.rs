//! One request from arrival to reply, in the order of checks of the API; no I/O.

mod visit;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::clock::SimClock;
use crate::config::SimConfig;
use crate::control;
use crate::envelope::{self, Style};
use crate::faults::{Fault, FaultKind};
use crate::market::Market;
use crate::meter::{self, Meter, Payer};
use crate::operations::{Ask, Operation, Route};
use crate::params::judge::Judge;
use crate::quirks::{Quirks, UnknownPath, Unrecorded};
use crate::recording::{Recorder, Replay};
use crate::refusal::{self, Refusal};
use crate::reply::{Ending, Reply};
use crate::settings::{Opening, Settings, Turn};
use crate::tariff::Price;
use crate::time::Millis;
use visit::{Failure, Visit};

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
    pub(crate) recorder: Recorder,
    pub(crate) replay: Option<Replay>,
    pub(crate) speed: f64,
    n_arrived: AtomicU64,
}

impl Core {
    pub(crate) fn new(config: &SimConfig) -> Self {
        let ms = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_millisecond);
        let clock = SimClock::new(config.speed, ms(config.frozen_at), ms(config.starts_at));
        Self {
            market: Market::new(config.seed),
            meter: Meter::new(&config.keys, config.keyless_rpm, &config.quirks),
            settings: Mutex::new(Settings::new(config, clock.now_ms())),
            clock,
            recorder: Recorder::default(),
            replay: None,
            speed: config.speed,
            n_arrived: AtomicU64::new(0),
        }
    }

    /// Answers one request; never fails, refusals are answers too.
    pub(crate) fn answer(&self, arrival: Arrival<'_>) -> Reply {
        let n_call = self.n_arrived.fetch_add(1, Ordering::Relaxed);
        let now = self.clock.now_ms();
        let mut visit = Visit::new(arrival, |path| self.open(path, n_call, now), n_call, now);
        let route = Route::of(visit.path);
        let mut reply = self.replayed(route, &visit).unwrap_or_else(|| {
            let outcome = self.try_answer(route, &mut visit);
            outcome.unwrap_or_else(|failure| {
                self.meter.refuse(route.name(), &visit.account);
                match failure {
                    Failure::Broken(reply) => reply,
                    Failure::Refused(refusal) => self.refuse(route, &visit, refusal),
                }
            })
        });
        reply.delay += visit.delay;
        visit.mark(&mut reply);
        self.recorder.note(&arrival, now, &reply);
        reply
    }

    /// The recorded answer, where a recording is played.
    fn replayed(&self, route: Route, visit: &Visit<'_>) -> Option<Reply> {
        let replay = self.replay.as_ref()?;
        let reply = match replay.play(&visit.arrival) {
            Some(reply) => reply,
            None if visit.quirks.unrecorded == Unrecorded::Market => return None,
            None => self.refuse(route, visit, refusal::NOT_RECORDED),
        };
        if reply.status == 200 && reply.ending != Ending::Reset && reply.ending != Ending::Never {
            self.meter.charge_replayed(route.name(), reply.credits);
        } else {
            self.meter.refuse(route.name(), meter::REPLAYED);
        }
        Some(reply)
    }

    /// What a request meets, after what the scenario changes at this instant.
    fn open(&self, path: &str, n_call: u64, now: Millis) -> Opening {
        let opening = self.lock_settings().open(path, n_call, now);
        if opening.changes.is_empty() {
            return opening;
        }
        for change in opening.changes {
            // Checked when the scenario was read; a key that is not there stays away.
            drop(control::apply(self, change));
        }
        self.lock_settings().open(path, n_call, now)
    }

    pub(crate) fn lock_settings(&self) -> std::sync::MutexGuard<'_, Settings> {
        self.settings.lock().expect("no change of the settings panics")
    }

    pub(crate) fn quirks(&self) -> Arc<Quirks> {
        Arc::clone(&self.lock_settings().quirks)
    }

    fn refuse(&self, route: Route, visit: &Visit<'_>, mut refusal: Refusal) -> Reply {
        refusal = Judge::of(route.name()).word(refusal);
        if refusal.is_about_history() {
            refusal.http = visit.quirks.history_depth_status;
            refusal.code = u32::from(refusal.http);
        }
        let style = Style::of(route.stack(&visit.quirks), &visit.quirks);
        let body = envelope::error(style, visit.told, visit.elapsed_ms, &refusal);
        let mut reply = Reply::json(refusal.http, body);
        if refusal.http == 429 {
            reply.headers = visit.rate_limit_headers(&self.meter, refusal.code);
        } else if refusal.http == 405 {
            reply.headers.push(("allow", route.methods().to_owned()));
        }
        reply
    }

    fn try_answer(&self, route: Route, visit: &mut Visit<'_>) -> Result<Reply, Failure> {
        if visit.arrival.target_bytes() > visit.quirks.target_max_bytes {
            return Err(refusal::TARGET_TOO_LARGE.into());
        }
        let operation = match route {
            Route::Unknown => return Err(self.unknown(visit).into()),
            Route::Served(operation) => operation,
        };
        if !route.takes(visit.arrival.method) {
            return Err(refusal::METHOD.into());
        }
        if visit.quirks.validation_before_key {
            visit.params(operation)?;
        }
        let payer = self.admit(operation.is_keyless, visit)?;
        let turn = self.lock_settings().turn(route.name(), visit.now);
        visit.delay += turn.delay;
        visit.retry_after_s = turn.fault.and_then(|fault| fault.retry_after_s);
        if let Some(failure) = turn.fault.and_then(|fault| visit::failure_of(fault.kind)) {
            return Err(failure);
        }
        visit.retry_after_s = None;
        if payer.plan < operation.plan {
            return Err(refusal::NOT_IN_PLAN.into());
        }
        let (body, credits) = self.serve(operation, visit, &payer, &turn)?;
        let ending = match turn.fault {
            Some(Fault { kind: FaultKind::Truncated, .. }) => Ending::Halved,
            Some(Fault { kind: FaultKind::Drip, bytes_per_s, .. }) => Ending::Dripped(bytes_per_s),
            _ => Ending::Whole,
        };
        Ok(Reply { ending, credits, ..Reply::json(200, body) })
    }

    /// What a path that nobody serves gets.
    fn unknown(&self, visit: &Visit<'_>) -> Refusal {
        let is_known = visit.key().is_some_and(|key| self.meter.has_key(key));
        match visit.quirks.unknown_path {
            UnknownPath::Busy200 => refusal::BUSY,
            UnknownPath::ByKey if is_known => refusal::BUSY,
            UnknownPath::ByKey | UnknownPath::NotFound404 => refusal::NOT_FOUND,
        }
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
        let key = visit.key().map(str::to_owned);
        if let Some(key) = key.as_deref().filter(|key| self.meter.has_key(key)) {
            key.clone_into(&mut visit.account);
        }
        self.meter.admit(key.as_deref(), visit.now)
    }

    fn serve(
        &self,
        operation: &'static Operation,
        visit: &Visit<'_>,
        payer: &Payer,
        turn: &Turn,
    ) -> Result<(Vec<u8>, u64), Refusal> {
        let moment = self.market.at(visit.now);
        let ask = Ask {
            market: &self.market,
            moment: &moment,
            meter: &self.meter,
            payer,
            params: visit.params(operation)?,
            body: visit.arrival.body,
            version: operation.version,
            now_ms: visit.now,
            quirks: &visit.quirks,
            n_call: visit.n_call,
        };
        let prepared = (operation.serve)(&ask)?;
        let price =
            turn.price.unwrap_or_else(|| Price::of(operation, &visit.quirks, payer.is_keyless));
        let credits = match prepared.is_free {
            true => 0,
            false => price.credits_under(&visit.quirks, prepared.n_items, prepared.n_converts),
        };
        let wrong = turn.charge.unwrap_or_default();
        let told = wrong.told(credits);
        let booked = if wrong.booked { told } else { credits };
        self.meter.charge(payer, visit.path, booked, visit.now)?;
        let told = (!wrong.missing).then_some(told);
        Ok((visit.success(operation, &ask.params, prepared, told), booked))
    }
}

#[cfg(test)]
mod tests;
