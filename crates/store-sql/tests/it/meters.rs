//! One count of credits for all instances: the exam, and step by step what the one in memory says.

mod processes;

use std::{sync::Arc, time::Duration};

use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Budget, Credits, Decision, LeaseAsk, MemoryMeter, Meter, RaiseAsk, ReleaseAsk,
    ReportAsk, ReservationId, ReserveAsk, SettleAsk, UsageAsk, Wanted, Window,
    limits::ENDS_REMEMBERED_MAX,
};
use fastrand::Rng;
use futures_util::future::join_all;
use store_sql::SqlMeter;

use crate::place::{Dialect, Place, on_each_dialect};

/// Nothing is counted yet in it.
async fn fresh(dialect: Dialect) -> (SqlMeter, Place) {
    let place = Place::fresh(dialect).await;
    (place.open().await.meter(), place)
}

macro_rules! exams {
    ($($module:ident $dialect:ident)+) => {$(
        mod $module {
            use super::{Dialect, fresh};

            credits::meter_conformance!(fresh(Dialect::$dialect).await);
        }
    )+};
}
exams!(exam_sqlite Sqlite exam_mysql Mysql exam_postgres Postgres);

on_each_dialect! {
    step_by_step_it_says_what_the_one_in_memory_says
    instances_together_never_exceed_the_budget
    ends_are_remembered_as_many_as_in_memory_and_no_more_are_kept
    an_account_that_nobody_has_used_for_long_goes_when_a_new_one_comes
}

/// A billing day in the middle of October, and a budget that is often full.
const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const BUDGET: Budget = Budget {
    minute_calls: Some(5),
    day: Some(Credits::new(40)),
    month: Some(Credits::new(90)),
    anchor: BillingAnchor::FIRST,
};

/// A random life of one account, told to both.
struct Twins<'a> {
    meters: [&'a dyn Meter; 2],
    account: Arc<str>,
    rng: Rng,
    now: Timestamp,
    ids: Vec<ReservationId>,
}

impl Twins<'_> {
    async fn step(&mut self) {
        self.pass_time();
        match self.rng.u8(..100) {
            0..30 => self.reserve().await,
            30..45 => self.settle().await,
            45..55 => self.release().await,
            55..70 => self.lease().await,
            70..90 => self.report().await,
            _ => self.raise().await,
        }
        let ask =
            UsageAsk { account: Arc::clone(&self.account), at: self.now, anchor: BUDGET.anchor };
        let [ours, reference] = self.meters;
        let (ours, reference) = (ours.usage(&ask).await, reference.usage(&ask).await);
        assert_eq!(ours.unwrap(), reference.unwrap(), "at {}", self.now);
    }

    /// Mostly a little; sometimes past a midnight or a month, sometimes back.
    fn pass_time(&mut self) {
        let seconds = match self.rng.u8(..100) {
            0..60 => self.rng.u64(..10),
            60..85 => self.rng.u64(..300),
            85..93 => self.rng.u64(..100_000),
            93..96 => self.rng.u64(..6_000_000),
            _ => {
                self.now = self.now.before(Duration::from_secs(self.rng.u64(..90)));
                0
            }
        };
        self.now = self.now.after(Duration::from_secs(seconds));
    }

    async fn reserve(&mut self) {
        let id = ReservationId::new(self.now);
        self.ids.push(id);
        let ask = ReserveAsk {
            account: Arc::clone(&self.account),
            id,
            price: Credits::new(self.rng.u64(..12)),
            budget: BUDGET,
            at: self.now,
            lost_at: self.now.after(Duration::from_secs(self.rng.u64(1..200))),
        };
        let [ours, reference] = self.meters;
        let (ours, reference) = (ours.reserve(&ask).await, reference.reserve(&ask).await);
        assert_eq!(ours.unwrap(), reference.unwrap(), "{ask:?}");
    }

    async fn lease(&mut self) {
        let id = ReservationId::new(self.now);
        self.ids.push(id);
        let wanted = Wanted {
            least: Credits::new(self.rng.u64(..6)),
            most: Credits::new(self.rng.u64(6..20)),
            calls_most: self.rng.u64(1..5),
            share: self.rng.u64(1..5),
        };
        let ask = LeaseAsk {
            account: Arc::clone(&self.account),
            id,
            wanted,
            budget: BUDGET,
            at: self.now,
            lost_at: self.now.after(Duration::from_secs(self.rng.u64(1..200))),
        };
        let [ours, reference] = self.meters;
        let (ours, reference) = (ours.lease(&ask).await, reference.lease(&ask).await);
        assert_eq!(ours.unwrap(), reference.unwrap(), "{ask:?}");
    }

    async fn report(&mut self) {
        let ask = ReportAsk {
            account: Arc::clone(&self.account),
            id: self.some_id(),
            charged: Credits::new(self.rng.u64(..12)),
            ceiling: Credits::new(self.rng.u64(..20)),
            calls: self.rng.u64(..5),
            ended: self.rng.u8(..3) == 0,
            lost_at: self.now.after(Duration::from_secs(self.rng.u64(..200))),
            at: self.now,
            anchor: BUDGET.anchor,
        };
        for meter in self.meters {
            meter.report(&ask).await.unwrap();
        }
    }

    async fn settle(&mut self) {
        let ask = SettleAsk {
            account: Arc::clone(&self.account),
            id: self.some_id(),
            charged: Credits::new(self.rng.u64(..12)),
            at: self.now,
            anchor: BUDGET.anchor,
        };
        for meter in self.meters {
            meter.settle(&ask).await.unwrap();
        }
    }

    async fn release(&mut self) {
        let ask = ReleaseAsk {
            account: Arc::clone(&self.account),
            id: self.some_id(),
            at: self.now,
            anchor: BUDGET.anchor,
        };
        for meter in self.meters {
            meter.release(&ask).await.unwrap();
        }
    }

    async fn raise(&mut self) {
        let ask = RaiseAsk {
            account: Arc::clone(&self.account),
            window: Window::ALL[self.rng.usize(..3)],
            to: self.rng.u64(..30),
            at: self.now,
            anchor: BUDGET.anchor,
        };
        for meter in self.meters {
            meter.raise(&ask).await.unwrap();
        }
    }

    /// One of those before, ended or not, or one that nobody knows.
    fn some_id(&mut self) -> ReservationId {
        match self.rng.usize(..10) {
            0 => ReservationId::new(self.now),
            _ if self.ids.is_empty() => ReservationId::new(self.now),
            _ => self.ids[self.ids.len() - 1 - self.rng.usize(..self.ids.len().min(8))],
        }
    }
}

