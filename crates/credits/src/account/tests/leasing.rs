//! Blocks leased ahead, with a meter that is far away.

use std::path::Path;

use super::*;
use crate::{FileJournal, LeaseTerms};

const TERMS: LeaseTerms = LeaseTerms {
    credits_max: Credits::new(4),
    calls_max: 4,
    share: 1,
    life: limits::BLOCK_LIFE,
    idle: limits::BLOCK_IDLE,
};

/// One of the instances that share a meter.
struct Instance {
    account: Account,
    clock: ManualClock,
}

fn instance_with(meter: &Arc<SlowMeter>, policy: Policy, journal: impl Journal) -> Instance {
    let clock = ManualClock::at(NOON);
    let parts = AccountParts {
        policy,
        clock: Arc::new(clock.clone()),
        ..parts(Arc::clone(meter), journal)
    };
    Instance { account: Account::new(parts), clock }
}

fn instance(meter: &Arc<SlowMeter>) -> Instance {
    instance_with(meter, Policy::Lease(TERMS), NoJournal)
}

/// Of a meter that tells nothing at all while it is away.
fn far_instance(meter: &Arc<SlowMeter>) -> Instance {
    let clock = ManualClock::at(NOON);
    let parts = AccountParts {
        policy: Policy::Lease(TERMS),
        clock: Arc::new(clock.clone()),
        ..parts(AllAway(Arc::clone(meter)), NoJournal)
    };
    Instance { account: Account::new(parts), clock }
}

impl Instance {
    async fn granted(&self, price: u64) -> Reservation {
        // A no is believed for a moment.
        self.clock.advance(limits::NO_HOLDS);
        self.account.reserve(credits(price), purpose()).await.unwrap()
    }

    async fn spend(&self, price: u64) {
        self.granted(price).await.settle(credits(price), WELL).await;
    }

    async fn is_denied(&self, price: u64) -> bool {
        self.clock.advance(limits::NO_HOLDS);
        self.account.reserve(credits(price), purpose()).await.is_err()
    }

    /// As the meter sees it, without telling it anything first.
    async fn seen(&self) -> (u64, u64) {
        let ask = UsageAsk {
            account: Arc::clone(&self.account.0.name),
            at: self.clock.now(),
            anchor: self.account.budget().anchor,
        };
        let usage = self.account.0.meter.usage(&ask).await.unwrap();
        (usage.month.get(), usage.reserved.get())
    }
}

#[tokio::test]
async fn while_a_block_lasts_the_meter_is_not_asked() {
    // Each miss would wait for the store, and end when it is away.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(1).await;
    meter.away.set(true);
    for _ in 0..3 {
        one.spend(1).await;
    }
    assert_eq!(one.seen().await, (0, 4));
    assert!(one.is_denied(1).await, "the block is used up, and nobody counts");
    meter.away.set(false);
    one.account.sweep().await;
    assert_eq!(one.seen().await, (4, 0), "what was spent meanwhile is booked");
    one.spend(1).await;
}

#[tokio::test]
async fn while_the_meter_is_away_no_block_is_closed_for_idleness() {
    // A quiet gateway would be left without a credit as soon as the store dies.
    let meter = Arc::new(SlowMeter::default());
    let one = far_instance(&meter);
    one.spend(1).await;
    meter.away.set(true);
    one.clock.advance(TERMS.idle);
    one.account.sweep().await;
    one.spend(1).await;
    meter.away.set(false);
    one.clock.advance(TERMS.idle);
    one.account.sweep().await;
    assert_eq!(one.seen().await, (2, 0));
}

#[tokio::test]
async fn a_block_is_drawn_from_only_for_its_life() {
    // Afterwards the meter books it as lost, in a window that may be over.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(1).await;
    meter.away.set(true);
    one.clock.advance(TERMS.life);
    assert!(one.is_denied(1).await);
}

#[tokio::test]
async fn instances_share_one_budget_to_the_last_credit() {
    // Each would spend a budget of its own, or sit on what others need.
    let meter = Arc::new(SlowMeter::default());
    let instances = [instance(&meter), instance(&meter), instance(&meter)];
    let mut n_spent = 0;
    for turn in 0..60 {
        let one = &instances[turn % 3];
        if !one.is_denied(1).await {
            n_spent += 1;
        }
        // What was reserved is dropped, hence spent.
        one.account.sweep().await;
    }
    assert_eq!(n_spent, 10);
    assert_eq!(instances[0].seen().await, (10, 0));
}

