//! The budget, watched: levels, burn rates, the key's own count, all told as events.

use cmc_api::KeyInfo;
use credits::{Account, Usage, Window};

use crate::{
    alarms::{self, Reading},
    books,
    cmcache::Inner,
    metrics,
    status::ReconciledStatus,
};

impl Inner {
    /// Learns from the ledger what was spent lately, so that a restart does not hide a burst.
    pub(crate) async fn learn_past(&self) {
        let account = self.engine.account();
        let now = self.clock.now();
        if let Err(error) = self.alarms.learn_past(account, &*self.kept.ledger, now).await {
            tracing::debug!(%error, "the ledger is away: burn alarms begin without a past");
        }
    }

    /// Tells what is new about the use of the budget.
    pub(crate) fn watch_budget(&self, account: &Account, usage: &Usage) {
        let now = self.clock.now();
        self.alarms.judge(&account.budget(), usage, now, |(id, what)| {
            self.events.publish_as(id, now, what);
        });
        metrics::burning(&self.alarms.firing());
    }

    /// Tells if the key's limits have changed, and keeps its count to be held against the books.
    pub(crate) fn watch_key(&self, key: &KeyInfo) {
        let now = self.clock.now();
        let period = Window::Month.start(now, self.engine.account().budget().anchor);
        let reading = Reading { at: now, period, used: key.usage.current_month.credits_used };
        self.alarms.read(reading, &key.plan, |what| self.events.publish(now, what));
    }

    /// Holds the key's count against the books, once each of its readings is old enough.
    pub(crate) async fn reconcile(&self) {
        let now = self.clock.now();
        let Some(reading) = self.alarms.due(now) else { return };
        let account = self.engine.account();
        let ledger = &*self.kept.ledger;
        books::settle(account, ledger).await;
        if account.n_waiting() > 0 {
            // What the books lack is our own.
            return;
        }
        let Ok(booked) = alarms::spent_since(account, ledger, reading.period).await else { return };
        self.alarms.reconcile(reading, booked, |(id, what)| self.events.publish_as(id, now, what));
        if let Some(found) = self.alarms.elsewhere() {
            metrics::elsewhere(found.credits());
        }
    }

    /// What the last comparison found.
    pub(crate) fn reconciled(&self) -> Option<ReconciledStatus> {
        let found = self.alarms.elsewhere()?;
        Some(ReconciledStatus {
            at: found.at().to_string(),
            upstream: found.upstream,
            booked: found.booked,
            elsewhere: found.credits(),
            unbilled: found.booked.saturating_sub(found.upstream),
        })
    }
}