async fn step_by_step_it_says_what_the_one_in_memory_says(place: Place) {
    // Breaks: the budget depends on which store counts.
    let ours = place.open().await.meter();
    let reference = MemoryMeter::new();
    for seed in 0..12 {
        let mut twins = Twins {
            meters: [&ours, &reference],
            account: format!("of seed {seed}").into(),
            rng: Rng::with_seed(seed),
            now: NOON,
            ids: Vec::new(),
        };
        for _ in 0..100 {
            twins.step().await;
        }
    }
}

fn ask(account: &str, price: u64, at: Timestamp) -> ReserveAsk {
    ReserveAsk {
        account: account.into(),
        id: ReservationId::new(at),
        price: Credits::new(price),
        budget: Budget { minute_calls: None, ..BUDGET },
        at,
        lost_at: at.after(Duration::from_secs(60)),
    }
}

async fn instances_together_never_exceed_the_budget(place: Place) {
    // Breaks: three gateways spend three budgets.
    let meters =
        [place.open().await.meter(), place.open().await.meter(), place.open().await.meter()];
    let asks = (0..96).map(|n: usize| {
        let (meter, ask) = (&meters[n % 3], ask("together", 3, NOON));
        async move { meter.reserve(&ask).await.unwrap() }
    });
    let decisions = join_all(asks).await;
    let is_granted = |decision: &&Decision| **decision == Decision::Granted;
    assert_eq!(decisions.iter().filter(is_granted).count(), 13, "13 times 3 of 40");
}

async fn ends_are_remembered_as_many_as_in_memory_and_no_more_are_kept(place: Place) {
    // Breaks: a repeated end is booked twice, or the table grows with every call there ever was.
    let meter = place.open().await.meter();
    let settle = |id: ReservationId| SettleAsk {
        account: "a".into(),
        id,
        charged: Credits::new(1),
        at: NOON,
        anchor: BUDGET.anchor,
    };
    let (first, second) = (ReservationId::new(NOON), ReservationId::new(NOON));
    meter.settle(&settle(first)).await.unwrap();
    let n_others = ENDS_REMEMBERED_MAX - 2;
    // As if so many others had ended.
    place.run(&format!("UPDATE meter_account SET n_ended = n_ended + {n_others}")).await;
    meter.settle(&settle(second)).await.unwrap();
    meter.settle(&settle(first)).await.unwrap();
    let day = async || {
        let ask = UsageAsk { account: "a".into(), at: NOON, anchor: BUDGET.anchor };
        meter.usage(&ask).await.unwrap().day.get()
    };
    assert_eq!(day().await, 2, "it is the oldest of those that are remembered");
    for _ in 0..64 {
        meter.settle(&settle(ReservationId::new(NOON))).await.unwrap();
    }
    let count = "SELECT CAST(COUNT(*) AS CHAR(9)) FROM meter_hold";
    assert_eq!(place.ask(count).await[0].trim(), "65", "the first was forgotten");
    meter.settle(&settle(first)).await.unwrap();
    assert_eq!(day().await, 67, "and is booked as unknown");
}

async fn an_account_that_nobody_has_used_for_long_goes_when_a_new_one_comes(place: Place) {
    // Breaks: every client that ever came is kept for ever.
    let meter = place.open().await.meter();
    let later = |days: u64| NOON.after(Duration::from_secs(days * 86_400));
    for (account, at) in [("old", NOON), ("kept", later(30)), ("new", later(71))] {
        assert_eq!(meter.reserve(&ask(account, 1, at)).await.unwrap(), Decision::Granted);
    }
    for table in ["meter_account", "meter_hold"] {
        let count = format!("SELECT CAST(COUNT(*) AS CHAR(9)) FROM {table}");
        assert_eq!(place.ask(&count).await[0].trim(), "2", "{table}");
    }
}
