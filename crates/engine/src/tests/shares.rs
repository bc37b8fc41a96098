//! What a call took is paid by those for whom it was made, and by nobody else.

use std::time::Duration;

use cmc_api::{Charge, UpstreamError, UpstreamErrorKind, scripted};
use credits::{Client, Credits, Denied, MemoryLedger, Part, Priority, Quota, Reason};
use tokio::task::JoinHandle;

use super::{
    market::ids,
    rig::{Answered, Rig, Wishes, quotes, soon},
};
use crate::{AnswerError, CacheState, FlightError, Terms};

async fn client(rig: &Rig, name: &str, quota: Quota) -> Client {
    rig.clients.open(name, quota, &MemoryLedger::new()).await.unwrap()
}

async fn anybody(rig: &Rig, name: &str) -> Client {
    client(rig, name, Quota::default()).await
}

fn daily(credits: u64) -> Quota {
    Quota { day: Some(Credits::new(credits)), ..Quota::default() }
}

fn of(client: &Client) -> Terms {
    Terms { client: Some(client.clone()), ..Terms::default() }
}

fn asking(rig: &Rig, client: &Client, list: &str) -> JoinHandle<Answered> {
    let (asking, terms, target) = (rig.clone(), of(client), quotes(list));
    rig.tracker.spawn(async move { asking.ask_on(&target, terms).await })
}

/// Every quote call takes so much.
fn charge(rig: &Rig, credits: u64) {
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| {
        let mut reply = market.answer(call)?;
        if call.path().ends_with("/quotes/latest") {
            reply.charge = Charge::Exactly(Credits::new(credits));
        }
        Ok(reply)
    });
}

/// What was booked on a client.
fn paid(client: &Client) -> u64 {
    let postings = client.account().drain_postings(usize::MAX);
    postings.iter().map(|posting| posting.charged.get()).sum()
}

async fn all(asked: Vec<JoinHandle<Answered>>) -> Vec<u64> {
    let mut told = Vec::new();
    for one in asked {
        told.push(soon(one).await.unwrap().unwrap().charged.get());
    }
    told
}

