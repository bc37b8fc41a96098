//! Ages that the budget moves: what is served, what is bought, and what is said of it.

use std::time::Duration;

use clock::Timestamp;
use credits::{Credits, Funds, PaceSettings, Pacer, Step, Window};

use super::rig::{Rig, Wishes, quotes};
use crate::{AnswerError, CacheState, FlightError, Freshness, PaceAges, Terms, limits};

const MINUTE: Duration = Duration::from_secs(60);

fn paced(obeys_clients: bool) -> Freshness {
    let pace = PaceAges { is_on: true, obeys_clients, ..PaceAges::default() };
    Freshness { pace, ..Freshness::default() }
}

/// A rig with a pacer, and a budget that it is told of.
struct Paced {
    rig: Rig,
    pacer: Pacer,
    start: Timestamp,
}

impl Paced {
    async fn with(freshness: Freshness) -> Self {
        let rig = Rig::with(Wishes { freshness, ..Wishes::default() });
        rig.engine.load_names().await.unwrap();
        let settings = PaceSettings { reserve_permille: 0, essential_permille: 0 };
        let start = rig.now();
        Self { rig, pacer: Pacer::new(settings), start }
    }

    /// An hour of much demand, and what a month of 15,000 credits says to it.
    async fn busy(freshness: Freshness) -> Self {
        let mut paced = Self::with(freshness).await;
        for _ in 0..60 {
            for _ in 0..30 {
                paced.rig.ask(&quotes("1,2")).await;
            }
            paced.rig.clock.advance(MINUTE);
            paced.tick(15_000, 0);
        }
        assert_eq!(paced.rig.engine.pacing().step(), Step::Paced);
        // Bought now, and with the names that are renewed by the hour.
        paced.rig.clock.advance(Duration::from_secs(4_000));
        paced.rig.ask(&quotes("1,2")).await;
        paced.rig.settle().await;
        paced.rig.ask(&quotes("1,2")).await;
        paced
    }

    fn tick(&mut self, limit: u64, used: u64) {
        let funds = Funds {
            window: Window::Month,
            limit: Credits::new(limit),
            used: Credits::new(used),
            start: self.start,
            reset: self.start.after(Duration::from_secs(30 * 86_400)),
        };
        drop(self.rig.engine.pacing().tick(&mut self.pacer, self.rig.now(), &[funds]));
    }
}

fn max_age(seconds: u64) -> Terms {
    Terms { max_age: Some(Duration::from_secs(seconds)), ..Terms::default() }
}

#[tokio::test(start_paused = true)]
async fn a_paced_answer_is_as_old_as_it_says_and_costs_nothing() {
    // Breaks if pacing renews a life, hides an age, or is only a word in a header.
    let paced = Paced::busy(paced(true)).await;
    let n_calls = paced.rig.n_quote_calls();
    paced.rig.advance(100);
    let answer = paced.rig.ask(&quotes("1,2")).await;
    assert_eq!(answer.cache, CacheState::Full);
    assert_eq!(answer.age, Duration::from_secs(100));
    assert_eq!(answer.paced_for, Duration::from_secs(40));
    assert!(answer.fresh_for > Duration::ZERO, "{answer:?}");
    assert_eq!(answer.stale_for, Duration::ZERO);
    let ready = paced.rig.engine.peek(&quotes("1,2")).unwrap();
    assert_eq!((ready.age, ready.paced_for), (answer.age, answer.paced_for));
    paced.rig.clock.advance(answer.fresh_for);
    assert!(paced.rig.engine.peek(&quotes("1,2")).is_none(), "and then it is over");
    assert_eq!(paced.rig.ask(&quotes("1,2")).await.cache, CacheState::Cold);
    assert_eq!(paced.rig.n_quote_calls(), n_calls + 1);
}

