use bytes::Bytes;

use super::*;
use crate::{
    Catalogue, Query,
    layers::testing::{ask, fails, failure, now_from, works},
    scripted::ScriptedUpstream,
};

const OPEN: Duration = Duration::from_secs(5);

fn config() -> BreakerConfig {
    BreakerConfig { failures_to_open: 3, open_for: OPEN, ..BreakerConfig::default() }
}

fn wrap(inner: &ScriptedUpstream) -> (Breaking<ScriptedUpstream>, Breakers) {
    let breakers = Breakers::new(config(), now_from(Duration::from_secs(60)));
    (breakers.clone().layer(inner.clone()), breakers)
}

async fn ask_often(upstream: &impl Upstream, n: usize) {
    for _ in 0..n {
        drop(ask(upstream).await);
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_stop_calls_to_that_endpoint_only() {
    // Breaks if a dead endpoint is hammered, or takes the living ones with it.
    let inner = fails(Kind::ServerFault);
    let (upstream, breakers) = wrap(&inner);
    ask_often(&upstream, 3).await;
    let error = ask(&upstream).await.unwrap_err();
    assert_eq!((error.kind, error.charge), (Kind::BreakerOpen, crate::Charge::Nothing));
    assert_eq!(error.retry_after, Some(OPEN));
    assert_eq!(inner.n_calls(), 3);
    assert_eq!(upstream.call(&Call::map()).await.unwrap_err().kind, Kind::ServerFault);
    let open: Vec<_> =
        breakers.states().into_iter().filter(|(_, state)| *state != State::Closed).collect();
    assert_eq!(open.len(), 1);
    assert_eq!(&*open[0].0, "/v1/key/info");
}

#[tokio::test(start_paused = true)]
async fn refusals_and_limits_do_not_open_it() {
    // Breaks if a plan gate or a bad query of one client closes the endpoint for all.
    let kinds = Kind::ALL.into_iter().filter(|kind| outcome_of(*kind) != Outcome::Failure);
    for kind in kinds {
        let inner = fails(kind);
        let (upstream, _) = wrap(&inner);
        ask_often(&upstream, 10).await;
        assert_eq!(inner.n_calls(), 10, "{kind:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_probe_at_a_time_finds_out() {
    // Breaks if all who wait rush in when the open time is over.
    let inner = fails(Kind::Connect);
    let (upstream, _) = wrap(&inner);
    ask_often(&upstream, 3).await;
    tokio::time::sleep(OPEN).await;
    inner.answer_by(|_| Ok(crate::scripted::reply("1", 0)));
    inner.block();
    let rush = async { tokio::join!(ask(&upstream), ask(&upstream), ask(&upstream)) };
    let release = async {
        inner.until_running(1).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        inner.release_all();
    };
    let ((probe, one, other), ()) = tokio::join!(rush, release);
    assert!(probe.is_ok());
    assert_eq!(one.unwrap_err().kind, Kind::BreakerOpen);
    assert_eq!(other.unwrap_err().kind, Kind::BreakerOpen);
    assert!(ask(&upstream).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_dropped_probe_gives_its_place_back() {
    // Breaks if an asker that leaves keeps the endpoint closed until the probe times out.
    let inner = fails(Kind::Connect);
    let (upstream, _) = wrap(&inner);
    ask_often(&upstream, 3).await;
    tokio::time::sleep(OPEN).await;
    inner.block();
    assert!(tokio::time::timeout(Duration::from_secs(1), ask(&upstream)).await.is_err());
    inner.release_all();
    assert_eq!(ask(&upstream).await.unwrap_err().kind, Kind::Connect);
}

#[tokio::test(start_paused = true)]
async fn a_time_named_by_the_server_is_obeyed() {
    // Breaks if a server that asks for peace gets more calls at once.
    let inner = works();
    let later = Duration::from_secs(60);
    inner.push(Err(failure(Kind::ServerFault).with_retry_after(Some(later))));
    let (upstream, _) = wrap(&inner);
    ask_often(&upstream, 1).await;
    assert_eq!(ask(&upstream).await.unwrap_err().retry_after, Some(later));
    tokio::time::sleep(later).await;
    assert!(ask(&upstream).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn operations_that_nobody_lists_have_no_breaker() {
    // Breaks if mistyped paths of one client fill the board, or block another's.
    let inner = fails(Kind::ServerFault);
    let (upstream, breakers) = wrap(&inner);
    let catalogue = Catalogue::embedded();
    let query = Query::parse(&catalogue, "GET", "/v9/nothing", "a=1", Bytes::new()).unwrap();
    let call = Call::whole(&query).unwrap();
    for _ in 0..10 {
        assert_eq!(upstream.call(&call).await.unwrap_err().kind, Kind::ServerFault);
    }
    assert!(breakers.states().is_empty());
}
