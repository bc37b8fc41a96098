use std::sync::Arc;

use resilience::Jitter;

use super::{UpstreamErrorKind as Kind, *};
use crate::{
    layers::testing::{ask, fails, failure, now_from, works},
    scripted::{self, ScriptedUpstream},
};

fn config() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig { jitter: Jitter::None, ..BackoffConfig::default() },
        deadline: Duration::from_secs(100),
        ..RetryConfig::default()
    }
}

/// Wraps at 20 seconds past a full minute.
fn wrap(config: RetryConfig, inner: &ScriptedUpstream) -> (Retrying<ScriptedUpstream>, Now) {
    let now = now_from(Duration::from_secs(80));
    (Retry::new(config, Arc::clone(&now)).with_seed(1).layer(inner.clone()), now)
}

#[tokio::test(start_paused = true)]
async fn an_uncharged_failure_is_tried_again_after_a_pause() {
    // Breaks if a short outage reaches clients.
    let inner = works();
    inner.push(Err(failure(Kind::ServerFault)));
    inner.push(Err(failure(Kind::Connect)));
    let (upstream, now) = wrap(config(), &inner);
    let reply = ask(&upstream).await.unwrap();
    assert_eq!(reply.timing.attempts, 3);
    // 500 ms, then 1 s.
    assert_eq!(now().as_millis(), 81_500);
}

#[tokio::test(start_paused = true)]
async fn attempts_are_bounded_and_the_last_error_counts_them() {
    // Breaks if an outage is hammered, or if nobody can see that it was tried.
    let inner = fails(Kind::ServerFault);
    let (upstream, now) = wrap(config(), &inner);
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!((error.kind, error.attempts, inner.n_calls()), (Kind::ServerFault, 3, 3));
    // No pause after the last attempt.
    assert_eq!(now().as_millis(), 81_500);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_been_charged_is_not_repeated() {
    // Breaks if one reservation pays for two calls.
    for charge in [Charge::Unknown, Charge::Exactly(credits::Credits::new(1))] {
        let inner = works();
        inner.push(Err(UpstreamError::new(Kind::TimedOut, charge)));
        let (upstream, _) = wrap(config(), &inner);
        assert_eq!(ask(&upstream).await.unwrap_err().charge, charge);
        assert_eq!(inner.n_calls(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_succeed_is_not_repeated() {
    // Breaks if requests of the minute are spent on refusals.
    for kind in Kind::ALL.into_iter().filter(|kind| !kind.is_retryable()) {
        let inner = fails(kind);
        let (upstream, _) = wrap(config(), &inner);
        assert_eq!(ask(&upstream).await.unwrap_err().kind, kind);
        assert_eq!(inner.n_calls(), 1, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_minute_limit_is_waited_out_to_the_next_full_minute() {
    // Breaks if a call comes back within the same minute, to be refused again.
    let inner = works();
    inner.push(Err(scripted::refusal(429, 1008, "Slow down.")));
    let (upstream, now) = wrap(config(), &inner);
    assert!(ask(&upstream).await.is_ok());
    assert_eq!(now().as_secs(), 120);
}

#[tokio::test(start_paused = true)]
async fn waits_beyond_the_deadline_are_not_begun_and_the_caller_learns_how_long() {
    // Breaks if a client waits for a minute, or is not told when to come back.
    let inner = works();
    inner.push(Err(failure(Kind::MinuteLimit)));
    let deadline = Duration::from_secs(39);
    let (upstream, now) = wrap(RetryConfig { deadline, ..config() }, &inner);
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(40)));
    assert_eq!(now().as_secs(), 80);
}

#[tokio::test(start_paused = true)]
async fn a_hint_of_the_server_is_a_floor_and_jitter_comes_on_top() {
    // Breaks if Retry-After is ignored, or if all come back at the same instant.
    let inner = works();
    inner.push(Err(failure(Kind::ServerFault).with_retry_after(Some(Duration::from_secs(7)))));
    let (upstream, now) =
        wrap(RetryConfig { backoff: BackoffConfig::default(), ..config() }, &inner);
    assert!(ask(&upstream).await.is_ok());
    let waited = now() - Duration::from_secs(80);
    assert!(waited > Duration::from_secs(7) && waited <= Duration::from_millis(7_501));
}

#[tokio::test(start_paused = true)]
async fn an_address_limit_is_left_alone_for_long() {
    // Breaks if we come back at once to somebody who just blocked us.
    let inner = works();
    inner.push(Err(failure(Kind::IpLimit)));
    let (upstream, now) = wrap(config(), &inner);
    assert!(ask(&upstream).await.is_ok());
    assert_eq!(now().as_secs(), 110);
}

#[tokio::test(start_paused = true)]
async fn retries_of_all_calls_share_a_budget() {
    // Breaks if retries triple the load of an outage.
    let inner = fails(Kind::Connect);
    let budget = RetryBudgetConfig { floor: 1, share: 0.0, window: Duration::from_secs(3_600) };
    let (upstream, _) = wrap(RetryConfig { budget, ..config() }, &inner);
    for _ in 0..10 {
        assert!(ask(&upstream).await.is_err());
    }
    assert_eq!(inner.n_calls(), 11);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_api_is_not_hidden_by_our_own_refusal() {
    // Breaks if clients read "breaker open" where the API said what is wrong.
    let inner = works();
    inner.push(Err(scripted::refusal(500, 500, "An internal server error occurred")));
    let later = Some(Duration::from_secs(5));
    inner.push(Err(UpstreamError::unsent(Kind::BreakerOpen).with_retry_after(later)));
    let (upstream, _) = wrap(config(), &inner);
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (Kind::ServerFault, 1));
    assert_eq!(error.retry_after, later);
    assert_eq!(error.answer.unwrap().code, 500);
}
