//! What is worth telling of the budget: levels, burn rates, other limits, use by somebody else.
//!
//! Everything is decided from values and an instant; what was told is kept in the data directory,
//! so that a restart does not tell it again.

mod elsewhere;
mod judged;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::KeyPlan;
use credits::{
    Account, Budget, BurnAlarm, Credits, Filter, GroupBy, Ledger, LedgerError, LevelState, Levels,
    Spending, Usage,
};
use serde::{Deserialize, Serialize};

use crate::{events::What, keeping::Keeping};

pub(crate) use elsewhere::{Elsewhere, Reading};

/// The file of what was told.
pub(crate) const FILE: &str = "alarms.json";

/// An event and the id that every instance would give it.
pub(crate) type Told = (String, What);

/// Looks at the budget again and again.
#[derive(Debug)]
pub(crate) struct Alarms {
    levels: Levels,
    account: Arc<str>,
    file: Keeping,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    kept: Kept,
    spending: Spending,
    /// The month's use at the last look, and when that month began.
    last: Option<(Timestamp, Credits)>,
    /// What the key said last, until it is held against the books.
    reading: Option<Reading>,
}

/// What must not be told again after a restart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    account: String,
    day: LevelState,
    month: LevelState,
    firing: BTreeSet<String>,
    elsewhere: Option<Elsewhere>,
    limits: Option<Limits>,
}

/// The limits of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Limits {
    month: Option<u64>,
    day: Option<u64>,
    minute: Option<u32>,
}

impl Alarms {
    /// Goes on where the last run stopped.
    pub(crate) fn open(levels: Levels, account: &str, file: Keeping) -> Self {
        let kept: Kept = file.read();
        let own = Kept { account: account.to_owned(), ..Kept::default() };
        // The data directory may have served another key's account before.
        let kept = if kept.account == account { kept } else { own };
        let state = Mutex::new(State { kept, ..State::default() });
        Self { levels, account: account.into(), file, state }
    }

    /// Learns what was spent before this run, for the burn alarms.
    pub(crate) async fn learn_past(
        &self,
        account: &Account,
        ledger: &dyn Ledger,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let lengths = BurnAlarm::ALL.iter().flat_map(|alarm| [alarm.short, alarm.long]);
        let lengths: BTreeSet<Duration> = lengths.collect();
        let mut past = Spending::default();
        let (mut newer, mut edge) = (Credits::ZERO, now);
        for length in lengths {
            // What was spent in a band counts as spent at its younger end: seen long enough.
            let spent = spent_since(account, ledger, now.before(length)).await?;
            past.add_past(spent.saturating_sub(newer), edge);
            (newer, edge) = (spent, now.before(length));
        }
        self.state().spending.take_in(past);
        Ok(())
    }

    /// Looks at what is used, and tells what is new. It is told before it is kept: a sudden end in
    /// between tells it again, under the same id, and does not lose it.
    pub(crate) fn judge(
        &self,
        budget: &Budget,
        usage: &Usage,
        now: Timestamp,
        tell: impl FnMut(Told),
    ) {
        let judge = |state: &mut State| judged::judge(self, state, budget, usage, now);
        self.changing(judge, tell);
    }

    /// Takes in what the key says of itself; tells it if its limits have changed.
    pub(crate) fn read(&self, reading: Reading, plan: &KeyPlan, mut tell: impl FnMut(What)) {
        let limits = Limits {
            month: plan.credit_limit_monthly.map(Credits::get),
            day: plan.credit_limit_daily.map(Credits::get),
            minute: plan.rate_limit_minute,
        };
        let step = |state: &mut State| {
            state.reading = Some(reading);
            let before = state.kept.limits.replace(limits).filter(|before| *before != limits)?;
            Some(What::PlanChanged {
                credits_month_before: before.month,
                credits_month: limits.month,
                credits_day_before: before.day,
                credits_day: limits.day,
                calls_minute_before: before.minute,
                calls_minute: limits.minute,
            })
        };
        self.changing(|state| step(state).into_iter().collect(), &mut tell);
    }

    /// The reading that is old enough to be held against the books: what was charged before it is
    /// in them by now, whichever instance made the call.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Reading> {
        self.state().reading.filter(|reading| reading.is_settled(now))
    }

    /// Holds a reading against what is booked since its month began.
    pub(crate) fn reconcile(&self, reading: Reading, booked: Credits, tell: impl FnMut(Told)) {
        let step = |state: &mut State| {
            state.reading = state.reading.filter(|newer| *newer != reading);
            let (found, told) = Elsewhere::judge(state.kept.elsewhere.as_ref(), reading, booked);
            let (month, elsewhere) = (reading.period, found.credits());
            state.kept.elsewhere = Some(found);
            let id = format!("elsewhere:{}:{month}:{elsewhere}", self.account);
            told.map(|what| (id, what)).into_iter().collect()
        };
        self.changing(step, tell);
    }

    /// What the last comparison found.
    pub(crate) fn elsewhere(&self) -> Option<Elsewhere> {
        self.state().kept.elsewhere.clone()
    }

    /// The burn alarms that ring.
    pub(crate) fn firing(&self) -> Vec<String> {
        self.state().kept.firing.iter().cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a step, tells what came of it, and keeps what it has changed.
    fn changing<T>(&self, step: impl FnOnce(&mut State) -> Vec<T>, tell: impl FnMut(T)) {
        let mut state = self.state();
        let before = state.kept.clone();
        step(&mut state).into_iter().for_each(tell);
        if state.kept != before {
            self.file.write(&state.kept);
        }
    }
}

/// What the books say was spent since an instant.
pub(crate) async fn spent_since(
    account: &Account,
    ledger: &dyn Ledger,
    from: Timestamp,
) -> Result<Credits, LedgerError> {
    let account = Some(Arc::clone(account.name()));
    let filter = Filter { from: Some(from), account, ..Filter::default() };
    let totals = ledger.totals(&filter, GroupBy::All).await?;
    Ok(totals.iter().fold(Credits::ZERO, |sum, total| sum.saturating_add(total.credits)))
}

#[cfg(test)]
mod tests;
