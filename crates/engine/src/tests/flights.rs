//! The questions that every single-flight must answer.

use std::{sync::Arc, time::Duration};

use cmc_api::{Call, ScriptedUpstream, Upstream, UpstreamError, UpstreamErrorKind};
use futures_util::poll;

use super::rig::{Answered, Rig, Wishes, quote, quotes, read_at, soon};
use crate::{AnswerError, FlightError, Terms};

fn is_lost(answered: &Answered) -> bool {
    matches!(answered, Err(AnswerError::Failed(FlightError::Lost)))
}

#[tokio::test(start_paused = true)]
async fn a_parked_leader_does_not_hold_up_the_others() {
    // Breaks if the load lives in the first asker's future, which may never be polled again.
    let rig = Rig::warm().await;
    let asked = super::rig::query(&quotes("1"));
    let terms = Terms::default();
    let mut parked = Box::pin(rig.engine.answer(&asked, &terms));
    assert!(poll!(&mut parked).is_pending());
    assert!(poll!(&mut parked).is_pending());
    soon(rig.ask(&quotes("1"))).await;
    assert_eq!(rig.n_quote_calls(), 1);
    soon(parked).await.unwrap();
    assert_eq!(rig.n_quote_calls(), 1);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn impatient_askers_leave_a_full_cache_behind() {
    // Breaks if a load ends with the patience of who asked: it would be paid for again and again.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let terms = Terms { patience: Some(Duration::from_millis(100)), ..Terms::default() };
    for _ in 0..5 {
        let error = rig.ask_on(&quotes("1"), terms.clone()).await.unwrap_err();
        assert!(matches!(error, AnswerError::Failed(FlightError::Deadline)), "{error}");
    }
    rig.upstream.release_all();
    rig.settle().await;
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    assert_eq!(rig.n_quote_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn fifty_waiters_survive_their_leader() {
    // Breaks if an aborted leader takes the load with it, or makes the others load again.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let leader = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    let waiters: Vec<_> = (0..50).map(|_| rig.asking(&quotes("1"))).collect();
    rig.settle().await;
    leader.abort();
    assert!(leader.await.unwrap_err().is_cancelled());
    rig.upstream.release_all();
    for waiter in waiters {
        soon(waiter).await.unwrap().unwrap();
    }
    assert_eq!(rig.n_quote_calls(), 1);
    assert_eq!(rig.upstream.running().dropped, 0);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn who_asked_before_an_invalidation_gets_the_value_but_nobody_keeps_it() {
    // Breaks if a late value brings back what was just declared wrong, in any tier.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let waiter = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    rig.engine.invalidate(&[quote(1)]).await;
    rig.upstream.release_all();
    soon(waiter).await.unwrap().unwrap();
    rig.settle().await;
    assert!(rig.engine.peek(&quotes("1")).is_none(), "kept in memory");
    assert_eq!(rig.stack.look(&[quote(1).key("")], rig.now()).await, [None], "kept below");
    // Its neighbours on the same call were not invalidated: they are kept.
    assert!(rig.stack.look(&[quote(2).key("")], rig.now()).await[0].is_some());
    rig.advance(1);
    let answer = rig.ask(&quotes("1")).await;
    assert_eq!((rig.n_quote_calls(), answer.cache.name()), (2, "cold"));
}

#[tokio::test(start_paused = true)]
async fn invalidating_while_boarding_loses_nobody() {
    // Breaks if the second boarder of one key overwrites the first, who then waits for nothing.
    let rig = Rig::warm().await;
    rig.busy().await;
    let before = rig.asking(&quotes("1"));
    tokio::time::sleep(Duration::from_millis(2)).await;
    rig.engine.invalidate(&[quote(1)]).await;
    let after = rig.asking(&quotes("1"));
    assert!(soon(before).await.unwrap().is_ok());
    assert!(soon(after).await.unwrap().is_ok());
    assert_eq!(rig.n_quote_calls(), 1, "one call can serve both: it began after both");
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_answer_and_the_next_asker_is_served() {
    // Breaks if waiters of a dead task hang, or if the key stays blocked for ever.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| panic!("the loader dies"));
    let answers = soon(rig.ask_all((0..5).map(|_| quotes("1")))).await;
    assert!(answers.iter().all(is_lost), "{answers:?}");
    assert_eq!(rig.n_quote_calls(), 1);
    assert!(rig.quote_postings()[0].assumed, "nobody knows what it cost: it is booked as spent");
    rig.assert_idle().await;
    let market = rig.market.clone();
    rig.upstream.answer_by(move |call| market.answer(call));
    soon(rig.ask(&quotes("1"))).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_departs_if_everybody_left_while_boarding() {
    // Breaks if a call is paid for that nobody wants.
    let rig = Rig::warm().await;
    rig.busy().await;
    let askers: Vec<_> = (0..5).map(|_| rig.asking(&quotes("1,2"))).collect();
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(rig.engine.size().flights, 2);
    askers.iter().for_each(tokio::task::JoinHandle::abort);
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 0);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn nothing_departs_for_who_left_after_an_invalidation() {
    // Breaks if a detached flight counts as wanted: its interest is no longer in the table.
    let rig = Rig::warm().await;
    rig.busy().await;
    let asker = rig.asking(&quotes("1"));
    tokio::time::sleep(Duration::from_millis(2)).await;
    rig.engine.invalidate(&[quote(1)]).await;
    asker.abort();
    rig.settle().await;
    assert_eq!(rig.n_quote_calls(), 0);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn what_departed_is_harvested_though_everybody_left() {
    // Breaks if a paid reply is thrown away.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let asker = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    asker.abort();
    rig.settle().await;
    rig.upstream.release_all();
    rig.settle().await;
    assert_eq!(rig.ask(&quotes("1")).await.cache.name(), "full");
    assert_eq!(rig.n_quote_calls(), 1);
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_after_an_invalidation_starts_a_load_of_his_own_at_once() {
    // Breaks if the newcomer joins the old flight, or waits for it to end.
    let rig = Rig::warm().await;
    rig.upstream.block();
    let old = rig.asking(&quotes("1"));
    rig.upstream.until_running(1).await;
    rig.advance(5);
    let invalidated = rig.now();
    rig.engine.invalidate(&[quote(1)]).await;
    let new = rig.asking(&quotes("1"));
    soon(rig.upstream.until_running(2)).await;
    rig.upstream.release(2);
    soon(old).await.unwrap().unwrap();
    let new = soon(new).await.unwrap().unwrap();
    assert!(read_at(&new)[0] >= invalidated);
    rig.settle().await;
    assert_eq!(rig.ask(&quotes("1")).await.etag, new.etag, "the new value is the one that stays");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn a_failing_key_costs_its_readers_one_call_and_the_gate_holds() {
    // Breaks if every reader of a failing key goes upstream, or the next one right after.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| Err(UpstreamError::unsent(UpstreamErrorKind::ServerFault)));
    let answers = soon(rig.ask_all((0..20).map(|_| quotes("1")))).await;
    assert!(answers.iter().all(Result::is_err));
    assert_eq!(rig.n_quote_calls(), 1);
    let error = rig.try_ask(&quotes("2")).await.unwrap_err();
    assert!(matches!(error, AnswerError::Failed(FlightError::Paused { .. })), "{error}");
    assert!(error.retry_after(rig.now()).unwrap() <= Duration::from_secs(1));
    assert_eq!(rig.n_quote_calls(), 1);
    rig.assert_idle().await;
}

#[derive(Debug)]
struct NeverAnswers(ScriptedUpstream);

#[async_trait::async_trait]
impl Upstream for NeverAnswers {
    async fn call(&self, call: &Call) -> cmc_api::scripted::Scripted {
        if call.path().ends_with("/map") {
            self.0.call(call).await
        } else {
            std::future::pending().await
        }
    }
}

#[tokio::test(start_paused = true)]
async fn patience_ends_even_if_upstream_never_answers() {
    // Breaks if an asker's deadline depends on upstream's.
    let around = |upstream| -> Arc<dyn Upstream> { Arc::new(NeverAnswers(upstream)) };
    let rig = Rig::with(Wishes { around: Some(around), ..Wishes::default() });
    let error = soon(rig.try_ask(&quotes("1"))).await.unwrap_err();
    assert!(matches!(error, AnswerError::Failed(FlightError::Deadline)), "{error}");
}
