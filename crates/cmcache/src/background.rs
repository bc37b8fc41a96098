//! Everything that lives as long as the process: born here, on one tracker, ended by one token.
//!
//! Each task holds the whole only weakly: when the last clone of the facade is gone, so are they.
//! Each may be dropped at any await.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use clock::CoarseClock;
use cmc_api::Query;
use engine::Terms;
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior, interval, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{cmcache::Inner, stream};

/// How far the hit path's clock lags at most.
const TICK: Duration = Duration::from_millis(5);
/// How long a posting waits in memory; the journal has it meanwhile.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// How soon a client that was added or revoked is known. Where nothing changed, it is one look at
/// the file's state.
const CLIENTS_EVERY: Duration = Duration::from_millis(500);
/// How often what was counted of answers is written; a sudden death loses as much.
const COLLECT_EVERY: Duration = Duration::from_secs(60);
/// How often expired rows are looked for.
const PRUNE_EVERY: Duration = Duration::from_secs(60);
/// Rows removed in one step, so that no reader waits long, and the pause before the next one.
const PRUNE_ROWS: usize = 500;
const PRUNE_PAUSE: Duration = Duration::from_millis(20);
/// How often the months of the ledger are looked after.
const MAINTAIN_EVERY: Duration = Duration::from_secs(86_400);
/// How soon again, where that could not be done.
const MAINTAIN_AGAIN: Duration = Duration::from_secs(300);
/// How often the plan is read again; free, but it counts as a request.
const PLAN_EVERY: Duration = Duration::from_secs(600);
/// How soon something free is tried again when upstream could not be asked.
const AGAIN: Duration = Duration::from_secs(15);
/// How often histograms are summed up.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);
/// How often the lookout looks which tiers and operations are up; in memory.
const LOOK_OUT_EVERY: Duration = Duration::from_secs(1);
/// How often ages are set anew.
const PACE_EVERY: Duration = Duration::from_secs(30);
/// How often the checks are run even if nobody asks.
const WATCH_EVERY: Duration = Duration::from_secs(60);

/// The tasks of a running gateway.
#[derive(Debug, Default)]
pub(crate) struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Whether the map of all coins is being loaded for the first time.
    is_naming: watch::Sender<bool>,
}

impl Drop for Background {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Background {
    /// Keeps the coarse clock going.
    pub(crate) fn tick(&self, clock: CoarseClock) {
        self.spawn(async move {
            let mut beat = every(TICK);
            loop {
                beat.tick().await;
                clock.tick();
            }
        });
    }

    /// Starts what needs the whole gateway.
    pub(crate) fn start(&self, inner: &Arc<Inner>) {
        if let Some(write_behind) = inner.engine.stack().write_behind() {
            // Not stopped: it ends when it has written what waits.
            self.tasks.spawn(write_behind.run());
        }
        self.spawn(upkeep(Arc::downgrade(inner)));
        self.spawn(flush(Arc::downgrade(inner)));
        self.spawn(collect(Arc::downgrade(inner)));
        self.spawn(look_out(Arc::downgrade(inner)));
        self.spawn(lease(Arc::downgrade(inner)));
        self.spawn(plan(Arc::downgrade(inner)));
        if inner.watching.delivery.is_some() {
            self.spawn(carry(Arc::downgrade(inner)));
        }
        self.spawn(watch(Arc::downgrade(inner)));
        self.spawn(clients(Arc::downgrade(inner)));
        if inner.engine.pacing().is_on() {
            self.spawn(pace(Arc::downgrade(inner)));
        }
        self.spawn(popularity(Arc::downgrade(inner)));
        for which in 0..inner.kept.databases.len() {
            self.spawn(maintain(Arc::downgrade(inner), which));
        }
        for which in 0..inner.levels.to_prune.len() {
            self.spawn(prune(Arc::downgrade(inner), which));
        }
    }

    /// Has the free map of all coins loaded, again and again until it is there.
    pub(crate) fn load_names(&self, inner: &Arc<Inner>) {
        self.is_naming.send_replace(true);
        self.spawn(names(Arc::downgrade(inner)));
    }

