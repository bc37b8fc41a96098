//! Blocks leased ahead.

use std::sync::Arc;

use clock::Timestamp;

use super::{BUDGET, Exam, HOLD, NOON, all, exam};
use crate::{
    BillingAnchor, Block, Credits, Lease, LeaseAsk, Meter, Reason, ReportAsk, ReservationId,
    Wanted, Window,
};

/// A block, as its owner sees it.
#[derive(Clone, Copy)]
struct State {
    charged: u64,
    ceiling: u64,
    calls: u64,
    ended: bool,
}

impl State {
    const fn open(charged: u64, ceiling: u64, calls: u64) -> Self {
        Self { charged, ceiling, calls, ended: false }
    }

    const fn ended(charged: u64, calls: u64) -> Self {
        Self { charged, ceiling: charged, calls, ended: true }
    }
}

impl<M: Meter> Exam<'_, M> {
    /// Of at least `least` and at most `most` credits, and at most five calls.
    async fn lease(&self, least: u64, most: u64, share: u64) -> (ReservationId, Lease) {
        let id = ReservationId::new(NOON);
        let wanted =
            Wanted { least: Credits::new(least), most: Credits::new(most), calls_most: 5, share };
        let ask = LeaseAsk {
            account: Arc::clone(&self.account),
            id,
            wanted,
            budget: BUDGET,
            at: NOON,
            lost_at: NOON.after(HOLD),
        };
        (id, self.meter.lease(&ask).await.unwrap())
    }

    async fn leased(&self, credits: u64) -> ReservationId {
        let (id, lease) = self.lease(credits, credits, 1).await;
        assert_eq!(lease, Lease::Granted(Block { credits: Credits::new(credits), calls: 5 }));
        id
    }

    async fn report(&self, id: ReservationId, state: State, at: Timestamp) {
        let ask = ReportAsk {
            account: Arc::clone(&self.account),
            id,
            charged: Credits::new(state.charged),
            ceiling: Credits::new(state.ceiling),
            calls: state.calls,
            ended: state.ended,
            lost_at: NOON.after(HOLD),
            at,
            anchor: BillingAnchor::FIRST,
        };
        self.meter.report(&ask).await.unwrap();
    }
}

/// What was paid out of a block must show while it lasts, and the rest must not be promised twice.
pub async fn a_block_is_held_and_what_it_charges_is_booked_when_told<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(6).await;
    exam.check(NOON, (5, 0, 0, 6, 1)).await;
    exam.report(id, State::open(2, 6, 5), NOON).await;
    exam.check(NOON, (5, 2, 2, 4, 1)).await;
    exam.report(id, State::open(5, 6, 5), NOON).await;
    exam.check(NOON, (5, 5, 5, 1, 1)).await;
}

/// Near the limit whoever comes first would sit on all of it.
pub async fn a_block_is_a_part_of_what_is_left_and_no_less_than_is_needed<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let (_, lease) = exam.lease(1, 50, 4).await;
    assert_eq!(lease, Lease::Granted(Block { credits: Credits::new(2), calls: 5 }), "of 10");
    let (_, lease) = exam.lease(3, 50, 4).await;
    assert_eq!(lease, Lease::Granted(Block { credits: Credits::new(3), calls: 5 }), "of 8");
    let (_, lease) = exam.lease(1, 2, 1).await;
    assert_eq!(lease, Lease::Granted(Block { credits: Credits::new(2), calls: 5 }), "of 5");
    exam.check(NOON, (15, 0, 0, 7, 3)).await;
    let (_, lease) = exam.lease(0, 1, 8).await;
    assert_eq!(lease, Lease::Granted(Block { credits: Credits::ZERO, calls: 1 }), "of 15 calls");
}

/// A refusal must be free.
pub async fn a_block_that_does_not_fit_holds_nothing<M: Meter>(meter: &M) {
    let exam = exam(meter);
    exam.leased(6).await;
    let (_, lease) = exam.lease(5, 50, 1).await;
    let Lease::Refused(refusal) = lease else { panic!("11 of 10 were granted") };
    assert_eq!((refusal.window, refusal.reason), (Window::Day, Reason::Held));
    exam.check(NOON, (5, 0, 0, 6, 1)).await;
}

