//! The budget, watched: levels, burn rates, the key's own count, all told as events.

use std::sync::{Arc, Mutex, PoisonError};

use clock::Clock;
use cmc_api::{
    KeyInfo, Tariff,
    layers::{BreakerState, Breakers, Tap},
};
use credits::{Account, Usage, Window};

use crate::{
    alarms::{self, Alarms, Reading},
    books,
    cmcache::Inner,
    config::Config,
    delivery::Delivery,
    error::StartError,
    events::{self, Announced, Event, Events, Lookout},
    keeping::Keeping,
    metrics,
    prices::{self, Prices},
    status::ReconciledStatus,
    wiring::Kept,
};

/// What watches, and whom it tells.
#[derive(Debug)]
pub(crate) struct Watching {
    pub(crate) events: Events,
    pub(crate) prices: Arc<Prices>,
    pub(crate) alarms: Alarms,
    pub(crate) delivery: Option<Arc<Delivery>>,
    /// Which tiers and operations were up when the lookout looked last.
    lookout: Mutex<Lookout>,
}

impl Watching {
    /// Goes on where the last run stopped; nothing is written yet.
    pub(crate) fn open(config: &Config, name: &str, tariff: Tariff) -> Self {
        let file = |name| Keeping::of(&config.data_dir, name);
        Self {
            events: Events::new(fastrand::u64(..), config.switches()),
            prices: Arc::new(Prices::open(tariff, name, file(prices::FILE))),
            alarms: Alarms::open(config.levels(), name, file(alarms::FILE)),
            delivery: None,
            lookout: Mutex::default(),
        }
    }

    /// Hears what goes out.
    pub(crate) fn tap(&self, clock: &Arc<dyn Clock>) -> Tap {
        events::tap(&self.events, &self.prices, clock)
    }

    /// Hears what is booked, and hands alerts to the webhook. After the data directory is ours
    /// alone: two outboxes on one file would lose letters.
    pub(crate) fn connect(
        &mut self,
        config: &Config,
        name: &str,
        kept: &mut Kept,
    ) -> Result<(), StartError> {
        self.delivery = Delivery::open(config)?.map(Arc::new);
        if let Some(delivery) = self.delivery.clone() {
            self.events.hand_to(Arc::new(move |event: &Event| delivery.put(event)));
        }
        let (journal, events) = (Arc::clone(&kept.journal), self.events.clone());
        kept.journal = Arc::new(Announced { journal, events, account: name.into() });
        Ok(())
    }
}

impl Inner {
    /// Tells which tiers and operations have gone down or come up.
    pub(crate) fn look_out(&self) {
        let tiers = self.engine.stack().states().into_iter();
        let tiers = tiers.map(|tier| (tier.name.into(), tier.breaker == "closed"));
        let breakers = self.way.breakers.iter().flat_map(Breakers::states);
        let breakers = breakers.map(|(path, state)| (path, matches!(state, BreakerState::Closed)));
        let changes = {
            let mut lookout = self.watching.lookout.lock().unwrap_or_else(PoisonError::into_inner);
            let mut changes = lookout.tiers(tiers);
            changes.extend(lookout.operations(breakers));
            changes
        };
        let now = self.clock.now();
        changes.into_iter().for_each(|what| self.watching.events.publish(now, what));
    }

    /// Learns from the ledger what was spent lately, so that a restart does not hide a burst.
    pub(crate) async fn learn_past(&self) {
        let account = self.engine.account();
        let now = self.clock.now();
        if let Err(error) = self.watching.alarms.learn_past(account, &*self.kept.ledger, now).await
        {
            tracing::debug!(%error, "the ledger is away: burn alarms begin without a past");
        }
    }

    /// Tells what is new about the use of the budget.
    pub(crate) fn watch_budget(&self, account: &Account, usage: &Usage) {
        let now = self.clock.now();
        self.watching.alarms.judge(&account.budget(), usage, now, |(id, what)| {
            self.watching.events.publish_as(id, now, what);
        });
        metrics::burning(&self.watching.alarms.firing());
    }

    /// Tells if the key's limits have changed, and keeps its count to be held against the books.
    pub(crate) fn watch_key(&self, key: &KeyInfo) {
        let now = self.clock.now();
        let period = Window::Month.start(now, self.engine.account().budget().anchor);
        let reading = Reading { at: now, period, used: key.usage.current_month.credits_used };
        self.watching
            .alarms
            .read(reading, &key.plan, |what| self.watching.events.publish(now, what));
    }

    /// Holds the key's count against the books, once each of its readings is old enough.
    pub(crate) async fn reconcile(&self) {
        let now = self.clock.now();
        let Some(reading) = self.watching.alarms.due(now) else { return };
        let account = self.engine.account();
        let ledger = &*self.kept.ledger;
        books::settle(account, ledger).await;
        if account.n_waiting() > 0 {
            // What the books lack is our own.
            return;
        }
        let Ok(booked) = alarms::spent_since(account, ledger, reading.period).await else { return };
        self.watching.alarms.reconcile(reading, booked, |(id, what)| {
            self.watching.events.publish_as(id, now, what)
        });
        if let Some(found) = self.watching.alarms.elsewhere() {
            metrics::elsewhere(found.credits());
        }
    }

    /// What the last comparison found.
    pub(crate) fn reconciled(&self) -> Option<ReconciledStatus> {
        let found = self.watching.alarms.elsewhere()?;
        Some(ReconciledStatus {
            at: found.at().to_string(),
            upstream: found.upstream,
            booked: found.booked,
            elsewhere: found.credits(),
            unbilled: found.booked.saturating_sub(found.upstream),
        })
    }
}