#[tokio::test]
async fn what_lies_idle_goes_back() {
    // A gateway that nobody asks would hold what others are refused.
    let meter = Arc::new(SlowMeter::default());
    let (one, two) = (instance(&meter), instance(&meter));
    one.spend(1).await;
    assert!(two.is_denied(8).await);
    one.clock.advance(TERMS.idle);
    one.account.sweep().await;
    assert_eq!(one.seen().await, (1, 0));
    two.spend(8).await;
}

#[tokio::test]
async fn at_the_end_all_that_is_left_goes_back() {
    // Each restart would cost a block.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(1).await;
    let under_way = one.granted(2).await;
    one.account.give_back().await;
    assert_eq!(one.seen().await, (1, 2), "what is under way stays held");
    under_way.settle(credits(1), WELL).await;
    one.account.sweep().await;
    assert_eq!(one.seen().await, (2, 0));
    assert_eq!(one.account.ahead(), Ahead::default());
}

#[tokio::test]
async fn what_is_left_of_blocks_and_of_the_budget_counts_together() {
    // Near the end a dear call would be refused although there is enough for it.
    let meter = Arc::new(SlowMeter::default());
    let two = instance(&meter);
    two.spend(1).await;
    assert_eq!(two.seen().await, (0, 4));
    // 6 are left in the budget, and 3 in the block.
    two.spend(9).await;
    two.account.sweep().await;
    assert_eq!(two.seen().await, (10, 0));
}

#[tokio::test]
async fn a_lost_reservation_is_charged_to_its_block() {
    // The block would give back what the call may have taken.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    drop(one.granted(3).await);
    one.account.give_back().await;
    assert_eq!(one.seen().await, (3, 0));
    let postings = one.account.drain_postings(9);
    assert!(matches!(&postings[..], [lost] if lost.assumed && lost.charged == credits(3)));
}

#[tokio::test]
async fn an_ask_for_a_block_that_is_dropped_half_way_holds_nothing() {
    // Every client that hangs up at the wrong moment would cost a block.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    assert!(one.account.reserve(credits(1), purpose()).now_or_never().is_none());
    assert_eq!(one.seen().await, (0, 4), "granted, and nobody knows");
    one.account.sweep().await;
    assert_eq!(one.seen().await, (0, 0));
}

#[tokio::test]
async fn other_limits_call_the_blocks_back() {
    // An operator who lowers the budget would be obeyed a minute later.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(1).await;
    one.account.set_budget(Budget { month: Some(credits(1)), ..Budget::UNLIMITED });
    assert!(one.is_denied(1).await);
}

#[tokio::test]
async fn an_open_policy_goes_on_uncounted_and_books_later() {
    // Whoever chose to serve at any price would be refused, or the books would lack the outage.
    let meter = Arc::new(SlowMeter::default());
    let one = instance_with(&meter, Policy::Open(TERMS), NoJournal);
    meter.away.set(true);
    for _ in 0..20 {
        one.spend(1).await;
    }
    meter.away.set(false);
    one.account.sweep().await;
    assert_eq!(one.seen().await, (20, 0));
    assert!(one.is_denied(1).await, "somebody counts again");
}

#[tokio::test]
async fn a_meter_that_is_away_at_the_start_is_no_obstacle() {
    // A gateway would not come up to serve what is cached.
    let meter = Arc::new(SlowMeter::default());
    meter.away.set(true);
    let parts = AccountParts {
        policy: Policy::Lease(TERMS),
        ..parts(AllAway(Arc::clone(&meter)), NoJournal)
    };
    let ledger = MemoryLedger::new();
    let account = Account::open_ahead(parts, &ledger).await.unwrap();
    assert!(account.is_in_the_dark());
    assert!(account.reserve(credits(1), purpose()).await.is_err());
    meter.away.set(false);
    account.catch_up(&ledger).await.unwrap();
    account.reserve(credits(1), purpose()).await.unwrap().release(WELL).await;
}

/// Does not even tell the usage while it is away.
#[derive(Debug)]
struct AllAway(Arc<SlowMeter>);

#[async_trait]
impl Meter for AllAway {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        self.0.reserve(ask).await
    }
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.0.settle(ask).await
    }
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.0.release(ask).await
    }
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        self.0.lease(ask).await
    }
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        self.0.report(ask).await
    }
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        self.0.away.check()?;
        self.0.usage(ask).await
    }
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.0.away.check()?;
        self.0.raise(ask).await
    }
}