/// A minute of which every instance takes a part ahead must not be lost to those that need none.
pub async fn calls_of_a_block_count_in_its_minute_and_go_back_unused<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let (one, two) = (exam.leased(2).await, exam.leased(2).await);
    exam.check(NOON, (10, 0, 0, 4, 2)).await;
    exam.report(one, State::open(1, 1, 3), NOON).await;
    exam.check(NOON, (8, 1, 1, 2, 2)).await;
    exam.report(one, State::ended(1, 1), NOON).await;
    exam.check(NOON, (6, 1, 1, 2, 1)).await;
    // In another minute they count nowhere.
    let later = NOON.after(HOLD);
    exam.granted(1, later).await;
    exam.report(two, State::ended(2, 2), later).await;
    exam.check(later, (1, 3, 3, 1, 1)).await;
}

/// The network repeats, and loses the order.
pub async fn a_report_that_comes_twice_or_late_books_nothing_twice<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(8).await;
    for state in [State::open(4, 6, 3), State::open(4, 6, 3), State::open(1, 8, 5)] {
        exam.report(id, state, NOON).await;
        exam.check(NOON, (3, 4, 4, 2, 1)).await;
    }
    exam.report(id, State::ended(5, 3), NOON).await;
    for state in [State::ended(5, 3), State::open(4, 6, 3)] {
        exam.report(id, state, NOON).await;
        exam.check(NOON, (3, 5, 5, 0, 0)).await;
    }
}

/// All of the budget is usable.
pub async fn the_last_word_of_a_block_gives_back_its_rest<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(10).await;
    exam.report(id, State::ended(3, 1), NOON).await;
    exam.check(NOON, (1, 3, 3, 0, 0)).await;
    exam.leased(7).await;
}

/// Upstream is right about what it took.
pub async fn a_block_charged_above_its_ceiling_is_booked_in_full<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(4).await;
    exam.report(id, State::open(9, 4, 5), NOON).await;
    exam.check(NOON, (5, 9, 9, 0, 1)).await;
}

/// Nobody may come back for it; an owner who was only slow goes on where it was.
pub async fn a_lost_block_is_booked_whole_and_revived_by_its_owner<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(6).await;
    exam.report(id, State::open(1, 6, 5), NOON).await;
    let later = NOON.after(HOLD);
    exam.check(later, (0, 6, 6, 0, 0)).await;
    // By its own clock it is not over yet.
    exam.report(id, State::open(3, 5, 5), NOON).await;
    exam.check(NOON, (0, 3, 3, 2, 1)).await;
    exam.check(later, (0, 5, 5, 0, 0)).await;
    exam.report(id, State::ended(4, 4), later).await;
    exam.report(id, State::ended(4, 4), later).await;
    exam.check(later, (0, 4, 4, 0, 0)).await;
}

/// A meter that has lost its memory must learn of the money that is gone, and of what will go.
pub async fn a_block_that_nobody_remembers_is_as_its_owner_says<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = ReservationId::new(NOON);
    exam.report(id, State::open(2, 6, 5), NOON).await;
    exam.check(NOON, (0, 2, 2, 4, 1)).await;
    exam.report(id, State::open(3, 6, 5), NOON).await;
    exam.check(NOON, (0, 3, 3, 3, 1)).await;
    exam.report(ReservationId::new(NOON), State::ended(1, 1), NOON).await;
    exam.check(NOON, (0, 4, 4, 3, 1)).await;
    exam.check(NOON.after(HOLD), (0, 7, 7, 0, 0)).await;
}

/// Its owner may never have learned that it was granted.
pub async fn a_released_block_was_never_there<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let id = exam.leased(6).await;
    exam.release(id, NOON).await;
    exam.check(NOON, (0, 0, 0, 0, 0)).await;
}

/// The look and the hold are one step.
pub async fn many_blocks_at_once_never_exceed_the_budget<M: Meter>(meter: &M) {
    let exam = exam(meter);
    let leases = all((0..12).map(|_| exam.lease(1, 4, 2))).await;
    let credits = leases.iter().map(|(_, lease)| match lease {
        Lease::Granted(block) => block.credits.get(),
        Lease::Refused(_) => 0,
    });
    assert_eq!(credits.sum::<u64>(), 10);
    assert_eq!(exam.usage(NOON).await.reserved.get(), 10);
}
