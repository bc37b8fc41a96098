use std::time::Duration;

use super::*;

#[tokio::test(start_paused = true)]
async fn blocked_calls_are_counted_and_go_when_released() {
    // Breaks if tests of coalescing cannot hold a call open.
    let upstream = ScriptedUpstream::answering(|_| Ok(reply("[1.50]", 2)));
    upstream.block();
    let call = Call::key_info();
    let ask = async { tokio::join!(upstream.call(&call), upstream.call(&call)) };
    let watch = async {
        upstream.until_running(2).await;
        upstream.release(1);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(upstream.running(), Running { now: 1, max: 2, dropped: 0 });
        upstream.release_all();
    };
    let ((one, other), ()) = tokio::join!(ask, watch);
    assert_eq!(one.unwrap().data, "[1.50]");
    assert_eq!(other.unwrap().status.credit_count, Credits::new(2));
    assert_eq!(upstream.calls(), [call.clone(), call]);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_is_counted() {
    // Breaks if tests cannot see that a flight died with its asker.
    let upstream = ScriptedUpstream::new();
    upstream.block();
    let call = Call::key_info();
    let late = tokio::time::timeout(Duration::from_secs(1), upstream.call(&call)).await;
    assert!(late.is_err());
    assert_eq!(upstream.running(), Running { now: 0, max: 1, dropped: 1 });
}

#[tokio::test]
async fn the_queue_comes_before_the_closure() {
    // Breaks if "fail once, then work" cannot be written down.
    let upstream = ScriptedUpstream::answering(|_| Ok(reply("1", 0)));
    upstream.push(Err(refusal(429, 1008, "Slow down.")));
    let call = Call::map();
    let error = upstream.call(&call).await.unwrap_err();
    assert_eq!(error.kind, UpstreamErrorKind::MinuteLimit);
    assert!(upstream.call(&call).await.is_ok());
    upstream.answer_by(|_| Err(UpstreamError::unsent(UpstreamErrorKind::Connect)));
    assert!(upstream.call(&call).await.is_err());
    assert_eq!(upstream.n_calls(), 3);
}