    /// Keeps a topic told until nobody listens to it.
    pub(crate) fn follow(&self, inner: &Arc<Inner>, name: String, query: Arc<Query>, terms: Terms) {
        self.spawn(stream::follow(Arc::downgrade(inner), name, query, terms));
    }

    /// Waits for the first end of that, where it is being done at all.
    async fn named(&self) {
        let mut is_naming = self.is_naming.subscribe();
        // It cannot close: the sender is ours.
        drop(is_naming.wait_for(|is_naming| !is_naming).await);
    }

    /// Warms as configured.
    pub(crate) fn warm(&self, inner: &Arc<Inner>) {
        if inner.config.warm.choice().is_some() {
            self.spawn(warm(Arc::downgrade(inner)));
        }
    }

    /// Ends the tasks and waits until they have ended.
    pub(crate) async fn end(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Runs `task` until it or everything ends.
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = task => {}
                () = stop.cancelled() => {}
            }
        });
    }
}

/// A beat whose first tick comes after `length`, not at once.
fn every(length: Duration) -> Interval {
    let mut beat = interval(length);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beat.reset();
    beat
}

/// Sums up histograms, says what is spent, and watches it.
async fn upkeep(inner: Weak<Inner>) {
    if let Some(inner) = inner.upgrade() {
        inner.learn_past().await;
        // Now, so that the first moment is over five seconds after the start.
        inner.upkeep().await;
    }
    let mut beat = every(UPKEEP_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.upkeep().await;
        inner.sync_pause().await;
    }
}

/// Tells which tiers and operations go down and come up.
async fn look_out(inner: Weak<Inner>) {
    let mut beat = every(LOOK_OUT_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.look_out();
    }
}

/// Writes postings to the ledger.
async fn flush(inner: Weak<Inner>) {
    let mut beat = every(FLUSH_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.engine.account().sweep().await;
        if inner.engine.account().is_forgotten() {
            tracing::warn!("the shared meter has lost its memory: upstream is asked what is spent");
            if let Err(error) = inner.ask_plan().await {
                tracing::warn!(%error, "the ledger alone says what is spent");
            }
        }
        if let Err(error) = inner.engine.account().catch_up(&*inner.kept.ledger).await {
            tracing::warn!(%error, "postings wait in the journal until the ledger is back");
        }
        if let Err(error) = inner.clients.catch_up(&*inner.kept.ledger).await {
            tracing::debug!(%error, "the shares of clients wait in the journal, too");
        }
    }
}

/// Brings the clients up to date with their file.
async fn clients(inner: Weak<Inner>) {
    let mut beat = every(CLIENTS_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        let refreshed = inner.roster.refresh(&inner.config, &inner.clients, &*inner.kept.ledger);
        if let Err(error) = refreshed.await {
            tracing::warn!(%error, "the clients stay as they were");
        }
    }
}

/// Writes what was counted of answers, and records what was asked.
async fn collect(inner: Weak<Inner>) {
    let mut beat = every(COLLECT_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        if let Err(error) = inner.collect().await {
            tracing::warn!(%error, "counts of answers wait until the ledger is back");
        }
    }
}

/// Carries events to the webhook.
async fn carry(inner: Weak<Inner>) {
    let mut rng = fastrand::Rng::new();
    loop {
        let pause = {
            let Some(inner) = inner.upgrade() else { return };
            let Some(delivery) = inner.watching.delivery.clone() else { return };
            let now = inner.clock.now();
            // What waits for a receiver must not keep the whole alive.
            drop(inner);
            delivery.step(now, &mut rng).await
        };
        tokio::time::sleep(pause).await;
    }
}

/// Leases credits before somebody has to wait for them.
async fn lease(inner: Weak<Inner>) {
    loop {
        let Some(strong) = inner.upgrade() else { return };
        // The account alone is kept while nothing happens.
        let account = strong.engine.account().clone();
        drop(strong);
        account.runs_low().await;
        account.lease_ahead().await;
    }
}

