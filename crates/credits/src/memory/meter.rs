use std::{
    collections::{HashMap, HashSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use clock::Timestamp;

use crate::{
    BillingAnchor, Credits, Decision, Lease, LeaseAsk, Meter, MeterError, RaiseAsk, ReleaseAsk,
    ReportAsk, ReservationId, ReserveAsk, SettleAsk, Usage, UsageAsk, Window, limits,
};

/// A meter for one process.
#[derive(Debug, Default)]
pub struct MemoryMeter {
    accounts: Mutex<HashMap<Arc<str>, Counts>>,
}

impl MemoryMeter {
    /// With nothing counted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// As a store does that was emptied.
    #[cfg(test)]
    pub(crate) fn clear(&self) {
        self.accounts().clear();
    }

    fn accounts(&self) -> MutexGuard<'_, HashMap<Arc<str>, Counts>> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(
        &self,
        account: &Arc<str>,
        operation: &'static str,
        change: impl FnOnce(&mut Counts) -> T,
    ) -> Result<T, MeterError> {
        let mut accounts = self.accounts();
        if let Some(counts) = accounts.get_mut(account) {
            return Ok(change(counts));
        }
        if accounts.len() >= limits::ACCOUNTS_MAX {
            return Err(MeterError::full(operation));
        }
        Ok(change(accounts.entry(Arc::clone(account)).or_default()))
    }
}

#[async_trait]
impl Meter for MemoryMeter {
    fn is_local(&self) -> bool {
        true
    }

    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        self.with(&ask.account, "reserve", |counts| counts.reserve(ask))
    }

    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.with(&ask.account, "settle", |counts| counts.settle(ask))
    }

    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.with(&ask.account, "release", |counts| counts.release(ask))
    }

    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        self.with(&ask.account, "lease", |counts| counts.lease(ask))
    }

    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        self.with(&ask.account, "report", |counts| counts.report(ask))
    }

    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        self.with(&ask.account, "tell the usage", |counts| {
            counts.advance(ask.at, ask.anchor);
            counts.usage()
        })
    }

    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.with(&ask.account, "raise", |counts| counts.raise(ask))
    }
}

/// One account. Windows roll forward when an operation finds them over.
#[derive(Debug, Default)]
struct Counts {
    minute: Span,
    day: Span,
    month: Span,
    reserved: Credits,
    open: HashMap<ReservationId, Hold>,
    /// No hold is lost before this instant.
    next_lost: Option<Timestamp>,
    ended: Ended,
}

/// What is counted between two instants.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: Timestamp,
    reset: Timestamp,
    count: u64,
}

#[derive(Clone, Copy, Debug)]
struct Hold {
    /// What it may take in all.
    price: Credits,
    /// The part of it that is booked already.
    booked: Credits,
    /// The calls that are counted for it.
    calls: u64,
    at: Timestamp,
    lost_at: Timestamp,
}

impl Hold {
    const fn new(price: Credits, calls: u64, at: Timestamp, lost_at: Timestamp) -> Self {
        Self { price, booked: Credits::ZERO, calls, at, lost_at }
    }

    const fn rest(&self) -> Credits {
        self.price.saturating_sub(self.booked)
    }
}

/// The last ends, so that a repeated one is recognised. A lost one keeps the price it was booked
/// at until its charge is told.
#[derive(Debug, Default)]
struct Ended {
    order: VecDeque<ReservationId>,
    known: HashSet<ReservationId>,
    lost: HashMap<ReservationId, Hold>,
}

impl Ended {
    fn remember(&mut self, id: ReservationId) {
        if !self.known.insert(id) {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > limits::ENDS_REMEMBERED_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
            self.lost.remove(&oldest);
        }
    }
}

impl Ended {
    /// It was lost, and is found again.
    fn forget(&mut self, id: ReservationId) -> Option<Hold> {
        let hold = self.lost.remove(&id)?;
        self.known.remove(&id);
        self.order.retain(|known| *known != id);
        Some(hold)
    }
}

impl Span {
    /// A span is left only when it is over: a billing month whose anchor moves keeps its count.
    fn advance(&mut self, (start, reset): (Timestamp, Timestamp), now: Timestamp) {
        if now >= self.reset {
            self.count = 0;
        }
        if now >= self.reset || now >= self.start {
            self.start = start;
            self.reset = reset;
        }
    }

    const fn add(&mut self, amount: u64) {
        self.count = self.count.saturating_add(amount);
    }

    const fn subtract(&mut self, amount: u64) {
        self.count = self.count.saturating_sub(amount);
    }

    fn holds(&self, at: Timestamp) -> bool {
        self.start <= at && at < self.reset
    }
}

impl Counts {
    fn reserve(&mut self, ask: &ReserveAsk) -> Decision {
        self.advance(ask.at, ask.budget.anchor);
        let decision = ask.budget.decide(&self.usage(), ask.price, ask.at);
        if decision == Decision::Granted {
            let price = ask.price;
            self.take(ask.id, Hold::new(price, 1, ask.at, ask.lost_at));
        }
        decision
    }

    fn lease(&mut self, ask: &LeaseAsk) -> Lease {
        self.advance(ask.at, ask.budget.anchor);
        let lease = ask.budget.lease(&self.usage(), &ask.wanted, ask.at);
        if let Lease::Granted(block) = lease {
            self.take(ask.id, Hold::new(block.credits, block.calls, ask.at, ask.lost_at));
        }
        lease
    }

