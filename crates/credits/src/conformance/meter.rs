//! The properties of a [`Meter`].

mod blocks;

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use clock::Timestamp;

use crate::{
    BillingAnchor, Budget, Credits, Decision, Meter, RaiseAsk, Reason, ReleaseAsk, ReservationId,
    ReserveAsk, SettleAsk, Usage, UsageAsk, Window,
};

pub use blocks::*;

/// Noon of 2026-10-05.
const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const HOLD: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);
const BUDGET: Budget = Budget {
    minute_calls: Some(30),
    day: Some(Credits::new(10)),
    month: Some(Credits::new(15)),
    anchor: BillingAnchor::FIRST,
};

/// One account of the meter under exam.
struct Exam<'a, M> {
    meter: &'a M,
    account: Arc<str>,
}

impl<M: Meter> Exam<'_, M> {
    async fn reserve(&self, price: u64, at: Timestamp) -> (ReservationId, Decision) {
        let id = ReservationId::new(at);
        let ask = ReserveAsk {
            account: Arc::clone(&self.account),
            id,
            price: Credits::new(price),
            budget: BUDGET,
            at,
            lost_at: at.after(HOLD),
        };
        (id, self.meter.reserve(&ask).await.unwrap())
    }

    async fn granted(&self, price: u64, at: Timestamp) -> ReservationId {
        let (id, decision) = self.reserve(price, at).await;
        assert_eq!(decision, Decision::Granted);
        id
    }

    async fn settle(&self, id: ReservationId, charged: u64, at: Timestamp) {
        let account = Arc::clone(&self.account);
        let charged = Credits::new(charged);
        let ask = SettleAsk { account, id, charged, at, anchor: BillingAnchor::FIRST };
        self.meter.settle(&ask).await.unwrap();
    }

    async fn release(&self, id: ReservationId, at: Timestamp) {
        let account = Arc::clone(&self.account);
        let ask = ReleaseAsk { account, id, at, anchor: BillingAnchor::FIRST };
        self.meter.release(&ask).await.unwrap();
    }

    async fn raise(&self, window: Window, to: u64) {
        let account = Arc::clone(&self.account);
        let ask = RaiseAsk { account, window, to, at: NOON, anchor: BillingAnchor::FIRST };
        self.meter.raise(&ask).await.unwrap();
    }

    async fn usage(&self, at: Timestamp) -> Usage {
        let account = Arc::clone(&self.account);
        let ask = UsageAsk { account, at, anchor: BillingAnchor::FIRST };
        self.meter.usage(&ask).await.unwrap()
    }

    async fn check(&self, at: Timestamp, expected: (u64, u64, u64, u64, u64)) {
        let usage = self.usage(at).await;
        let found = (
            usage.minute_calls,
            usage.day.get(),
            usage.month.get(),
            usage.reserved.get(),
            usage.n_open,
        );
        assert_eq!(found, expected, "(calls, day, month, reserved, open)");
    }
}

fn exam<M: Meter>(meter: &M) -> Exam<'_, M> {
    Exam { meter, account: "upstream".into() }
}

/// Else what is promised to one is promised to the next, too.
pub async fn a_price_that_fits_is_held<M: Meter>(meter: &M) {
    let exam = exam(meter);
    exam.granted(4, NOON).await;
    exam.check(NOON, (1, 0, 0, 4, 1)).await;
}

/// A refusal must be free.
pub async fn a_price_that_does_not_fit_holds_nothing<M: Meter>(meter: &M) {
    let exam = exam(meter);
    exam.granted(6, NOON).await;
    let (_, decision) = exam.reserve(5, NOON).await;
    let Decision::Refused(refusal) = decision else { panic!("11 of 10 were granted") };
    assert_eq!((refusal.window, refusal.reason), (Window::Day, Reason::Held));
    exam.check(NOON, (1, 0, 0, 6, 1)).await;
}

/// The unused part of a price is available again.
pub async fn settling_books_the_charge_and_ends_the_hold<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.granted(6, NOON).await;
    exam.settle(id, 2, NOON).await;
    exam.check(NOON, (1, 2, 2, 0, 0)).await;
    exam.granted(8, NOON).await;
}

