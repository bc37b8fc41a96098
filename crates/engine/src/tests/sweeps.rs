//! Pages of the ranking, bought because they have grown old.

use std::time::Duration;

use cmc_api::{Charge, UpstreamError, UpstreamErrorKind};

use super::rig::{Rig, quotes, read_at};

/// A hundred coins of the six hundred, in two currencies.
pub(super) fn hundred(second: u64) -> String {
    let first = second % 6 * 100 + 1;
    let list: Vec<String> = (first..first + 100).map(|id| id.to_string()).collect();
    format!("{}&convert=USD,EUR", quotes(&list.join(",")))
}

/// Somebody asks for a hundred coins each second; whatever happens, nothing is older than allowed.
async fn busy(rig: &Rig, seconds: u64) {
    for second in 0..seconds {
        rig.advance(1);
        let answer = rig.ask(&hundred(second)).await;
        for at in read_at(&answer) {
            assert!(rig.now().since(at) < Duration::from_secs(60), "{at} at {}", rig.now());
        }
    }
}

/// A busy market whose page has just grown old.
async fn about_to_be_swept() -> Rig {
    let rig = Rig::warm().await;
    busy(&rig, 61).await;
    let n_pages = rig.calls_to("/listings/latest").len();
    while rig.calls_to("/listings/latest").len() == n_pages {
        busy(&rig, 1).await;
    }
    busy(&rig, 59).await;
    rig.advance(1);
    rig
}

#[tokio::test(start_paused = true)]
async fn a_busy_market_costs_one_page_a_minute() {
    // Breaks if what one page brings is bought block by block and currency by currency.
    let rig = Rig::warm().await;
    busy(&rig, 61).await;
    let before = (rig.charged(), rig.n_quote_calls(), rig.calls_to("/listings/latest").len());
    assert!(before.2 >= 1, "{before:?}");
    busy(&rig, 120).await;
    let after = (rig.charged(), rig.n_quote_calls(), rig.calls_to("/listings/latest").len());
    assert_eq!(after.2 - before.2, 2, "{before:?} {after:?}");
    assert_eq!((after.0 - before.0, after.1 - before.1), (8, 0), "{before:?} {after:?}");
    // Its order is that of the listings, in both currencies.
    for currency in ["USD", "EUR"] {
        let page = format!("/v3/cryptocurrency/listings/latest?limit=500&convert={currency}");
        assert_eq!(rig.ask(&page).await.cache.name(), "full");
    }
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_charged_to_an_asker_is_not_the_page() {
    // Breaks if one client is billed for the whole market because it came first.
    let rig = about_to_be_swept().await;
    let n_pages = rig.calls_to("/listings/latest").len();
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!(rig.calls_to("/listings/latest").len(), n_pages + 1);
    assert_eq!(answer.charged.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_page_does_not_bring_is_bought_by_name_in_the_same_flight() {
    // Breaks if a coin that the map ranks, but the page has not, is an error.
    let rig = about_to_be_swept().await;
    let answers = rig.ask_all(["1", "701", "704"].into_iter().map(quotes)).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(!rig.calls_to("/listings/latest").is_empty());
    rig.settle().await;
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn who_asks_while_the_page_is_in_the_air_waits_for_it() {
    // Breaks if the first second of each minute costs a call for each coin.
    let rig = about_to_be_swept().await;
    let before = rig.upstream.n_calls();
    rig.upstream.block();
    let first = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    let others: Vec<_> = (2..400).map(|id| rig.asking(&quotes(&id.to_string()))).collect();
    rig.settle().await;
    rig.upstream.release_all();
    for asker in others.into_iter().chain([first]) {
        asker.await.unwrap().unwrap();
    }
    assert_eq!(rig.upstream.n_calls() - before, 1);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn without_pages_coins_are_bought_by_name() {
    // Breaks if a plan that has no listings gets no quotes either, or is asked again and again.
    let rig = Rig::warm().await;
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| {
        if call.path().ends_with("/listings/latest") {
            return Err(UpstreamError::new(UpstreamErrorKind::PlanGate, Charge::Nothing));
        }
        market.answer(call)
    });
    busy(&rig, 120).await;
    assert!((1..=3).contains(&rig.calls_to("/listings/latest").len()));
    rig.assert_idle().await;
}