#[tokio::test(start_paused = true)]
async fn a_miss_shared_by_five_is_split_and_the_shares_sum_up() {
    // The promise of fair shares: what each is told is what is booked, and all of it is the bill.
    let rig = Rig::warm().await;
    let mut clients = Vec::new();
    for name in ["a", "b", "c", "d", "e"] {
        clients.push(anybody(&rig, name).await);
    }
    let mut sums = [0; 5];
    charge(&rig, 7);
    for _ in 0..10 {
        rig.advance(3_600);
        let told = all(clients.iter().map(|client| asking(&rig, client, "1")).collect()).await;
        assert_eq!(told.iter().sum::<u64>(), 7);
        assert!(told.iter().all(|share| (1..=2).contains(share)), "{told:?}");
        sums.iter_mut().zip(told).for_each(|(sum, share)| *sum += share);
    }
    assert_eq!(sums, [14; 5], "the odd credits go round");
    assert_eq!(clients.iter().map(paid).collect::<Vec<_>>(), sums);
    assert_eq!(rig.charged(), 70);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn in_one_call_nobody_pays_more_than_alone() {
    // Breaks if keys are counted: the one more coin that starts a block would cost the others.
    let rig = Rig::warm().await;
    let (many, one) = (anybody(&rig, "many").await, anybody(&rig, "one").await);
    let list: Vec<_> = (1..=250).map(|id| id.to_string()).collect();
    let told = all(vec![asking(&rig, &many, &list.join(",")), asking(&rig, &one, "300")]).await;
    assert_eq!(rig.charged(), 2);
    assert_eq!(told, [1, 1]);
}

#[tokio::test(start_paused = true)]
async fn who_joins_in_the_air_shares_and_who_hangs_up_does_too() {
    // Breaks if hanging up is a way to have the cache filled for nothing.
    let rig = Rig::warm().await;
    charge(&rig, 2);
    rig.upstream.block();
    let (gone, late) = (anybody(&rig, "gone").await, anybody(&rig, "late").await);
    let first = asking(&rig, &gone, "1");
    rig.upstream.until_running(1).await;
    let second = asking(&rig, &late, "1");
    rig.settle().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    rig.upstream.release_all();
    assert_eq!(all(vec![second]).await, [1]);
    assert_eq!((paid(&gone), paid(&late)), (1, 1));
    assert_eq!(gone.usage().await.unwrap().reserved, Credits::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_coin_is_charged_for_what_was_bought_for_it_and_the_coins_sum_up_to_the_bill() {
    // Breaks if the ranking of coins tells of what was asked, of fillers, or of more than was
    // booked.
    let rig = Rig::warm().await;
    charge(&rig, 3);
    rig.ask(&quotes("1,2")).await;
    rig.ask(&quotes("1,2")).await;
    let told = rig.engine.charges(9);
    let coins = told.coins.iter().map(|(coin, charged)| (coin.get(), *charged));
    assert_eq!(coins.collect::<Vec<_>>(), [(1, 1_500_000), (2, 1_500_000)]);
    rig.advance(3_600);
    rig.ask(&quotes("2")).await;
    rig.ask("/v1/global-metrics/quotes/latest").await;
    rig.ask("/v2/cryptocurrency/info?id=5").await;
    let told = rig.engine.charges(2);
    assert_eq!(told.coins[0], (cmc_api::CoinId::new(2), 4_500_000));
    let bill = rig.charged();
    assert_eq!((bill, told.total), (10, 10_000_000), "of the key, and of all coins");
    assert_eq!((told.of_no_coin, told.of_others), (3_000_000, 1_000_000));
    // A call that ends in an unknown way is booked, too.
    rig.advance(3_600);
    rig.upstream
        .answer_by(|_| Err(UpstreamError::new(UpstreamErrorKind::TimedOut, Charge::Unknown)));
    // It rode along before, and so there is an old value of it.
    assert_eq!(rig.ask(&quotes("7")).await.cache, CacheState::Stale);
    let told = rig.engine.charges(usize::MAX);
    assert_eq!(told.total, rig.charged() * 1_000_000);
    assert!(rig.charged() > bill && told.coins.iter().any(|(coin, _)| coin.get() == 7));
}

#[tokio::test(start_paused = true)]
async fn hits_and_fillers_are_free() {
    // A filler is paid for by nobody: whoever asks for it, in the air or later, has a hit.
    let rig = Rig::warm().await;
    let (payer, rider) = (anybody(&rig, "payer").await, anybody(&rig, "rider").await);
    rig.upstream.block();
    let first = asking(&rig, &payer, "1");
    rig.upstream.until_running(1).await;
    let aboard = ids(&rig.calls_to("/quotes/latest")[0], "id");
    let filler = aboard.into_iter().find(|id| *id != 1).unwrap().to_string();
    let second = asking(&rig, &rider, &filler);
    rig.settle().await;
    assert_eq!(rig.upstream.running().now, 1, "the second rides along");
    rig.upstream.release_all();
    assert_eq!(all(vec![first, second]).await, [1, 0]);
    assert_eq!(all(vec![asking(&rig, &rider, &format!("1,{filler}"))]).await, [0]);
    assert_eq!((paid(&payer), paid(&rider)), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_asks_often_is_one_payer_and_holds_the_price_once() {
    // Breaks if ten windows of one program hold ten times what they will pay.
    let rig = Rig::warm().await;
    let web = client(&rig, "web", daily(1)).await;
    let told = all((0..10).map(|_| asking(&rig, &web, "1")).collect()).await;
    assert_eq!(told.iter().sum::<u64>(), 1);
    assert_eq!(paid(&web), 1);
}

#[tokio::test(start_paused = true)]
async fn a_used_up_quota_denies_what_costs_and_serves_what_is_cached() {
    // The API's own words for it need the window and its reset; and hits are free.
    let rig = Rig::warm().await;
    let web = client(&rig, "web", daily(1)).await;
    let fresh = rig.ask_on(&quotes("1"), of(&web)).await.unwrap();
    assert_eq!(fresh.charged.get(), 1);
    assert_eq!(rig.ask_on(&quotes("1"), of(&web)).await.unwrap().cache, CacheState::Full);
    let error = rig.ask_on(&quotes("600"), of(&web)).await.unwrap_err();
    let AnswerError::Failed(FlightError::Denied(denied)) = &error else { panic!("{error}") };
    let refusal = denied.refusal().unwrap();
    assert_eq!((refusal.window.name(), refusal.reason), ("day", Reason::Exhausted));
    assert!(error.retry_after(rig.now()).unwrap() < Duration::from_secs(86_400));
    rig.advance(3_600);
    assert_eq!(rig.ask_on(&quotes("1"), of(&web)).await.unwrap().cache, CacheState::Stale);
    assert_eq!(rig.ask(&quotes("600")).await.charged.get(), 1, "others go on");
    assert_eq!((rig.charged(), paid(&web)), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn below_the_floor_a_client_gets_what_is_cached() {
    // The end of the ladder: only essential clients spend.
    let rig = Rig::warm().await;
    let essential = Quota { priority: Priority::Essential, ..Quota::default() };
    let vip = client(&rig, "vip", essential).await;
    let web = anybody(&rig, "web").await;
    rig.clients.set_floor(Priority::Essential);
    assert_eq!(rig.ask_on(&quotes("1"), of(&vip)).await.unwrap().charged.get(), 1);
    assert_eq!(rig.ask_on(&quotes("1"), of(&web)).await.unwrap().cache, CacheState::Full);
    for terms in [of(&web), Terms::default()] {
        let error = rig.ask_on(&quotes("600"), terms).await.unwrap_err();
        let AnswerError::Failed(FlightError::Denied(denied)) = &error else { panic!("{error}") };
        assert!(matches!(**denied, Denied::Withheld { floor: Priority::Essential, .. }));
    }
    rig.clients.set_floor(Priority::Low);
    assert_eq!(rig.ask_on(&quotes("600"), of(&web)).await.unwrap().charged.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn nobody_pays_for_what_was_not_charged_and_everybody_for_what_is_assumed() {
    // A lost reply is booked at its price; with whom, if not with those who asked?
    let rig = Rig::warm().await;
    let (a, b) = (anybody(&rig, "a").await, anybody(&rig, "b").await);
    rig.upstream.push(Err(UpstreamError::unsent(UpstreamErrorKind::Connect)));
    assert!(soon(asking(&rig, &a, "1")).await.unwrap().is_err());
    assert_eq!(paid(&a), 0);
    // Until upstream is no longer left alone.
    rig.advance(3_600);
    let mut silent = scripted::reply("[]", 0);
    silent.charge = Charge::Unknown;
    rig.upstream.push(Ok(silent));
    let both = [asking(&rig, &a, "2"), asking(&rig, &b, "2")];
    for one in both {
        drop(soon(one).await.unwrap());
    }
    assert_eq!(paid(&a) + paid(&b), 1);
    assert!(a.account().drain_postings(9).iter().all(|posting| posting.assumed));
    assert_eq!(rig.charged(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_greedy_cannot_reach_what_is_reserved_not_even_aboard_anothers_call() {
    // Breaks if a call for two is paid out of the part of one.
    let month = Some(Credits::new(20));
    let budget = credits::Budget { month, ..credits::Budget::UNLIMITED };
    let rig = Rig::with(Wishes { budget, ..Wishes::default() });
    rig.engine.load_names().await.unwrap();
    let reserved = Quota { reserved: Part::permille(500), ..Quota::default() };
    let vip = client(&rig, "vip", reserved).await;
    let greedy = anybody(&rig, "greedy").await;
    for id in 1..=10 {
        rig.advance(3_600);
        rig.ask_on(&quotes(&id.to_string()), of(&greedy)).await.unwrap();
    }
    for id in 11..=20 {
        rig.advance(3_600);
        let both = [asking(&rig, &vip, &id.to_string()), asking(&rig, &greedy, &id.to_string())];
        let [vips, greedys] = both;
        assert_eq!(all(vec![vips]).await, [1]);
        // It has what was there before, and neither the new value nor its price.
        let left_out = soon(greedys).await.unwrap().unwrap();
        assert_eq!((left_out.cache, left_out.charged), (CacheState::Stale, Credits::ZERO));
    }
    assert_eq!((paid(&vip), paid(&greedy), rig.charged()), (10, 10, 20));
}
