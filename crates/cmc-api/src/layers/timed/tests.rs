use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshot};

use super::*;
use crate::{
    error::UpstreamErrorKind,
    layers::testing::{ask, failure, now_from, works},
    metrics::{CALL_SECONDS, CALLS_IN_FLIGHT, CREDITS_TOTAL},
    scripted::ScriptedUpstream,
};

/// Runs `play` on a paused clock, and hands back what was measured.
fn measured<F: Future<Output = ()>>(play: impl FnOnce(ScriptedUpstream) -> F) -> Snapshot {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    ::metrics::with_local_recorder(&recorder, || runtime.block_on(play(works())));
    snapshotter.snapshot()
}

fn values(snapshot: Snapshot, name: &str) -> Vec<(String, DebugValue)> {
    let entries = snapshot.into_vec().into_iter();
    entries
        .filter(|(key, ..)| key.key().name() == name)
        .map(|(key, _, _, value)| {
            let labels = key.key().labels().map(|label| label.value().to_owned());
            (labels.collect::<Vec<_>>().join(" "), value)
        })
        .collect()
}

fn timed(inner: ScriptedUpstream) -> TimedUpstream<ScriptedUpstream> {
    Timed::new(now_from(Duration::ZERO)).layer(inner)
}

async fn ask_thrice(inner: ScriptedUpstream) {
    let upstream = timed(inner.clone());
    assert!(ask(&upstream).await.is_ok());
    inner.push(Err(failure(UpstreamErrorKind::PlanGate)));
    assert!(ask(&upstream).await.is_err());
    inner.block();
    assert!(tokio::time::timeout(Duration::from_secs(2), ask(&upstream)).await.is_err());
}

#[test]
fn every_call_is_measured_by_outcome_dropped_ones_too() {
    // Breaks if calls of askers that left are missing from the picture.
    let seconds = values(measured(ask_thrice), CALL_SECONDS);
    let labels: std::collections::BTreeSet<_> = seconds.iter().map(|(l, _)| l.as_str()).collect();
    let expected = ["/v1/key/info dropped", "/v1/key/info ok", "/v1/key/info plan_gate"];
    assert_eq!(labels, expected.into());
    let dropped = seconds.iter().find(|(label, _)| label.ends_with("dropped")).unwrap();
    assert_eq!(dropped.1, DebugValue::Histogram(vec![2.0.into()]));
}

#[test]
fn credits_are_counted_and_nothing_stays_in_flight() {
    // Breaks if the gauge drifts, or if the bill cannot be seen.
    let credits = values(measured(ask_thrice), CREDITS_TOTAL);
    assert_eq!(credits, [("/v1/key/info".to_owned(), DebugValue::Counter(1))]);
    let in_flight = values(measured(ask_thrice), CALLS_IN_FLIGHT);
    assert_eq!(in_flight, [("/v1/key/info".to_owned(), DebugValue::Gauge(0.0.into()))]);
}
