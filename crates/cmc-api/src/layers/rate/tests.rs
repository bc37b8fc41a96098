use futures_util::future::join_all;

use super::*;
use crate::{
    layers::testing::{ask, failure, now_from, works},
    scripted::ScriptedUpstream,
};

const SKEW: Duration = Duration::from_millis(500);

/// Wraps at 20 seconds past a full minute.
fn wrap(
    inner: &ScriptedUpstream,
    per_minute: u32,
    wait_max: u64,
) -> (RateLimited<ScriptedUpstream>, RateLimit, Now) {
    let now = now_from(Duration::from_secs(80));
    let wait_max = Duration::from_secs(wait_max);
    let limit = RateLimit::new(RateConfig { per_minute, wait_max, skew: SKEW }, Arc::clone(&now));
    (limit.clone().layer(inner.clone()), limit, now)
}

#[tokio::test(start_paused = true)]
async fn a_full_minute_is_waited_out() {
    // Breaks if the API has to refuse what we could have counted.
    let inner = works();
    let (upstream, limit, now) = wrap(&inner, 2, 60);
    for _ in 0..2 {
        assert_eq!(ask(&upstream).await.unwrap().timing.queue, Duration::ZERO);
    }
    assert_eq!(limit.left(), 0);
    let reply = ask(&upstream).await.unwrap();
    assert_eq!(reply.timing.queue, Duration::from_secs(40) + SKEW);
    assert_eq!(now(), Duration::from_secs(120) + SKEW);
    assert_eq!(limit.left(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_refused_at_once() {
    // Breaks if clients hang for most of a minute, or are not told when to come back.
    let inner = works();
    let (upstream, _, now) = wrap(&inner, 1, 10);
    assert!(ask(&upstream).await.is_ok());
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!((error.kind, error.attempts), (UpstreamErrorKind::Throttled, 0));
    assert_eq!(error.retry_after, Some(Duration::from_secs(40) + SKEW));
    assert_eq!((inner.n_calls(), now().as_secs()), (1, 80));
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_count_against_the_minutes_to_come() {
    // Breaks if any number of calls queues up for a minute that holds only two of them.
    let inner = works();
    let (upstream, _, now) = wrap(&inner, 2, 110);
    let asks = (0..7).map(|_| ask(&upstream));
    let results = join_all(asks).await;
    // Two now, two at 120 s, two at 180 s; the seventh would wait until 240 s.
    let n_served = results.iter().filter(|result| result.is_ok()).count();
    assert_eq!((n_served, inner.n_calls()), (6, 6));
    assert_eq!(now().as_secs(), 180);
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_the_api_enforces_is_believed() {
    // Breaks if others who share the key make us run into refusal after refusal.
    let inner = works();
    inner.push(Err(failure(UpstreamErrorKind::MinuteLimit)));
    let (upstream, limit, _) = wrap(&inner, 50, 0);
    assert!(ask(&upstream).await.is_err());
    assert_eq!(limit.left(), 0);
    assert_eq!(ask(&upstream).await.unwrap_err().kind, UpstreamErrorKind::Throttled);
}

#[tokio::test(start_paused = true)]
async fn a_late_refusal_does_not_close_the_new_minute() {
    // Breaks if a slow 1008 costs us a whole minute that the API would grant.
    let inner = ScriptedUpstream::answering(|_| Err(failure(UpstreamErrorKind::MinuteLimit)));
    let (upstream, limit, _) = wrap(&inner, 50, 0);
    inner.block();
    let release = async {
        tokio::time::sleep(Duration::from_secs(41)).await;
        inner.release_all();
    };
    let (result, ()) = tokio::join!(ask(&upstream), release);
    assert!(result.is_err());
    assert_eq!(limit.left(), 50);
}

#[tokio::test(start_paused = true)]
async fn the_limit_can_be_learned_later() {
    // Breaks if a plan that is read from the API changes nothing.
    let (upstream, limit, _) = wrap(&works(), 0, 3_600);
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!((error.kind, error.retry_after), (UpstreamErrorKind::Throttled, None));
    limit.set_limit(3);
    limit.observe(2);
    assert_eq!(limit.left(), 1);
    assert!(ask(&upstream).await.is_ok());
}