/// Removes expired rows from one of the databases, a step at a time. Instances that share it start
/// at different moments, and none of them holds it for long.
async fn prune(inner: Weak<Inner>, which: usize) {
    loop {
        tokio::time::sleep(jittered(PRUNE_EVERY)).await;
        loop {
            let Some(inner) = inner.upgrade() else { return };
            let Some(tier) = inner.levels.to_prune.get(which) else { return };
            match tier.prune(inner.clock.now(), PRUNE_ROWS).await {
                Ok(n) if n > 0 => {}
                Ok(_) => break,
                Err(error) => {
                    tracing::debug!(%error, "expired rows wait until the database is back");
                    break;
                }
            }
            drop(inner);
            tokio::time::sleep(PRUNE_PAUSE).await;
        }
    }
}

/// Makes room for the postings of the months to come, and forgets those past their retention: at
/// the start and daily, and soon again where that could not be done.
async fn maintain(inner: Weak<Inner>, which: usize) {
    loop {
        let is_done = {
            let Some(inner) = inner.upgrade() else { return };
            let Some((_, database)) = inner.kept.databases.get(which) else { return };
            let months = inner.config.ledger.retention.get();
            match database.maintain(inner.clock.now(), months).await {
                Ok(done) => {
                    tracing::debug!(?done, "the ledger's months are in order");
                    !done.postponed
                }
                Err(error) => {
                    tracing::warn!(%error, "the ledger's months wait until the database is back");
                    false
                }
            }
        };
        tokio::time::sleep(jittered(if is_done { MAINTAIN_EVERY } else { MAINTAIN_AGAIN })).await;
    }
}

/// Up to a quarter longer, so that instances that started together do not stay in step.
fn jittered(length: Duration) -> Duration {
    length.mul_f64(1.0 + fastrand::f64() / 4.0)
}

/// Reads plan, limits and use from the key itself.
async fn plan(inner: Weak<Inner>) {
    loop {
        let is_known = inner.upgrade().is_some_and(|inner| inner.plan().is_some());
        tokio::time::sleep(if is_known { PLAN_EVERY } else { AGAIN }).await;
        let Some(inner) = inner.upgrade() else { return };
        if inner.config.upstream.is_keyless() {
            return;
        }
        if let Err(error) = inner.ask_plan().await {
            tracing::debug!(%error, "the key could not be asked for its plan");
        }
    }
}

/// Sets how old answers may be, so that the plan lasts.
async fn pace(inner: Weak<Inner>) {
    let mut beat = every(PACE_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.pace().await;
    }
}

/// Runs the checks, so that whoever reads the log learns of trouble that nobody asked for. The
/// first look at everything ends the start; what needs the map of all coins is not kept waiting
/// for it, if it can be had soon.
async fn watch(inner: Weak<Inner>) {
    if let Some(inner) = inner.upgrade() {
        inner.watch().await;
        drop(timeout(engine::limits::NAMES_PATIENCE, inner.background.named()).await);
        if inner.health.begin() {
            tracing::debug!("ready: every check has looked once");
        }
    }
    let mut beat = every(WATCH_EVERY);
    loop {
        beat.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.watch().await;
        inner.reconcile().await;
    }
}

/// Tells other instances what is popular, learns it from them, and keeps it for the next start.
async fn popularity(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(jittered(engine::limits::CHARTS_EVERY)).await;
        let Some(inner) = inner.upgrade() else { return };
        inner.engine.sync_popularity().await;
    }
}

/// Warms at the start, and again after each pause unless hardly anything is asked at that hour.
async fn warm(inner: Weak<Inner>) {
    let mut is_start = true;
    loop {
        let every = {
            let Some(inner) = inner.upgrade() else { return };
            let warm = &inner.config.warm;
            let is_due = if is_start { warm.at_start } else { inner.is_busy_hour() };
            if is_due {
                inner.warm_as_configured().await;
            }
            warm.every.get()
        };
        if every.is_zero() {
            return;
        }
        is_start = false;
        tokio::time::sleep(every).await;
    }
}

/// The map of all coins, as soon as it can be had.
async fn names(inner: Weak<Inner>) {
    loop {
        let Some(strong) = inner.upgrade() else { return };
        let loaded = strong.engine.load_names().await;
        strong.background.is_naming.send_replace(false);
        drop(strong);
        match loaded {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "the map of all coins could not be read yet"),
        }
        tokio::time::sleep(AGAIN).await;
    }
}
