//! The knob between the fewest credits and the freshest answers.

use std::time::Duration;

use cmc_api::CacheClass;

use super::rig::{Rig, Wishes, quotes};
use crate::{Eagerness, Freshness, Refresh, Terms};

#[tokio::test(start_paused = true)]
async fn the_freshest_policy_renews_what_is_asked_for_and_nobody_waits() {
    // Breaks if somebody waits although the value was in steady demand, or if what nobody asks
    // for is paid for.
    let rig = Rig::warm().await;
    let eager = Refresh { eagerness: Eagerness::Freshest, ..Refresh::default() };
    rig.engine.set_refresh(eager);
    rig.ask(&quotes("1")).await;
    rig.advance(31);
    assert!(rig.engine.peek(&quotes("1")).is_none(), "the short way does not send");
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 2);
    rig.advance(29);
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!((answer.cache.name(), answer.age), ("full", Duration::from_secs(29)));
    rig.advance(600);
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 2);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_life_is_what_the_answer_allows_however_long_others_keep_what_it_is_made_of() {
    // Breaks: listings may be older than quotes, and so nothing is ever renewed ahead of the age
    // at which quotes are answered.
    let by_class = vec![(CacheClass::Quotes, Duration::from_secs(10))];
    let freshness = Freshness { by_class, ..Freshness::default() };
    let rig = Rig::with(Wishes { freshness, ..Wishes::default() });
    rig.engine.set_refresh(Refresh { eagerness: Eagerness::Freshest, ..Refresh::default() });
    rig.ask(&quotes("1")).await;
    rig.advance(4);
    rig.ask(&quotes("1")).await;
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 1, "not in the first half");
    rig.advance(2);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full", "nobody waits");
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 2);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn by_default_nothing_is_sent_for_before_its_end() {
    // Breaks if the default spends a credit more than it must.
    let rig = Rig::warm().await;
    rig.ask(&quotes("1")).await;
    rig.clock.advance(Duration::from_millis(59_900));
    for _ in 0..100 {
        assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    }
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_old_value_is_served_while_a_new_one_is_fetched_where_that_is_wanted() {
    // Breaks if stale-while-revalidate waits, hides the age, or serves what a client forbids.
    let rig = Rig::warm().await;
    let stale_while_revalidate = Duration::from_secs(30);
    rig.engine.set_refresh(Refresh { stale_while_revalidate, ..Refresh::default() });
    rig.ask(&quotes("1")).await;
    rig.advance(70);
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!((answer.cache.name(), answer.age), ("stale", Duration::from_secs(70)));
    assert_eq!(answer.charged.get(), 0);
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 2);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    rig.advance(70);
    let strict = Terms { max_age: Some(Duration::from_secs(60)), ..Terms::default() };
    assert_eq!(rig.ask_on(&quotes("1"), strict).await.unwrap().cache.name(), "cold");
    rig.advance(91);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "cold", "it has an end");
    rig.assert_idle().await;
}
