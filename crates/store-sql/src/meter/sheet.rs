//! What an operation does to an account. It must say and do what the meter in memory does.

use std::collections::{BTreeMap, BTreeSet};

use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Block, Credits, Decision, Lease, LeaseAsk, RaiseAsk, ReleaseAsk, ReportAsk,
    ReservationId, ReserveAsk, SettleAsk, limits::ENDS_REMEMBERED_MAX,
};

use super::{
    Act, Answer, Numbers, Outcome, Step,
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
    /// The part of its price that is booked.
    pub(crate) booked: i64,
    /// The calls that are counted for it.
    pub(crate) calls: i64,
}

/// The columns of a hold, but for its account: its id and its [numbers](Hold::numbers).
pub(crate) const HOLD_COLUMNS: &str = "id, state, price, at_ms, lost_at, ended, booked, calls";

impl Hold {
    pub(crate) const fn numbers(&self) -> [i64; 7] {
        let Self { state, price, at_ms, lost_at, ended, booked, calls, .. } = *self;
        [state, price, at_ms, lost_at, ended, booked, calls]
    }

    /// A new one, with calls that are counted for it.
    fn open(id: ReservationId, block: Block, at: Timestamp, lost_at: Timestamp) -> Self {
        Self {
            id,
            state: OPEN,
            price: number(block.credits.get()),
            at_ms: at.as_millis(),
            lost_at: lost_at.as_millis(),
            ended: 0,
            booked: 0,
            calls: number(block.calls),
        }
    }

    /// What is not booked of its price.
    fn rest(&self) -> Credits {
        Credits::new(whole(self.price.saturating_sub(self.booked)))
    }