#[tokio::test(start_paused = true)]
async fn a_stretch_that_changes_holds_at_once_for_what_is_stored() {
    // Breaks if ages are written into entries: a plan that was raised would change nothing until
    // everything had been bought again.
    let mut paced = Paced::busy(paced(true)).await;
    paced.rig.advance(100);
    assert!(paced.rig.engine.peek(&quotes("1,2")).is_some());
    // A plan that is large enough, and the five minutes that a step lasts at least.
    paced.rig.advance(300);
    paced.tick(10_000_000, 0);
    assert_eq!(paced.rig.engine.pacing().step(), Step::Fresh);
    assert!(paced.rig.engine.peek(&quotes("1,2")).is_none());
    let answer = paced.rig.ask(&quotes("1,2")).await;
    assert_eq!((answer.cache, answer.fresh_for), (CacheState::Cold, MINUTE));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_wants_it_younger_gets_it_down_to_the_operators_age() {
    // It pays from the same plan; below the cadence it would pay for the same bytes.
    let paced = Paced::busy(paced(true)).await;
    paced.rig.advance(50);
    let answer = paced.rig.ask_on(&quotes("1,2"), max_age(0)).await.unwrap();
    assert_eq!((answer.cache, answer.age.as_secs()), (CacheState::Full, 50));
    paced.rig.advance(50);
    let answer = paced.rig.ask_on(&quotes("1,2"), max_age(200)).await.unwrap();
    assert_eq!((answer.cache, answer.age.as_secs()), (CacheState::Full, 100));
    let answer = paced.rig.ask_on(&quotes("1,2"), max_age(90)).await.unwrap();
    assert_eq!((answer.cache, answer.age.as_secs()), (CacheState::Cold, 0));
}

#[tokio::test(start_paused = true)]
async fn where_clients_are_not_obeyed_their_wish_is_advice() {
    // Breaks if one client that sends `no-cache` spends the plan of all.
    let paced = Paced::busy(paced(false)).await;
    paced.rig.advance(100);
    let answer = paced.rig.ask_on(&quotes("1,2"), max_age(0)).await.unwrap();
    assert_eq!((answer.cache, answer.age.as_secs()), (CacheState::Full, 100));
    assert_eq!(answer.paced_for, Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn pacing_that_is_off_changes_nothing() {
    // The same demand and budget, and no word of it.
    let mut off = Paced::with(Freshness::default()).await;
    for _ in 0..60 {
        off.rig.ask(&quotes("1,2")).await;
        off.rig.clock.advance(MINUTE);
        off.tick(1_000, 999);
    }
    off.rig.ask(&quotes("1,2")).await;
    off.rig.settle().await;
    off.rig.ask(&quotes("1,2")).await;
    off.rig.advance(59);
    assert!(off.rig.engine.peek(&quotes("1,2")).is_some());
    off.rig.advance(1);
    assert_eq!(off.rig.ask(&quotes("1,2")).await.cache, CacheState::Cold);
}

#[tokio::test(start_paused = true)]
async fn at_the_stale_step_what_is_held_is_served_and_only_what_is_not_is_bought() {
    // Breaks if a plan that is nearly gone is spent on younger answers instead of missing ones.
    let mut paced = Paced::busy(paced(true)).await;
    paced.tick(15_000, 14_990);
    assert_eq!(paced.rig.engine.pacing().step(), Step::Stale);
    paced.rig.advance(7_200);
    paced.tick(15_000, 14_990);
    let n_calls = paced.rig.n_quote_calls();
    let answer = paced.rig.ask(&quotes("1,2")).await;
    assert_eq!((answer.cache, answer.age.as_secs()), (CacheState::Stale, 7_200));
    assert!(answer.stale_for >= Duration::from_secs(3_600), "beyond the oldest paced age");
    assert_eq!(paced.rig.n_quote_calls(), n_calls);
    assert_eq!(paced.rig.ask(&quotes("500")).await.cache, CacheState::Cold);
    let essential = Terms { is_essential: true, ..Terms::default() };
    paced.rig.advance(7_200);
    let answer = paced.rig.ask_on(&quotes("1,2"), essential).await.unwrap();
    assert_eq!(answer.age, Duration::ZERO, "essential clients are served as ever");
}

#[tokio::test(start_paused = true)]
async fn at_the_last_step_nothing_is_bought_but_for_essential_clients() {
    // Breaks if the last credits go to whoever asks first, or cached coins are refused.
    let mut paced = Paced::busy(paced(true)).await;
    paced.tick(15_000, 15_000);
    assert_eq!(paced.rig.engine.pacing().step(), Step::CacheOnly);
    paced.rig.advance(7_200);
    assert_eq!(paced.rig.ask(&quotes("1,2")).await.cache, CacheState::Stale);
    let error = paced.rig.try_ask(&quotes("500")).await.unwrap_err();
    let is_denied = matches!(error, AnswerError::Failed(FlightError::Denied(_)));
    assert!(is_denied && error.retry_after(paced.rig.now()).is_some(), "{error}");
    assert_eq!(paced.rig.ask("/v1/cryptocurrency/map?limit=5").await.charged.get(), 0);
    let essential = Terms { is_essential: true, ..Terms::default() };
    assert!(paced.rig.ask_on(&quotes("500"), essential).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_for_pacing_is_not_served_because_fetching_fails() {
    // The operator said: never older than a minute when upstream is away. Pacing keeps entries for
    // an hour, and that must not make them an answer to an outage.
    let strict = Freshness { stale_if_error: Duration::ZERO, ..paced(true) };
    let paced = Paced::with(strict).await;
    paced.rig.ask(&quotes("1")).await;
    paced.rig.advance(61);
    paced.rig.upstream.answer_by(|_| {
        use cmc_api::{Charge, UpstreamError, UpstreamErrorKind};
        Err(UpstreamError::new(UpstreamErrorKind::ServerFault, Charge::Nothing))
    });
    assert!(paced.rig.try_ask(&quotes("1")).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn no_number_of_different_questions_makes_the_lots_grow() {
    // Whoever asks for ever new whole answers must not fill the memory.
    let mut paced = Paced::with(paced(true)).await;
    for start in 0..limits::LOTS_MAX + 100 {
        let target = format!("/v3/cryptocurrency/quotes/historical?id={}", start + 1);
        paced.rig.ask(&target).await;
    }
    assert_eq!(paced.rig.engine.pacing().n_lots(), limits::LOTS_MAX);
    paced.tick(15_000, 0);
}
