//! What was swept when, and what is due to be swept again.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::CoinId;

use super::{Bounds, Sweep, SweepPlan, choose};
use crate::{forecast::Forecast, limits, ranks::Ranks};

/// However much a page is expected to save, demand is watched until misses have cost this part of
/// half of it.
const TRIAL_MIN: f64 = 0.25;

/// Sweeps that are in force, and what was spent on misses one by one.
#[derive(Debug)]
pub(crate) struct SweepLog(Mutex<State>);

#[derive(Debug)]
struct State {
    flown: Vec<(Sweep, Timestamp)>,
    /// Credits spent on misses lately, fading, and when that was counted.
    spent: (f64, Timestamp),
    closed_until: Timestamp,
    last: Timestamp,
}

/// What is known when it is asked what is due.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) forecast: &'a Forecast,
    pub(crate) ranks: &'a Ranks,
    pub(crate) converts_max: usize,
    pub(crate) calls_per_minute: u32,
    pub(crate) life: Duration,
    pub(crate) now: Timestamp,
}

impl Scene<'_> {
    fn plan(&self) -> SweepPlan {
        let bounds = Bounds {
            life_s: self.life.as_secs_f64(),
            converts_max: self.converts_max,
            n_blocks: self.ranks.n_blocks(),
            calls_per_minute: f64::from(self.calls_per_minute),
        };
        choose(self.forecast, bounds)
    }
}

impl SweepLog {
    pub(crate) fn new() -> Self {
        let never = Timestamp::EPOCH;
        let (flown, spent) = (Vec::new(), (0.0, never));
        Self(Mutex::new(State { flown, spent, closed_until: never, last: never }))
    }

    /// The sweeps that are due, because something that they cover is missing. From now on they
    /// count as flown.
    pub(crate) fn due(&self, missing: &[(CoinId, CoinId)], scene: Scene<'_>) -> Vec<Sweep> {
        let mut state = self.lock();
        state.forget(scene.now, scene.life);
        let is_open = missing.iter().any(|(coin, currency)| {
            !state.flown.iter().any(|(flown, _)| flown.covers(*coin, *currency, scene.ranks))
        });
        let is_known = scene.forecast.n_asked >= limits::SWEEP_ASKED_MIN;
        if !is_open || !is_known || scene.now < state.closed_until {
            return Vec::new();
        }
        let SweepPlan { sweeps: mut due, cost_without, .. } = scene.plan();
        due.retain(|sweep| {
            let covers =
                |(coin, currency): &(CoinId, CoinId)| sweep.covers(*coin, *currency, scene.ranks);
            missing.iter().any(covers) && state.is_due(sweep, cost_without, scene)
        });
        if !due.is_empty() {
            state.last = scene.now;
        }
        state.flown.extend(due.iter().map(|sweep| (sweep.clone(), scene.now)));
        due
    }

    /// Another instance, whose clock may be ahead, bought that page: here it counts as flown, too.
    pub(crate) fn flown_elsewhere(&self, sweep: Sweep, at: Timestamp, now: Timestamp) {
        let at = at.min(now);
        let mut state = self.lock();
        state.last = state.last.max(at);
        if state.flown.len() < limits::PAGES_REMEMBERED_MAX {
            state.flown.push((sweep, at));
        }
    }

    /// What is fresh because it was swept, and will be swept again.
    pub(crate) fn in_force(&self, now: Timestamp, life: Duration) -> Vec<Sweep> {
        let mut state = self.lock();
        state.forget(now, life);
        state.flown.iter().map(|(sweep, _)| sweep.clone()).collect()
    }

    /// Misses were bought one by one.
    pub(crate) fn spent(&self, credits: u64, now: Timestamp, life: Duration) {
        let mut state = self.lock();
        let before = state.spent_lately(now, life);
        state.spent = (before + credits as f64, now);
    }

    /// A sweep did not come back: nothing is swept for a while.
    pub(crate) fn failed(&self, now: Timestamp) {
        let mut state = self.lock();
        state.flown.clear();
        state.closed_until = now.after(limits::SWEEP_PAUSE);
    }

    /// A sweep was refused for what it was, which will be otherwise: the next one may fly at once.
    pub(crate) fn refused(&self) {
        self.lock().flown.clear();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn forget(&mut self, now: Timestamp, life: Duration) {
        self.flown.retain(|(_, at)| *at <= now && now.since(*at) < life);
    }

    /// No currency of it is fresh from an earlier one. The first of a series is flown when misses
    /// have cost half of it, or less where misses of one life would cost much more than it: until
    /// then nobody knows whether the demand lasts.
    fn is_due(&self, sweep: &Sweep, cost_without: f64, scene: Scene<'_>) -> bool {
        let is_fresh = |currency: &CoinId| {
            self.flown.iter().any(|(flown, _)| flown.currencies.contains(currency))
        };
        let goes_on = scene.now.since(self.last) < 2 * scene.life;
        let spent = self.spent_lately(scene.now, scene.life);
        let page = sweep.credits() as f64;
        let trial = 0.5 * page * (page / cost_without.max(page)).max(TRIAL_MIN);
        !sweep.currencies.iter().any(is_fresh) && (goes_on || spent >= trial)
    }

    fn spent_lately(&self, now: Timestamp, life: Duration) -> f64 {
        let (spent, at) = self.spent;
        spent * (-(now.since(at).as_secs_f64() / life.as_secs_f64().max(1.0))).exp()
    }
}

#[cfg(test)]
mod tests;