    fn take(&mut self, id: ReservationId, hold: Hold) {
        self.minute.add(hold.calls);
        self.hold(id, hold);
    }

    fn hold(&mut self, id: ReservationId, hold: Hold) {
        self.reserved = self.reserved.saturating_add(hold.rest());
        self.next_lost = Some(self.next_lost.map_or(hold.lost_at, |at| at.min(hold.lost_at)));
        self.open.insert(id, hold);
    }

    fn report(&mut self, ask: &ReportAsk) {
        self.advance(ask.at, ask.anchor);
        let Some(mut hold) = self.reported(ask) else { return };
        let charged = ask.charged.max(hold.booked);
        self.spend(charged.saturating_sub(hold.booked));
        hold.booked = charged;
        hold.price = hold.price.min(ask.ceiling).max(charged);
        self.uncount(&hold, hold.calls.saturating_sub(ask.calls));
        hold.calls = hold.calls.min(ask.calls);
        hold.lost_at = hold.lost_at.max(ask.lost_at);
        if ask.ended {
            self.ended.remember(ask.id);
        } else {
            self.hold(ask.id, hold);
        }
    }

    /// The block that a report is about, taken out of the books; none if it has ended.
    fn reported(&mut self, ask: &ReportAsk) -> Option<Hold> {
        if let Some(hold) = self.close(ask.id) {
            return Some(hold);
        }
        if let Some(lost) = self.ended.forget(ask.id) {
            self.refund(&lost);
            return Some(lost);
        }
        // One that nobody knows is as its owner says.
        let unknown = Hold::new(ask.ceiling, ask.calls, ask.at, ask.lost_at);
        (!self.ended.known.contains(&ask.id)).then_some(unknown)
    }

    fn settle(&mut self, ask: &SettleAsk) {
        self.advance(ask.at, ask.anchor);
        if let Some(hold) = self.close(ask.id) {
            self.spend(ask.charged.saturating_sub(hold.booked));
        } else if let Some(lost) = self.ended.lost.remove(&ask.id) {
            self.refund(&lost);
            self.spend(ask.charged.saturating_sub(lost.booked));
        } else if !self.ended.known.contains(&ask.id) {
            self.spend(ask.charged);
        }
        self.ended.remember(ask.id);
    }

    fn release(&mut self, ask: &ReleaseAsk) {
        self.advance(ask.at, ask.anchor);
        let hold = match self.close(ask.id) {
            Some(hold) => hold,
            None => match self.ended.lost.remove(&ask.id) {
                Some(lost) => {
                    self.refund(&lost);
                    lost
                }
                None => return,
            },
        };
        self.uncount(&hold, hold.calls);
        self.ended.remember(ask.id);
    }

    /// Calls that did not go out are not counted, if the minute is still theirs.
    fn uncount(&mut self, hold: &Hold, calls: u64) {
        if self.minute.holds(hold.at) {
            self.minute.subtract(calls);
        }
    }

    fn raise(&mut self, ask: &RaiseAsk) {
        self.advance(ask.at, ask.anchor);
        let span = match ask.window {
            Window::Minute => &mut self.minute,
            Window::Day => &mut self.day,
            Window::Month => &mut self.month,
        };
        span.count = span.count.max(ask.to);
    }

    fn usage(&self) -> Usage {
        Usage {
            minute_calls: self.minute.count,
            day: Credits::new(self.day.count),
            month: Credits::new(self.month.count),
            reserved: self.reserved,
            n_open: u64::try_from(self.open.len()).unwrap_or(u64::MAX),
        }
    }

    /// Time passes: what is lost by now is booked where it was lost, and windows roll forward.
    fn advance(&mut self, now: Timestamp, anchor: BillingAnchor) {
        if self.next_lost.is_some_and(|at| at <= now) {
            self.book_lost(now, anchor);
        }
        self.roll(now, anchor);
    }

    fn roll(&mut self, now: Timestamp, anchor: BillingAnchor) {
        self.minute.advance(Window::Minute.bounds(now, anchor), now);
        self.day.advance(Window::Day.bounds(now, anchor), now);
        self.month.advance(Window::Month.bounds(now, anchor), now);
    }

    fn book_lost(&mut self, now: Timestamp, anchor: BillingAnchor) {
        let mut lost: Vec<_> = self
            .open
            .iter()
            .filter(|(_, hold)| hold.lost_at <= now)
            .map(|(id, hold)| (hold.lost_at, *id))
            .collect();
        lost.sort_unstable();
        for (at, id) in lost {
            self.roll(at, anchor);
            if let Some(hold) = self.close(id) {
                self.spend(hold.rest());
                self.ended.remember(id);
                self.ended.lost.insert(id, hold);
            }
        }
        self.next_lost = self.open.values().map(|hold| hold.lost_at).min();
    }

    fn close(&mut self, id: ReservationId) -> Option<Hold> {
        let hold = self.open.remove(&id)?;
        self.reserved = self.reserved.saturating_sub(hold.rest());
        Some(hold)
    }

    const fn spend(&mut self, charged: Credits) {
        self.day.add(charged.get());
        self.month.add(charged.get());
    }

    /// Takes what was assumed back out of the windows that it was booked in.
    fn refund(&mut self, lost: &Hold) {
        for span in [&mut self.day, &mut self.month] {
            if span.holds(lost.lost_at) {
                span.subtract(lost.rest().get());
            }
        }
    }
}
