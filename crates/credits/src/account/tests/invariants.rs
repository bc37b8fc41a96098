//! What must hold whatever the askers do.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex as StdMutex,
};

use proptest::prelude::*;
use tokio::task::JoinSet;

use super::*;

/// What an asker does with its reservation.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Settle(u64),
    Release,
    Drop,
    Assume,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => (0_u64..6).prop_map(Fate::Settle),
        1 => Just(Fate::Release),
        1 => Just(Fate::Drop),
        1 => Just(Fate::Assume),
    ]
}

/// Counts ends, and checks that nothing is opened twice or closed unopened.
#[derive(Debug, Default)]
struct WatchingJournal {
    ends: StdMutex<BTreeMap<ReservationId, u32>>,
}

impl Journal for Arc<WatchingJournal> {
    fn opened(&self, open: &OpenReservation) -> io::Result<()> {
        assert_eq!(self.ends.lock().unwrap().insert(open.id, 0), None);
        Ok(())
    }
    fn closed(&self, end: &End) -> io::Result<()> {
        *self.ends.lock().unwrap().get_mut(&end.id()).unwrap() += 1;
        Ok(())
    }
    fn leasing(&self, _: &OpenBlock) -> io::Result<()> {
        Ok(())
    }
    fn returned(&self, _: ReservationId) -> io::Result<()> {
        Ok(())
    }
    fn recover(&self, _: &str) -> io::Result<Recovered> {
        Ok(Recovered::default())
    }
    fn trim(&self, _: &[PostingId]) -> io::Result<()> {
        Ok(())
    }
}

/// What the askers know.
#[derive(Debug, Default)]
struct Truth {
    charged: AtomicU64,
    assumed: AtomicU64,
    above_price: AtomicU64,
}

async fn ask(account: Account, truth: Arc<Truth>, price: u64, fate: Fate) {
    let Ok(reservation) = account.reserve(credits(price), purpose()).await else { return };
    tokio::task::yield_now().await;
    match fate {
        Fate::Settle(charged) => {
            truth.charged.fetch_add(charged, Ordering::SeqCst);
            truth.above_price.fetch_add(charged.saturating_sub(price), Ordering::SeqCst);
            reservation.settle(credits(charged), WELL).await;
        }
        Fate::Release => reservation.release(WELL).await,
        Fate::Drop => {
            truth.assumed.fetch_add(price, Ordering::SeqCst);
            drop(reservation);
        }
        Fate::Assume => {
            truth.assumed.fetch_add(price, Ordering::SeqCst);
            reservation.assume(WELL).await;
        }
    }
}

/// Instances that share a meter, each with the same policy.
async fn check(limit: u64, asks: Vec<(u64, Fate)>, policy: Policy) {
    let journal = Arc::new(WatchingJournal::default());
    let meter = Arc::new(SlowMeter::default());
    let accounts = [(); 3].map(|()| {
        let mut parts = parts(Arc::clone(&meter), Arc::clone(&journal));
        parts.budget.month = Some(credits(limit));
        Account::new(AccountParts { policy, ..parts })
    });
    let truth = Arc::new(Truth::default());
    let mut tasks = JoinSet::new();
    for (n, (price, fate)) in asks.into_iter().enumerate() {
        tasks.spawn(ask(accounts[n % 3].clone(), Arc::clone(&truth), price, fate));
    }
    let [account, ..] = &accounts;
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
        let usage = account.usage().await.unwrap();
        let above = truth.above_price.load(Ordering::SeqCst);
        assert!(usage.month.get() + usage.reserved.get() <= limit + above, "{usage:?}");
    }
    let mut postings = Vec::new();
    for account in &accounts {
        account.give_back().await;
        postings.extend(account.drain_postings(usize::MAX));
    }
    let usage = account.usage().await.unwrap();
    let booked = |assumed| -> u64 {
        let some = postings.iter().filter(|posting| posting.assumed == assumed);
        some.map(|posting| posting.charged.get()).sum()
    };
    assert_eq!(booked(false), truth.charged.load(Ordering::SeqCst));
    assert_eq!(booked(true), truth.assumed.load(Ordering::SeqCst));
    assert_eq!(usage.month.get(), booked(false) + booked(true));
    assert_eq!((usage.reserved, usage.n_open), (Credits::ZERO, 0));
    assert!(journal.ends.lock().unwrap().values().all(|n_ends| *n_ends == 1));
    let ids: BTreeSet<_> = postings.iter().map(|posting| posting.id).collect();
    assert_eq!(ids.len(), postings.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_budget_holds_and_every_reservation_has_one_end(
        limit in 0_u64..40,
        asks in prop::collection::vec((0_u64..5, fate()), 1..60),
    ) {
        // Four threads meet in one meter; overspending and lost or doubled bookings show here.
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        runtime.block_on(check(limit, asks.clone(), Policy::Closed));
        let terms = LeaseTerms { credits_max: credits(6), share: 2, ..LeaseTerms::default() };
        runtime.block_on(check(limit, asks, Policy::Lease(terms)));
    }
}
