//! What an operation does to an account. It must say and do what the meter in memory does.

use std::collections::{BTreeMap, BTreeSet};

use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Credits, Decision, RaiseAsk, ReleaseAsk, ReservationId, ReserveAsk, SettleAsk,
    limits::ENDS_REMEMBERED_MAX,
};

use super::{
    Act, Numbers, Outcome, Step,
    counts::{Counts, number},
};
use crate::{ledger::whole, limits::ENDS_FORGOTTEN_STEP};

/// `state` of a hold whose call is under way.
pub(crate) const OPEN: i64 = 0;
const ENDED: i64 = 1;
/// Booked at its price, until its charge is told.
const LOST: i64 = 2;

/// A reservation as it lies in its table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hold {
    pub(crate) id: ReservationId,
    pub(crate) state: i64,
    pub(crate) price: i64,
    pub(crate) at_ms: i64,
    pub(crate) lost_at: i64,
    /// Its number among the ends of the account, or zero.
    pub(crate) ended: i64,
}

impl Hold {
    fn price(&self) -> Credits {
        Credits::new(whole(self.price))
    }
}

/// An account and those of its holds that matter, between reading and writing.
#[derive(Debug)]
pub(crate) struct Sheet {
    counts: Counts,
    holds: BTreeMap<ReservationId, Hold>,
    touched: BTreeSet<ReservationId>,
    fresh: Option<Hold>,
}

impl Sheet {
    pub(crate) fn new(numbers: &Numbers, holds: Vec<Hold>) -> Self {
        Self {
            counts: Counts::of(numbers),
            holds: holds.into_iter().map(|hold| (hold.id, hold)).collect(),
            touched: BTreeSet::new(),
            fresh: None,
        }
    }

    /// Whether what is lost by `now` has to be looked for.
    pub(crate) fn is_losing(numbers: &Numbers, now: Timestamp) -> bool {
        Counts::of(numbers).next_lost <= now
    }

    /// Of an account that nobody has used.
    pub(crate) const fn nothing() -> Numbers {
        Counts::nothing()
    }

    /// `next_lost` is that of those that stay open, if what is lost was looked for.
    pub(crate) fn apply(&mut self, step: &Step<'_>, next_lost: Option<i64>) -> Outcome {
        if let Some(next_lost) = next_lost {
            self.book_lost(step.at, step.anchor);
            self.counts.next_lost = Timestamp::from_millis(next_lost);
        }
        self.counts.roll(step.at, step.anchor);
        self.counts.touch(step.at);
        let decision = match step.act {
            Act::Reserve(ask) => self.reserve(ask),
            Act::Settle(ask) => self.settle(ask),
            Act::Release(ask) => self.release(ask),
            Act::Raise(ask) => self.raise(ask),
            Act::Usage => Decision::Granted,
        };
        Outcome { decision, usage: self.counts.usage(), is_new: false }
    }

    pub(crate) fn numbers(&self) -> Numbers {
        self.counts.numbers()
    }

    /// Holds that have changed, and a new one.
    pub(crate) fn changed(&self) -> (Vec<Hold>, Option<Hold>) {
        let changed = self.touched.iter().filter_map(|id| self.holds.get(id)).copied();
        (changed.collect(), self.fresh)
    }

    /// The last end to be forgotten, if it is time to do so.
    pub(crate) fn forgotten(&self, before: &Numbers) -> Option<i64> {
        let n_ended = self.counts.n_ended;
        let is_time =
            Counts::of(before).n_ended / ENDS_FORGOTTEN_STEP != n_ended / ENDS_FORGOTTEN_STEP;
        (is_time && self.horizon() > 0).then(|| self.horizon())
    }

