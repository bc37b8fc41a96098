//! Every credit is held before it leaves and booked after.

use std::{sync::Arc, time::Duration};

use cmc_api::{
    ApiError, Call, Charge, ScriptedUpstream, Upstream, UpstreamError, UpstreamErrorKind,
    scripted::{self, Scripted},
};
use credits::{Account, Budget, Credits};
use tokio::sync::OnceCell;

use super::{
    market::ids,
    rig::{Rig, Wishes, query, quote, quotes},
};
use crate::{AnswerError, FlightError, Terms};

fn budget(month: u64) -> Budget {
    Budget { month: Some(Credits::new(month)), ..Budget::UNLIMITED }
}

/// Looks at the account whenever a call goes out.
#[derive(Debug)]
struct Auditor {
    inner: ScriptedUpstream,
    account: OnceCell<Account>,
}

static AUDITED: std::sync::Mutex<Option<Arc<Auditor>>> = std::sync::Mutex::new(None);

#[async_trait::async_trait]
impl Upstream for Auditor {
    async fn call(&self, call: &Call) -> Scripted {
        if let Some(account) = self.account.get() {
            let usage = account.usage().await.unwrap();
            assert_eq!(usage.n_open, 1, "the call has a reservation");
            assert!(usage.reserved >= Credits::new(call.n_items().div_ceil(250)));
        }
        self.inner.call(call).await
    }
}

