//! What a running facade tells by itself.

use cmc_api::{Call, ScriptedUpstream, UpstreamErrorKind, scripted};

use super::*;
use crate::{Cmcache, Config, Options};

const GLOBAL: &str = "/v1/global-metrics/quotes/latest";

fn answer(call: &Call) -> scripted::Scripted {
    match call.path() {
        "/v1/key/info" => Ok(scripted::reply(r#"{"plan":{"credit_limit_monthly":100}}"#, 0)),
        GLOBAL => Ok(scripted::reply(r#"{"btc_dominance":58.10}"#, 2)),
        other => Err(scripted::refusal(400, 400, other)),
    }
}

async fn start(config: Config, upstream: &ScriptedUpstream) -> Cmcache {
    let options = Options { upstream: Some(Arc::new(upstream.clone())), ..Options::default() };
    Cmcache::start(config, options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_and_its_charge_are_told_once_each_and_a_cached_answer_is_not() {
    // Whoever sums events up must get what the ledger has.
    let cmcache = start(Config::in_memory(), &ScriptedUpstream::answering(answer)).await;
    let mut ear = cmcache.events().subscribe().only([Kind::ApiCallMade, Kind::CreditConsumed]);
    for _ in 0..3 {
        cmcache.get(GLOBAL).await.unwrap();
    }
    let What::ApiCallMade { operation, outcome, credits, .. } = heard(&mut ear).await.what.clone()
    else {
        panic!("first the call");
    };
    assert_eq!((&*operation, outcome, credits), (GLOBAL, "ok", Some(2)));
    let What::CreditConsumed { operation, credits, assumed, .. } =
        heard(&mut ear).await.what.clone()
    else {
        panic!("then its charge");
    };
    assert_eq!((&*operation, credits, assumed), (GLOBAL, 2, false));
    cmcache.events().close();
    assert_eq!(ear.next().await, None, "the other two were free");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_goes_wrong_is_told_by_its_sort() {
    // A limit is not an error: other people have to act.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(Config::in_memory(), &upstream).await;
    let mut ear = cmcache.events().subscribe().only([Kind::RateLimitHit, Kind::ApiError]);
    upstream.answer_by(|_| Err(scripted::refusal(429, 1008, "slower")));
    cmcache.get(GLOBAL).await.unwrap_err();
    let told = heard(&mut ear).await;
    assert!(matches!(&told.what, What::RateLimitHit { limit: "minute", .. }), "{told:?}");
    upstream.answer_by(|_| Err(scripted::refusal(500, 500, "An internal server error")));
    cmcache.get("/v1/fiat/map").await.unwrap_err();
    let told = heard(&mut ear).await;
    let What::ApiError { error, code, .. } = &told.what else { panic!("{told:?}") };
    assert_eq!((*error, *code), (UpstreamErrorKind::ServerFault.name(), Some(500)));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_has_a_switch_and_the_guide_tells_no_calls() {
    // The five switches of the guide's own configuration.
    let set = |flags: &[&str]| {
        let flags: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
        Config::load(None, &[], &flags).unwrap().switches().0
    };
    for kind in Kind::ALL {
        let flag = format!("events.{kind}=false");
        assert!(set(&[]).has(*kind) && !set(&[&flag]).has(*kind), "{kind}");
        let guide = set(&["preset=guide"]);
        assert_eq!(guide.has(*kind), *kind != Kind::ApiCallMade, "{kind}");
    }
    assert!(set(&["preset=guide", "events.api_call_made=true"]).has(Kind::ApiCallMade));
    let wrong = Config::load(None, &[], &["events.api_cal_made=true".to_owned()]).unwrap_err();
    assert!(wrong.0.contains("`events.api_call_made`"), "{wrong}");
}