/// Upstream is right about what it took.
pub async fn a_charge_above_the_price_is_booked_in_full<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.granted(6, NOON).await;
    exam.settle(id, 12, NOON).await;
    exam.check(NOON, (1, 12, 12, 0, 0)).await;
    let (_, decision) = exam.reserve(1, NOON).await;
    assert_ne!(decision, Decision::Granted);
}

/// A call that never went out counts nowhere.
pub async fn releasing_gives_everything_back<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.granted(6, NOON).await;
    exam.release(id, NOON).await;
    exam.check(NOON, (0, 0, 0, 0, 0)).await;
}

/// An end is told again when its first answer got lost.
pub async fn a_repeated_end_is_booked_once<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let settled = exam.granted(3, NOON).await;
    let released = exam.granted(3, NOON).await;
    for _ in 0..2 {
        exam.settle(settled, 3, NOON).await;
        exam.release(released, NOON).await;
    }
    exam.release(settled, NOON).await;
    exam.check(NOON, (1, 3, 3, 0, 0)).await;
}

/// A meter that has lost its memory must still learn of the money that is gone.
pub async fn an_unknown_charge_is_booked_and_an_unknown_release_is_not<M: Meter>(meter: &M) {
    let exam = exam(meter);
    exam.settle(ReservationId::new(NOON), 3, NOON).await;
    exam.release(ReservationId::new(NOON), NOON).await;
    exam.check(NOON, (0, 3, 3, 0, 0)).await;
}

/// A call on its way at midnight may be charged to either day.
pub async fn what_is_held_counts_in_the_next_window_too<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let midnight = NOON.after(DAY / 2);
    let earlier = exam.granted(5, NOON).await;
    exam.settle(earlier, 5, NOON).await;
    let late = exam.granted(5, midnight.before(HOLD / 2)).await;
    let (_, decision) = exam.reserve(6, midnight).await;
    assert_ne!(decision, Decision::Granted, "5 are held and 6 asked of 10");
    exam.check(midnight, (0, 0, 5, 5, 1)).await;
    exam.settle(late, 4, midnight).await;
    exam.check(midnight, (0, 4, 9, 0, 0)).await;
}

/// Nobody may come back for it; if somebody does, the truth counts.
pub async fn a_lost_hold_is_booked_at_its_price_and_corrected_later<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.granted(5, NOON).await;
    let later = NOON.after(HOLD);
    exam.check(later, (0, 5, 5, 0, 0)).await;
    exam.settle(id, 2, later).await;
    exam.settle(id, 2, later).await;
    exam.check(later, (0, 2, 2, 0, 0)).await;
}

/// One client's spending is not another's.
pub async fn accounts_do_not_mix<M: Meter>(meter: &M) {
    let (ours, theirs) = (exam(meter), Exam { meter, account: "client:eve".into() });
    ours.granted(10, NOON).await;
    theirs.granted(10, NOON).await;
    theirs.check(NOON, (1, 0, 0, 10, 1)).await;
}

/// What is known from elsewhere adds to knowledge, never takes from it.
pub async fn raising_never_lowers<M: Meter>(meter: &M) {
    let exam = exam(meter);
    exam.raise(Window::Month, 9).await;
    exam.raise(Window::Month, 4).await;
    exam.raise(Window::Day, 2).await;
    exam.raise(Window::Minute, 7).await;
    exam.check(NOON, (7, 2, 9, 0, 0)).await;
}

/// The look and the hold are one step.
pub async fn many_at_once_never_exceed_the_budget<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let decisions = all((0..25).map(|_| exam.reserve(1, NOON))).await;
    let n_granted = decisions.iter().filter(|(_, d)| *d == Decision::Granted).count();
    assert_eq!(n_granted, 10);
    exam.check(NOON, (10, 0, 0, 10, 10)).await;
}

async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut waiting: Vec<Pin<Box<F>>> = futures.map(Box::pin).collect();
    let mut done = Vec::new();
    poll_fn(|context| {
        waiting.retain_mut(|future| match future.as_mut().poll(context) {
            Poll::Ready(output) => {
                done.push(output);
                false
            }
            Poll::Pending => true,
        });
        if waiting.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    done
}