    fn reserve(&mut self, ask: &ReserveAsk) -> Decision {
        let decision = ask.budget.decide(&self.counts.usage(), ask.price, ask.at);
        if decision == Decision::Granted {
            self.counts.minute.add(1);
            self.counts.reserved = self.counts.reserved.saturating_add(ask.price.get());
            self.counts.n_open += 1;
            self.counts.next_lost = self.counts.next_lost.min(ask.lost_at);
            self.fresh = Some(Hold {
                id: ask.id,
                state: OPEN,
                price: number(ask.price.get()),
                at_ms: ask.at.as_millis(),
                lost_at: ask.lost_at.as_millis(),
                ended: 0,
            });
        }
        decision
    }

    fn settle(&mut self, ask: &SettleAsk) -> Decision {
        match self.known(ask.id) {
            Some(hold) if hold.state == OPEN => {
                self.close(&hold);
                self.counts.spend(ask.charged);
            }
            Some(hold) if hold.state == LOST => self.correct(&hold, ask.charged),
            Some(_) => {}
            None => self.counts.spend(ask.charged),
        }
        self.end(ask.id, ENDED);
        Decision::Granted
    }

    fn release(&mut self, ask: &ReleaseAsk) -> Decision {
        let known = self.known(ask.id);
        let Some(hold) = known.filter(|hold| hold.state != ENDED) else {
            return Decision::Granted;
        };
        if hold.state == OPEN {
            self.close(&hold);
        } else {
            self.correct(&hold, Credits::ZERO);
        }
        if self.counts.minute.holds(Timestamp::from_millis(hold.at_ms)) {
            self.counts.minute.subtract(1);
        }
        self.end(ask.id, ENDED);
        Decision::Granted
    }

    fn raise(&mut self, ask: &RaiseAsk) -> Decision {
        let span = self.counts.span(ask.window);
        span.count = span.count.max(ask.to);
        Decision::Granted
    }

    /// Each at the instant that it was lost, in the windows of that instant.
    fn book_lost(&mut self, now: Timestamp, anchor: BillingAnchor) {
        let is_lost = |hold: &&Hold| hold.state == OPEN && hold.lost_at <= now.as_millis();
        let mut lost: Vec<Hold> = self.holds.values().filter(is_lost).copied().collect();
        lost.sort_unstable_by_key(|hold| (hold.lost_at, hold.id));
        for hold in lost {
            self.counts.roll(Timestamp::from_millis(hold.lost_at), anchor);
            self.close(&hold);
            self.counts.spend(hold.price());
            self.end(hold.id, LOST);
        }
    }

    fn close(&mut self, hold: &Hold) {
        self.counts.reserved = self.counts.reserved.saturating_sub(hold.price().get());
        self.counts.n_open = self.counts.n_open.saturating_sub(1);
    }

    /// Takes the assumed price back out of the windows that it was booked in, and books the charge.
    fn correct(&mut self, lost: &Hold, charged: Credits) {
        for span in [&mut self.counts.day, &mut self.counts.month] {
            if span.holds(Timestamp::from_millis(lost.lost_at)) {
                span.subtract(lost.price().get());
            }
        }
        self.counts.spend(charged);
    }

    /// An end that is known keeps its number.
    fn end(&mut self, id: ReservationId, state: i64) {
        let known = self.known(id).filter(|hold| hold.state != OPEN);
        if known.is_none() {
            self.counts.n_ended += 1;
        }
        let ended = known.map_or(self.counts.n_ended, |hold| hold.ended);
        let nobodys = Hold { id, state, price: 0, at_ms: 0, lost_at: 0, ended };
        let hold = self.holds.entry(id).or_insert(nobodys);
        (hold.state, hold.ended) = (state, ended);
        self.touched.insert(id);
    }

    /// What was ended too long ago is there until it is deleted, but not known any more.
    fn known(&self, id: ReservationId) -> Option<Hold> {
        let hold = self.holds.get(&id).copied();
        hold.filter(|hold| hold.state == OPEN || hold.ended > self.horizon())
    }

    fn horizon(&self) -> i64 {
        let n_remembered = i64::try_from(ENDS_REMEMBERED_MAX).unwrap_or(i64::MAX);
        self.counts.n_ended.saturating_sub(n_remembered)
    }
}