    /// What is to be booked when all it took is `charged`.
    fn rest_of(&self, charged: Credits) -> Credits {
        charged.saturating_sub(Credits::new(whole(self.booked)))
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
        let answer = match step.act {
            Act::Reserve(ask) => Answer::Reserve(self.reserve(ask)),
            Act::Lease(ask) => Answer::Lease(self.lease(ask)),
            Act::Settle(ask) => self.settle(ask),
            Act::Release(ask) => self.release(ask),
            Act::Report(ask) => self.report(ask, step),
            Act::Raise(ask) => self.raise(ask),
            Act::Usage => Answer::Done,
        };
        Outcome { answer, usage: self.counts.usage(), is_new: false }
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
            let block = Block { credits: ask.price, calls: 1 };
            self.take(Hold::open(ask.id, block, ask.at, ask.lost_at));
        }
        decision
    }

    fn lease(&mut self, ask: &LeaseAsk) -> Lease {
        let lease = ask.budget.lease(&self.counts.usage(), &ask.wanted, ask.at);
        if let Lease::Granted(block) = lease {
            self.take(Hold::open(ask.id, block, ask.at, ask.lost_at));
        }
        lease
    }

    fn take(&mut self, hold: Hold) {
        self.counts.minute.add(whole(hold.calls));
        self.hold(&hold);
        self.fresh = Some(hold);
    }

    fn hold(&mut self, hold: &Hold) {
        self.counts.reserved = self.counts.reserved.saturating_add(hold.rest().get());
        self.counts.n_open += 1;
        let lost_at = Timestamp::from_millis(hold.lost_at);
        self.counts.next_lost = self.counts.next_lost.min(lost_at);
    }

    fn report(&mut self, ask: &ReportAsk, step: &Step<'_>) -> Answer {
        let known = self.known(ask.id);
        let mut hold = match known {
            Some(hold) if hold.state == ENDED => return Answer::Done,
            Some(hold) => hold,
            None => {
                // One that nobody knows is as its owner says.
                let block = Block { credits: ask.ceiling, calls: ask.calls };
                Hold::open(ask.id, block, step.at, ask.lost_at)
            }
        };
        match known.map(|hold| hold.state) {
            Some(OPEN) => self.close(&hold),
            Some(_) => self.refund(&hold),
            None => {}
        }
        let charged = ask.charged.max(Credits::new(whole(hold.booked)));
        self.counts.spend(hold.rest_of(charged));
        hold.booked = number(charged.get());
        hold.price = hold.price.min(number(ask.ceiling.get())).max(hold.booked);
        self.uncount(&hold, whole(hold.calls).saturating_sub(ask.calls));
        hold.calls = hold.calls.min(number(ask.calls));
        hold.lost_at = hold.lost_at.max(ask.lost_at.as_millis());
        (hold.state, hold.ended) = (OPEN, 0);
        self.holds.insert(ask.id, hold);
        self.touched.insert(ask.id);
        if ask.ended {
            self.end(ask.id, ENDED);
        } else {
            self.hold(&hold);
        }
        Answer::Done
    }

    fn settle(&mut self, ask: &SettleAsk) -> Answer {
        match self.known(ask.id) {
            Some(hold) if hold.state == OPEN => {
                self.close(&hold);
                self.counts.spend(hold.rest_of(ask.charged));
            }
            Some(hold) if hold.state == LOST => {
                self.refund(&hold);
                self.counts.spend(hold.rest_of(ask.charged));
            }
            Some(_) => {}
            None => self.counts.spend(ask.charged),
        }
        self.end(ask.id, ENDED);
        Answer::Done
    }

    fn release(&mut self, ask: &ReleaseAsk) -> Answer {
        let known = self.known(ask.id);
        let Some(hold) = known.filter(|hold| hold.state != ENDED) else {
            return Answer::Done;
        };
        if hold.state == OPEN {
            self.close(&hold);
        } else {
            self.refund(&hold);
        }
        self.uncount(&hold, whole(hold.calls));
        self.end(ask.id, ENDED);
        Answer::Done
    }

    /// Calls that did not go out are not counted, if the minute is still theirs.
    fn uncount(&mut self, hold: &Hold, calls: u64) {
        if self.counts.minute.holds(Timestamp::from_millis(hold.at_ms)) {
            self.counts.minute.subtract(calls);
        }
    }

    fn raise(&mut self, ask: &RaiseAsk) -> Answer {
        let span = self.counts.span(ask.window);
        span.count = span.count.max(ask.to);
        Answer::Done
    }

    /// Each at the instant that it was lost, in the windows of that instant.
    fn book_lost(&mut self, now: Timestamp, anchor: BillingAnchor) {
        let is_lost = |hold: &&Hold| hold.state == OPEN && hold.lost_at <= now.as_millis();
        let mut lost: Vec<Hold> = self.holds.values().filter(is_lost).copied().collect();
        lost.sort_unstable_by_key(|hold| (hold.lost_at, hold.id));
        for hold in lost {
            self.counts.roll(Timestamp::from_millis(hold.lost_at), anchor);
            self.close(&hold);
            self.counts.spend(hold.rest());
            self.end(hold.id, LOST);
        }
    }

    fn close(&mut self, hold: &Hold) {
        self.counts.reserved = self.counts.reserved.saturating_sub(hold.rest().get());
        self.counts.n_open = self.counts.n_open.saturating_sub(1);
    }

    /// Takes what was assumed back out of the windows that it was booked in.
    fn refund(&mut self, lost: &Hold) {
        for span in [&mut self.counts.day, &mut self.counts.month] {
            if span.holds(Timestamp::from_millis(lost.lost_at)) {
                span.subtract(lost.rest().get());
            }
        }
    }

    /// An end that is known keeps its number.
    fn end(&mut self, id: ReservationId, state: i64) {
        let known = self.known(id).filter(|hold| hold.state != OPEN);
        if known.is_none() {
            self.counts.n_ended += 1;
        }
        let ended = known.map_or(self.counts.n_ended, |hold| hold.ended);
        let nothing = Block::default();
        let nobodys = Hold::open(id, nothing, Timestamp::EPOCH, Timestamp::EPOCH);
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