/// A run that dies with 1 credit charged, 2 under way and 1 left in its block.
async fn dies(meter: &Arc<SlowMeter>, folder: &Path) {
    let one = instance_with(meter, Policy::Lease(TERMS), FileJournal::open(folder).unwrap());
    one.spend(1).await;
    std::mem::forget(one.granted(2).await);
}

/// The dead process has let go of its lock; here the file is copied from under it.
fn copy_of(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    let name = "credits.journal";
    std::fs::copy(folder.join(name), copy.path().join(name)).unwrap();
    copy
}

#[tokio::test]
async fn a_restart_gives_back_what_the_last_run_did_not_draw() {
    // Every crash would cost a block, and some crashes later nothing is left to spend.
    let folder = tempfile::tempdir().unwrap();
    let meter = Arc::new(SlowMeter::default());
    dies(&meter, folder.path()).await;
    let copy = copy_of(folder.path());
    for _ in 0..2 {
        let parts = AccountParts {
            policy: Policy::Lease(TERMS),
            ..parts(Arc::clone(&meter), FileJournal::open(copy.path()).unwrap())
        };
        let account = Account::open(parts, &MemoryLedger::new()).await.unwrap();
        assert_eq!(month_and_reserved(&account).await, (3, 0), "1 charged, 2 assumed");
    }
}

#[tokio::test]
async fn what_a_dead_run_had_charged_is_not_counted_beside_upstreams_own_count() {
    // A store that is slow at the start: upstream's count came first, then the blocks, and a kill
    // cost what was spent before it a second time.
    for other in [0, 4] {
        let folder = tempfile::tempdir().unwrap();
        let meter = Arc::new(SlowMeter::default());
        if other > 0 {
            let two = instance(&meter);
            two.spend(other).await;
            two.account.give_back().await;
        }
        dies(&meter, folder.path()).await;
        let copy = copy_of(folder.path());
        meter.away.set(true);
        let parts = AccountParts {
            policy: Policy::Lease(TERMS),
            ..parts(AllAway(Arc::clone(&meter)), FileJournal::open(copy.path()).unwrap())
        };
        let ledger = MemoryLedger::new();
        let account = Account::open_ahead(parts, &ledger).await.unwrap();
        assert!(account.is_in_the_dark());
        meter.away.set(false);
        let told = credits(3 + other);
        account.learn_used(2, told, told).await.unwrap();
        assert_eq!(month_and_reserved(&account).await, (told.get(), 0));
        account.catch_up(&ledger).await.unwrap();
        assert_eq!(month_and_reserved(&account).await, (told.get(), 0));
    }
}

#[tokio::test]
async fn a_meter_that_outlives_the_process_is_not_raised_by_a_ledger_that_lags() {
    // What is in the meter already would be counted once more.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(2).await;
    one.account.give_back().await;
    let ledger = MemoryLedger::new();
    one.account.flush(&ledger).await.unwrap();
    let two = Account::open(parts(Arc::clone(&meter), NoJournal), &ledger).await.unwrap();
    assert_eq!(month_and_reserved(&two).await, (2, 0));
    // One that has lost its memory learns from the ledger.
    let empty = Arc::new(SlowMeter::default());
    let three = Account::open(parts(empty, NoJournal), &ledger).await.unwrap();
    assert_eq!(month_and_reserved(&three).await, (2, 0));
}

#[tokio::test]
async fn a_meter_that_lost_its_memory_is_told_before_anything_is_spent() {
    // Whoever restarts an empty store would hand out the whole budget again.
    let meter = Arc::new(SlowMeter::default());
    let one = instance(&meter);
    one.spend(4).await;
    one.spend(3).await;
    let ledger = MemoryLedger::new();
    one.account.flush(&ledger).await.unwrap();
    one.account.usage().await.unwrap();
    assert!(!one.account.is_forgotten());
    meter.inner.clear();
    // Others have begun to spend again.
    let two = instance(&meter);
    two.spend(1).await;
    two.account.give_back().await;
    one.account.usage().await.unwrap();
    assert!(one.account.is_forgotten() && one.account.is_in_the_dark());
    assert!(one.is_denied(1).await);
    one.account.catch_up(&ledger).await.unwrap();
    assert!(!one.account.is_forgotten() && !one.account.is_in_the_dark());
    assert!(one.is_denied(4).await, "7 of 10 are spent, not 1");
    assert!(!one.is_denied(3).await);
}
