//! One run of one seed: what happens, and what is found afterwards.

use std::fs::File;
use std::process::Child;
use std::time::Duration;

use clock::{Clock, SystemClock};
use cmc_sim::Control;
use fastrand::Rng;
use harness::{Fault, Proxy, Sim, scratch, stopwatch};

use super::{
    LIMIT, N_PROCESSES,
    audit::{Found, audit},
    child::{OVER, Orders},
    store::Store,
};

/// How long the whole may take on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(90);
/// Trouble goes on until so much is spent, or so much has happened; the rest is spent in peace.
const TROUBLE_UNTIL: u64 = LIMIT * 8 / 10;
const TROUBLES_MAX: usize = 8;
const POLL: Duration = Duration::from_millis(10);
/// So that a kill finds calls under way.
const LATENCY_MS: u64 = 3;

/// The processes of a run; whoever is left is killed with it.
struct Crowd {
    orders: Orders,
    children: Vec<Child>,
    n_kills: u64,
}

impl Crowd {
    /// `kill -9`, and it comes back over what it left on disk.
    fn kill(&mut self, number: usize, seed: u64) {
        self.children[number].kill().unwrap();
        self.children[number].wait().unwrap();
        self.children[number] = self.orders.start(number, seed);
        self.n_kills += 1;
    }

    /// Whether all have ended, and well.
    fn have_ended(&mut self) -> bool {
        let ends = self.children.iter_mut().map(|child| child.try_wait().unwrap());
        let ends: Vec<_> = ends.collect();
        let is_well = ends.iter().flatten().all(std::process::ExitStatus::success);
        assert!(is_well, "{ends:?}");
        ends.iter().all(Option::is_some)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        for child in &mut self.children {
            // One that has ended is not there to be killed.
            drop((child.kill(), child.wait()));
        }
    }
}

/// Four processes spend, and whatever `seed` says happens to them.
pub(super) async fn run(store: &Store, seed: u64) -> Found {
    let sim = Sim::frozen().await;
    sim.change(Control { latency_ms: Some(LATENCY_MS), ..Control::default() });
    let proxy = Proxy::before(store.authority()).await;
    let folder = scratch();
    let mut rng = Rng::with_seed(seed);
    let orders = Orders {
        store: store.url_through(&proxy.authority()),
        sim: sim.url(),
        run: format!("run-{seed}-{:08x}", fastrand::u32(..)),
        folder: folder.path().to_owned(),
        began_ms: SystemClock.now().as_millis(),
    };
    let children = (0..N_PROCESSES).map(|number| orders.start(number, rng.u64(..))).collect();
    let mut crowd = Crowd { orders, children, n_kills: 0 };
    let since = stopwatch();
    trouble(&sim, &proxy, &mut crowd, &mut rng).await;
    File::create(folder.path().join(OVER)).unwrap();
    while !crowd.have_ended() {
        assert!(sim.bill().credits <= LIMIT, "seed {seed}: {} are billed", sim.bill().credits);
        assert!(since.elapsed() < PATIENCE, "seed {seed}: it does not end");
        tokio::time::sleep(POLL).await;
    }
    let bill = sim.bill().credits;
    audit(store, &crowd.orders, bill, crowd.n_kills, since.elapsed()).await
}

async fn trouble(sim: &Sim, proxy: &Proxy, crowd: &mut Crowd, rng: &mut Rng) {
    for _ in 0..TROUBLES_MAX {
        if sim.bill().credits >= TROUBLE_UNTIL {
            return;
        }
        tokio::time::sleep(Duration::from_millis(rng.u64(60..300))).await;
        let bill = sim.bill().credits;
        assert!(bill <= LIMIT, "{bill} are billed");
        match rng.u8(..3) {
            0 => crowd.kill(rng.usize(..N_PROCESSES), rng.u64(..)),
            1 => proxy.set(Fault::Cut).await,
            _ => proxy.set(Fault::Reset).await,
        }
        tokio::time::sleep(Duration::from_millis(rng.u64(10..80))).await;
        proxy.heal().await;
    }
}
