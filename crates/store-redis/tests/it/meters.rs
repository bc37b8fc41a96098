//! One count of credits for all instances: the exam, and step by step what the one in memory says.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Budget, Credits, LeaseAsk, MemoryMeter, Meter, RaiseAsk, ReleaseAsk, ReportAsk,
    ReservationId, ReserveAsk, SettleAsk, UsageAsk, Wanted, Window,
};
use fastrand::Rng;
use store_redis::{RedisMeter, RedisStore};

use crate::{cluster, single, valkey};

/// Nothing is counted yet under the prefix of a new number.
fn fresh(open: fn(&str) -> RedisStore) -> (RedisMeter, ()) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    (open(&format!("meter-{number}-{}", fastrand::u64(..))).meter(), ())
}

mod redis_single {
    use super::*;
    credits::meter_conformance!(fresh(single));
}

mod valkey_single {
    use super::*;
    credits::meter_conformance!(fresh(valkey));
}

mod redis_cluster {
    use super::*;
    credits::meter_conformance!(fresh(cluster));
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

#[tokio::test]
async fn step_by_step_it_says_what_the_one_in_memory_says() {
    // Breaks: the budget depends on which store counts.
    let (ours, ()) = fresh(single);
    let reference = MemoryMeter::new();
    for seed in 0..40 {
        let mut twins = Twins {
            meters: [&ours, &reference],
            account: format!("of seed {seed}").into(),
            rng: Rng::with_seed(seed),
            now: NOON,
            ids: Vec::new(),
        };
        for _ in 0..120 {
            twins.step().await;
        }
    }
}

#[tokio::test]
async fn instances_together_never_exceed_the_budget() {
    // Breaks: three gateways spend three budgets.
    let (one, ()) = fresh(single);
    let meters: Vec<RedisMeter> = (0..4).map(|_| one.clone()).collect();
    let asks = (0..200).map(|n: usize| {
        let ask = ReserveAsk {
            account: "together".into(),
            id: ReservationId::new(NOON),
            price: Credits::new(3),
            budget: Budget { minute_calls: None, ..BUDGET },
            at: NOON,
            lost_at: NOON.after(Duration::from_secs(60)),
        };
        let meter = &meters[n % 4];
        async move { meter.reserve(&ask).await.unwrap() }
    });
    let decisions = futures_util::future::join_all(asks).await;
    let n_granted =
        decisions.iter().filter(|decision| **decision == credits::Decision::Granted).count();
    assert_eq!(n_granted, 13, "13 times 3 of 40");
}

#[tokio::test]
async fn a_block_that_is_asked_for_twice_is_one() {
    // Breaks: as below, with all that was leased.
    let (meter, ()) = fresh(cluster);
    let wanted = Wanted { least: Credits::new(1), most: Credits::new(9), calls_most: 2, share: 2 };
    let ask = LeaseAsk {
        account: "twice".into(),
        id: ReservationId::new(NOON),
        wanted,
        budget: BUDGET,
        at: NOON,
        lost_at: NOON.after(Duration::from_secs(60)),
    };
    let once = meter.lease(&ask).await.unwrap();
    assert_eq!(meter.lease(&ask).await.unwrap(), once);
    let of = UsageAsk { account: ask.account, at: NOON, anchor: BUDGET.anchor };
    let usage = meter.usage(&of).await.unwrap();
    assert_eq!((usage.minute_calls, usage.reserved.get(), usage.n_open), (2, 9, 1));
}

#[tokio::test]
async fn a_reservation_that_comes_twice_is_one() {
    // Breaks: the driver of a cluster repeats a call whose answer was lost, and what was held
    // twice is given back once: the budget shrinks for good.
    let (meter, ()) = fresh(cluster);
    let ask = ReserveAsk {
        account: "twice".into(),
        id: ReservationId::new(NOON),
        price: Credits::new(30),
        budget: BUDGET,
        at: NOON,
        lost_at: NOON.after(Duration::from_secs(60)),
    };
    for _ in 0..2 {
        assert_eq!(meter.reserve(&ask).await.unwrap(), credits::Decision::Granted);
    }
    let of = UsageAsk { account: ask.account, at: NOON, anchor: BUDGET.anchor };
    let usage = meter.usage(&of).await.unwrap();
    assert_eq!((usage.minute_calls, usage.reserved, usage.n_open), (1, ask.price, 1));
}
