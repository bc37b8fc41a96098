//! Four processes of sixteen tasks each spend one budget, and one of them is killed.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use cache_tiers::Timestamp;
use credits::{
    Budget, Credits, Decision, Meter, Reason, ReleaseAsk, ReservationId, ReserveAsk, SettleAsk,
    Usage, UsageAsk,
};
use fastrand::Rng;
use futures_util::future::join_all;
use store_sql::{SqlConfig, SqlMeter, SqlStore};

use super::{BUDGET, NOON};
use crate::place::{Place, on_each_dialect};

on_each_dialect! {
    processes_together_never_exceed_the_budget_and_a_killed_one_pays_for_what_it_held
}

/// Set in the children only: the database, and the file to tell what was spent.
const URL: &str = "STORE_SQL_METER_URL";
const TOLD: &str = "STORE_SQL_METER_TOLD";
const N_PROCESSES: usize = 4;
const N_TASKS: u64 = 16;
const PRICE_MAX: u64 = 5;
/// What a child holds and never ends.
const KEPT: u64 = 7;
const LIMIT: u64 = 500;
const SHARED: Budget = Budget {
    minute_calls: None,
    day: Some(Credits::new(LIMIT)),
    month: Some(Credits::new(LIMIT)),
    anchor: BUDGET.anchor,
};
const LOST_AT: Timestamp = Timestamp::from_millis(NOON.as_millis() + 60_000);
/// The steps of the processes, of which the machine may have few to spare.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(5);

async fn reserve(meter: &SqlMeter, price: u64) -> (ReservationId, Decision) {
    let id = ReservationId::new(NOON);
    let ask = ReserveAsk {
        account: "shared".into(),
        id,
        price: Credits::new(price),
        budget: SHARED,
        at: NOON,
        lost_at: LOST_AT,
    };
    (id, meter.reserve(&ask).await.unwrap())
}

async fn settle(meter: &SqlMeter, id: ReservationId, charged: u64, at: Timestamp) {
    let charged = Credits::new(charged);
    let ask = SettleAsk { account: "shared".into(), id, charged, at, anchor: BUDGET.anchor };
    meter.settle(&ask).await.unwrap();
}

async fn usage(meter: &SqlMeter, at: Timestamp) -> Usage {
    let ask = UsageAsk { account: "shared".into(), at, anchor: BUDGET.anchor };
    meter.usage(&ask).await.unwrap()
}

/// A task of a child: calls of any price until not even the smallest fits.
async fn spend(meter: &SqlMeter, told: &File) {
    let mut rng = Rng::new();
    loop {
        let mut price = rng.u64(1..=PRICE_MAX);
        let (mut id, mut decision) = reserve(meter, price).await;
        if decision != Decision::Granted {
            price = 1;
            (id, decision) = reserve(meter, price).await;
        }
        if decision != Decision::Granted {
            return;
        }
        tokio::time::sleep(PAUSE).await;
        if rng.u8(..4) == 0 {
            let ask = ReleaseAsk { account: "shared".into(), id, at: NOON, anchor: BUDGET.anchor };
            meter.release(&ask).await.unwrap();
        } else {
            let charged = rng.u64(0..=price);
            settle(meter, id, charged, NOON).await;
            tell(told, charged);
        }
    }
}

/// One line in one write, so that death cuts none.
fn tell(mut told: &File, charged: u64) {
    told.write_all(format!("{charged}\n").as_bytes()).unwrap();
}

