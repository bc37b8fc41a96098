//! Everything that lives as long as the process: born here, on one tracker, ended by one token.

use std::{sync::Arc, time::Duration};

use clock::CoarseClock;
use credits::Window;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{cmcache::Inner, wiring};

/// How far the hit path's clock lags at most.
const TICK: Duration = Duration::from_millis(5);
/// How long a posting waits in memory; the journal has it meanwhile.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// How often expired rows are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// Rows removed in one step, so that no reader waits long.
const PRUNE_ROWS: usize = 500;
/// How often the plan is read again; free, but it counts as a request.
const PLAN_EVERY: Duration = Duration::from_secs(600);
/// How soon it is tried again when upstream could not be asked.
const PLAN_AGAIN: Duration = Duration::from_secs(15);
/// How often histograms are summed up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The tasks of a running gateway.
#[derive(Debug)]
pub(crate) struct Background {
    pub(crate) tracker: TaskTracker,
    pub(crate) stop: CancellationToken,
}

impl Background {
    pub(crate) fn new() -> Self {
        Self { tracker: TaskTracker::new(), stop: CancellationToken::new() }
    }

    /// Keeps the coarse clock going.
    pub(crate) fn tick(&self, clock: CoarseClock) {
        self.every(TICK, move || clock.tick());
    }

    /// Starts what needs the whole gateway.
    pub(crate) fn start(&self, inner: &Arc<Inner>) {
        if let Some(write_behind) = inner.engine.stack().write_behind() {
            self.tracker.spawn(write_behind.run());
        }
        let shared = Arc::clone(inner);
        self.every(UPKEEP_EVERY, move || shared.upkeep());
        self.tracker.spawn(flush(Arc::clone(inner), self.stop.clone()));
        self.tracker.spawn(prune(Arc::clone(inner), self.stop.clone()));
        self.tracker.spawn(plan(Arc::clone(inner), self.stop.clone()));
    }

    fn every(&self, length: Duration, mut act: impl FnMut() + Send + 'static) {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            let mut ticks = interval(length);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    _ = ticks.tick() => act(),
                    () = stop.cancelled() => return,
                }
            }
        });
    }
}

/// Writes postings to the ledger.
async fn flush(inner: Arc<Inner>, stop: CancellationToken) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        inner.engine.account().sweep().await;
        if let Err(error) = inner.engine.account().flush(&*inner.kept.ledger).await {
            tracing::warn!(%error, "postings wait in the journal until the ledger is back");
        }
    }
}

/// Removes expired rows from the embedded database.
async fn prune(inner: Arc<Inner>, stop: CancellationToken) {
    let Some(tier) = inner.kept.tier.clone() else { return };
    let mut ticks = interval(PRUNE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        while matches!(tier.prune(inner.clock.now(), PRUNE_ROWS).await, Ok(n) if n > 0) {}
    }
}

/// Reads plan, limits and use from the key itself.
async fn plan(inner: Arc<Inner>, stop: CancellationToken) {
    loop {
        let known = inner.plan().is_some();
        let pause = if known { PLAN_EVERY } else { PLAN_AGAIN };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
        match engine::ask_key(&*inner.way.upstream).await {
            Ok(info) => inner.learn_plan(info).await,
            Err(error) => tracing::debug!(%error, "the key could not be asked for its plan"),
        }
    }
}

impl Inner {
    /// Takes over the limits of the plan, and what others have used of it.
    pub(crate) async fn learn_plan(&self, info: cmc_api::KeyInfo) {
        let account = self.engine.account();
        let budget = wiring::budget(&self.config, Some(&info));
        if let (Some(rate), Some(limit)) = (&self.way.rate, info.plan.rate_limit_minute) {
            rate.set_limit(self.config.budget.minute.map_or(limit, |ours| ours.min(limit)));
            rate.observe(info.usage.current_minute.requests_made);
        }
        let moved = account.budget().anchor != budget.anchor;
        account.set_budget(budget);
        if moved && let Err(error) = account.rebuild(&*self.kept.ledger).await {
            tracing::warn!(%error, "the billing month has moved, and the books could not be read");
        }
        let used = info.usage.current_month.credits_used.get();
        if let Err(error) = account.raise(Window::Month, used).await {
            tracing::warn!(%error, "upstream's own count could not be taken over");
        }
        self.keep_plan(info);
    }
}
