use std::sync::Arc;

use cmc_api::{ScriptedUpstream, client::ClientError, scripted};

use crate::{Cmcache, Config, Options};

async fn cmcache(upstream: ScriptedUpstream) -> Cmcache {
    let options = Options { upstream: Some(Arc::new(upstream)), ..Options::default() };
    Cmcache::start(Config::in_memory(), options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_call_is_paid_once_and_then_comes_from_the_cache() {
    // Breaks if the typed client goes around the cache.
    let upstream = ScriptedUpstream::answering(|_| {
        Ok(scripted::reply(r#"{"value":54,"value_classification":"Neutral"}"#, 1))
    });
    let cmcache = cmcache(upstream.clone()).await;
    let client = cmcache.client();
    let paid = client.fear_and_greed_latest().send().await.unwrap();
    let cached = client.fear_and_greed_latest().send().await.unwrap();
    assert_eq!(paid.status.credit_count.get(), 1);
    assert_eq!(cached.status.credit_count.get(), 0);
    assert_eq!(cached.raw, paid.raw);
    let asked = upstream.calls().iter().filter(|call| call.path().contains("fear")).count();
    assert_eq!(asked, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_cache_refuses_is_told_in_the_apis_words() {
    // A typed program branches on kinds, as it does without a cache.
    let upstream = ScriptedUpstream::answering(|_| Ok(scripted::reply("[]", 1)));
    let mut config = Config::in_memory();
    config.budget.month = Some(0);
    let options = Options { upstream: Some(Arc::new(upstream)), ..Options::default() };
    let cmcache = Cmcache::start(config, options).await.unwrap();
    let error = cmcache.client().fear_and_greed_latest().send().await.unwrap_err();
    let ClientError::Upstream(error) = error else { panic!("{error:?}") };
    assert_eq!(error.kind, cmc_api::UpstreamErrorKind::MonthlyLimit);
}