async fn wait_for(what: &str, mut is_there: impl FnMut() -> bool) {
    let waiting = async {
        while !is_there() {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "{what} does not come");
}

#[tokio::test]
async fn one_of_the_processes_spends() {
    // Only does anything when the test below starts it as a process of its own.
    let (Some(url), Some(told)) = (std::env::var_os(URL), std::env::var_os(TOLD)) else { return };
    let config = SqlConfig::from_url(url.to_str().unwrap()).unwrap();
    let store = SqlStore::open(config).await.unwrap();
    let meter = store.meter();
    let told = Path::new(&told);
    let is_first = told.ends_with("0");
    if is_first {
        assert_eq!(reserve(&meter, KEPT).await.1, Decision::Granted);
    }
    let file = OpenOptions::new().append(true).create(true).open(told).unwrap();
    let go = told.with_file_name("go");
    wait_for("the beginning", || go.exists()).await;
    join_all((0..N_TASKS).map(|_| spend(&meter, &file))).await;
    if is_first {
        // It lives until it is killed.
        std::future::pending::<()>().await;
    }
    store.close().await;
}

/// Ended with the test, however that ends.
struct Spender {
    child: Child,
    told: PathBuf,
}

impl Spender {
    fn start(place: &Place, number: usize) -> Self {
        let told = place.folder().join(number.to_string());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["meters::processes::one_of_the_processes_spends", "--exact"])
            .env(URL, place.url())
            .env(TOLD, &told)
            .stdout(Stdio::null())
            .spawn();
        Self { child: child.unwrap(), told }
    }

    fn charges(&self) -> Vec<u64> {
        let told = std::fs::read_to_string(&self.told).unwrap_or_default();
        told.lines().map(|line| line.parse().unwrap()).collect()
    }

    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Spender {
    fn drop(&mut self) {
        // One that has ended is not there to be killed.
        drop((self.child.kill(), self.child.wait()));
    }
}

/// All of it is in use at the end, by whoever is left; how much was left to him.
async fn spend_the_rest(meter: &SqlMeter) -> u64 {
    let mut rest = 0;
    loop {
        match reserve(meter, 1).await {
            (id, Decision::Granted) => settle(meter, id, 1, NOON).await,
            (_, Decision::Refused(refusal)) => {
                assert_eq!(refusal.reason, Reason::Held, "by the one who was killed");
                return rest;
            }
        }
        rest += 1;
    }
}

async fn processes_together_never_exceed_the_budget_and_a_killed_one_pays_for_what_it_held(
    place: Place,
) {
    // Breaks: each gateway spends a budget of its own, or what a dead one held is lost for good,
    // or given out again although the call may have been charged.
    let meter = place.open().await.meter();
    let mut spenders: Vec<_> = (0..N_PROCESSES).map(|n| Spender::start(&place, n)).collect();
    wait_for("a process", || spenders.iter().all(|spender| spender.told.exists())).await;
    File::create(place.folder().join("go")).unwrap();
    wait_for("a charge", || !spenders[0].charges().is_empty()).await;
    spenders[0].kill();
    let mut n_alive = N_PROCESSES - 1;
    while n_alive > 0 {
        let used = usage(&meter, NOON).await;
        assert!(used.day.get() + used.reserved.get() <= LIMIT, "{used:?}");
        let ends = spenders[1..].iter_mut().map(|spender| spender.child.try_wait().unwrap());
        let ends: Vec<_> = ends.flatten().collect();
        assert!(ends.iter().all(std::process::ExitStatus::success), "{ends:?}");
        n_alive = N_PROCESSES - 1 - ends.len();
        tokio::time::sleep(PAUSE).await;
    }
    let rest = spend_the_rest(&meter).await;
    let told = spenders.iter().flat_map(Spender::charges).sum::<u64>() + rest;
    audit(&meter, told).await;
}

/// What is booked is what was told, but for the last words of the one who was killed.
async fn audit(meter: &SqlMeter, told: u64) {
    let before = usage(meter, NOON).await;
    let (day, held) = (before.day.get(), before.reserved.get());
    assert_eq!(day + held, LIMIT, "all of it is usable: {before:?}");
    let under_way = N_TASKS * PRICE_MAX;
    assert!((KEPT..=KEPT + under_way).contains(&held), "{before:?}");
    assert!((told..=told + under_way).contains(&day), "{told} were told and {day} are booked");
    let after = usage(meter, LOST_AT).await;
    assert_eq!((after.day.get(), after.reserved.get(), after.n_open), (LIMIT, 0, 0));
    let (_, decision) = reserve(meter, 1).await;
    assert_ne!(decision, Decision::Granted, "what it held may have been charged");
}