#[tokio::test(start_paused = true)]
async fn every_call_has_a_reservation_before_and_an_end_after() {
    // Breaks if credits leave the house unseen.
    let around = |inner| -> Arc<dyn Upstream> {
        let auditor = Arc::new(Auditor { inner, account: OnceCell::new() });
        *AUDITED.lock().unwrap() = Some(Arc::clone(&auditor));
        auditor
    };
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    let auditor = AUDITED.lock().unwrap().take().unwrap();
    auditor.account.set(rig.account.clone()).unwrap();
    rig.ask(&quotes("1")).await;
    rig.ask("/v3/cryptocurrency/listings/latest?limit=300").await;
    rig.ask("/v2/cryptocurrency/info?id=1").await;
    rig.ask("/v1/global-metrics/quotes/latest").await;
    assert_eq!(rig.postings().len(), rig.upstream.n_calls());
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn the_bill_is_what_upstream_charged() {
    // Breaks if the price is booked where the charge is known, or a free call is dear.
    let rig = Rig::warm().await;
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| {
        let mut reply = market.answer(call)?;
        if ids(call, "id").contains(&600) {
            reply.charge = Charge::Exactly(Credits::new(7));
        }
        Ok(reply)
    });
    assert_eq!(rig.ask(&quotes("600")).await.charged.get(), 7);
    assert_eq!(rig.ask(&quotes("500")).await.charged.get(), 1);
    rig.ask("/v3/cryptocurrency/listings/latest?limit=300&convert=USD,EUR").await;
    let mut booked: Vec<_> = rig.postings().iter().map(|posting| posting.charged.get()).collect();
    booked.sort_unstable();
    assert_eq!(booked, [0, 1, 3, 7]);
    assert!(rig.postings().iter().all(|posting| !posting.assumed));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_is_booked_at_the_price() {
    // Breaks if a lost reply looks free: the budget would err on the wrong side.
    let rig = Rig::warm().await;
    rig.upstream.push(Err(UpstreamError::new(UpstreamErrorKind::TimedOut, Charge::Unknown)));
    assert!(rig.try_ask(&quotes("1")).await.is_err());
    let last = rig.quote_postings().remove(0);
    assert_eq!((last.charged.get(), last.assumed, &*last.outcome), (1, true, "timed_out"));
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_does_not_tell_its_charge_is_booked_at_the_price() {
    // The same for an answer without credit_count.
    let rig = Rig::warm().await;
    let mut silent = scripted::reply("[]", 0);
    silent.charge = Charge::Unknown;
    rig.upstream.push(Ok(silent));
    assert_eq!(rig.ask(&quotes("1")).await.charged.get(), 1);
    let last = rig.quote_postings().remove(0);
    assert_eq!((last.charged.get(), last.assumed, &*last.outcome), (1, true, "ok"));
}

#[tokio::test(start_paused = true)]
async fn what_was_never_sent_costs_nothing() {
    // Breaks if refusals and dead connections eat the budget.
    let rig = Rig::warm().await;
    rig.upstream.push(Err(UpstreamError::unsent(UpstreamErrorKind::Connect)));
    assert!(rig.try_ask(&quotes("1")).await.is_err());
    assert_eq!(rig.charged(), 0);
    assert_eq!(rig.account.usage().await.unwrap().reserved, Credits::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_spent_budget_denies_what_costs_and_serves_what_is_cached() {
    // Breaks if an empty purse takes the cache with it.
    let rig = Rig::with(Wishes { budget: budget(1), ..Wishes::default() });
    rig.ask(&quotes("1")).await;
    let error = rig.try_ask(&quotes("600")).await.unwrap_err();
    assert!(matches!(error, AnswerError::Failed(FlightError::Denied(_))), "{error}");
    assert!(error.retry_after(rig.now()).unwrap() > Duration::from_secs(3_600));
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    assert_eq!(rig.ask("/v1/cryptocurrency/map?limit=5").await.cache.name(), "full");
    rig.advance(61);
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "stale");
    assert_eq!(rig.charged(), 1);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_sets_a_maximum_is_not_charged_more() {
    // Breaks if X-Cmcache-Max-Credits is only advice.
    let rig = Rig::warm().await;
    let terms = Terms { max_credits: Some(Credits::new(1)), ..Terms::default() };
    let many: Vec<_> = (1..=251).map(|id| id.to_string()).collect();
    let error = rig.ask_on(&quotes(&many.join(",")), terms.clone()).await.unwrap_err();
    assert!(matches!(error, AnswerError::TooDear { price, .. } if price.get() == 2), "{error}");
    assert_eq!(rig.n_quote_calls(), 0);
    assert_eq!(rig.ask_on(&quotes("1"), terms).await.unwrap().charged.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bad_key_is_found_by_halving_and_left_out_from_then_on() {
    // Breaks if one bad key costs 249 others their answer, or poisons the next batch as well.
    let rig = Rig::warm().await;
    rig.market.poison(77);
    let answers = rig.ask_all((1..=250).map(|id| quotes(&id.to_string()))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 1);
    let n_calls = rig.n_quote_calls();
    assert!(n_calls <= 1 + 2 * 8, "{n_calls}");
    assert_eq!(rig.charged(), (n_calls - n_poisoned(&rig)) as u64);
    rig.engine.invalidate(&[quote(1)]).await;
    let again = rig.ask_all(["1", "77", "600"].map(quotes).into_iter()).await;
    assert_eq!(again.iter().filter(|answer| answer.is_err()).count(), 1, "77 is still refused");
    assert_eq!(rig.n_quote_calls(), n_calls + 1, "and costs nobody a call");
    assert!(!ids(rig.calls_to("/quotes/latest").last().unwrap(), "id").contains(&77));
    rig.assert_idle().await;
}

fn n_poisoned(rig: &Rig) -> usize {
    rig.calls_to("/quotes/latest").iter().filter(|call| ids(call, "id").contains(&77)).count()
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_everything_does_not_split_into_hundreds_of_calls() {
    // Breaks if halving has no bound: the keys are not to blame for a changed API.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| {
        let answer = ApiError { http_status: 400, code: 400, message: "\"aux\" is bad".into() };
        let error = UpstreamError::new(UpstreamErrorKind::Refused, Charge::Nothing);
        Err(error.with_answer(answer))
    });
    let answers = rig.ask_all((1..=250).map(|id| quotes(&id.to_string()))).await;
    assert!(answers.iter().all(Result::is_err));
    assert!(rig.n_quote_calls() <= 25, "{}", rig.n_quote_calls());
    assert_eq!(rig.charged(), 0);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn an_estimate_is_what_is_then_charged() {
    // Breaks if `price` and the walk part ways.
    let rig = Rig::warm().await;
    for target in [
        quotes("1,2,600"),
        quotes("1,2,600"),
        "/v2/cryptocurrency/info?id=5".to_owned(),
        format!("{}&convert=EUR", quotes("1")),
        "/v1/global-metrics/quotes/latest".to_owned(),
    ] {
        let estimate = rig.engine.estimate(&query(&target)).await.unwrap();
        let answer = rig.ask(&target).await;
        assert_eq!(estimate.with_cache, answer.charged, "{target}");
        assert!(estimate.without_cache >= Credits::new(1));
    }
}
