//! A busy market is bought as one page of the ranking whenever that has grown old: once by all who
//! share a store, however many processes they are.

use std::time::Duration;

use cmc_sim::Bill;
use harness::{Client, Gateway, GatewaySpec, PATIENCE, RedisServer, Sim, stopwatch};
use tokio::time::{Instant, sleep, timeout};

use super::{all_served, gateways};
use crate::market;

/// The shortest for which pages are bought.
const LIFE: Duration = Duration::from_secs(5);
/// What is counted: long enough for one page more or less to make no difference.
const COUNTED: Duration = Duration::from_secs(6 * LIFE.as_secs());
/// Coins of a question, and questions that go round.
const N_COINS: usize = 100;
const N_QUESTIONS: usize = 6;
/// Between two questions to a gateway.
const PAUSE: Duration = Duration::from_millis(150);

/// Two gateways before a bill of their own, and what they are asked.
struct House {
    sim: Sim,
    gateways: Vec<Gateway>,
    questions: Vec<String>,
}

impl House {
    async fn open(shared: impl Fn(GatewaySpec) -> GatewaySpec + Send + Sync) -> Self {
        let sim = Sim::frozen().await;
        let life = LIFE.as_secs();
        let spec = || {
            let spec = GatewaySpec::before(&sim).set("pace.mode=off");
            let spec = spec.set(&format!("freshness.quotes={life}s"));
            shared(spec.set(&format!("freshness.listings={life}s")))
        };
        let gateways = gateways(2, spec).await;
        let coins = market::active(&sim).await;
        let questions = coins.chunks(N_COINS).take(N_QUESTIONS).map(|coins| {
            let ids: Vec<String> = coins.iter().map(|coin| coin.id.to_string()).collect();
            format!("/v3/cryptocurrency/quotes/latest?convert=USD,EUR&id={}", ids.join(","))
        });
        let questions = questions.collect();
        Self { sim, gateways, questions }
    }

    /// Asks both of them, each for other coins at any moment, until `end`.
    async fn busy_until(&self, end: Instant) {
        let (one, two) = (self.gateways[0].client(), self.gateways[1].client());
        tokio::join!(self.asked(&one, 0, end), self.asked(&two, N_QUESTIONS / 2, end));
    }

    async fn asked(&self, client: &Client, first: usize, end: Instant) {
        for question in self.questions.iter().cycle().skip(first) {
            let reply = client.get(question).await;
            all_served(std::slice::from_ref(&reply));
            assert!(reply.age().is_some_and(|age| age <= LIFE), "{:?}", reply.headers);
            if Instant::now() >= end {
                return;
            }
            sleep(PAUSE).await;
        }
    }

    /// Busy until it is known that pages pay; then the pages that were bought in `COUNTED`.
    async fn n_pages(&self) -> u64 {
        let known = async {
            while n_pages(&self.sim.bill()) < 2 {
                self.busy_until(Instant::now() + LIFE / 4).await;
            }
        };
        timeout(3 * PATIENCE, known).await.expect("pages pay, and are bought");
        let before = n_pages(&self.sim.bill());
        self.busy_until(Instant::now() + COUNTED).await;
        n_pages(&self.sim.bill()) - before
    }
}

fn n_pages(bill: &Bill) -> u64 {
    let pages = bill.operations.iter().filter(|(path, _)| path.contains("listings/latest"));
    pages.map(|(_, line)| line.calls).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_gateways_over_one_redis_buy_a_page_of_the_ranking_once_for_both() {
    // Breaks: each of a fleet buys the whole market, in every life of it.
    let redis = RedisServer::start().await;
    let together = House::open(|spec| {
        spec.set("tiers=memory,redis")
            .set(&format!("tiers.redis.url={}", redis.url()))
            // A machine that runs other tests is slower than the default has patience.
            .set("tiers.redis.deadline=9s")
    });
    let (together, apart) = (together.await, House::open(|spec| spec.set("tiers=memory")).await);
    let since = stopwatch();
    // At the same time, so that whatever else the machine does befalls both.
    let (shared, own) = tokio::join!(together.n_pages(), apart.n_pages());
    let n_lives = COUNTED.as_secs() / LIFE.as_secs();
    println!("{shared} pages over one Redis, {own} by each for itself, {:?}", since.elapsed());
    assert!(2 * shared >= n_lives, "{shared} pages in {n_lives} lives: nothing was tested");
    // Half as many, give or take one that fell into what was counted.
    assert!(4 * shared <= 3 * own, "{shared} over one Redis, {own} by each for itself");
}
