use std::sync::Arc;

use cmc_api::{Call, ScriptedUpstream, scripted};

use super::*;
use crate::{Config, Options};

/// A plan of 100 credits of which 7 are used, two coins, and their quotes.
fn answer(call: &Call) -> scripted::Scripted {
    let row = |id: u32| {
        format!(
            "{{\"id\":{id},\"rank\":{id},\"name\":\"C{id}\",\"symbol\":\"C{id}\",\
             \"slug\":\"c{id}\",\"is_active\":1,\"status\":\"active\"}}"
        )
    };
    let coin = |id: u32| {
        format!("{{\"id\":{id},\"quote\":[{{\"id\":2781,\"symbol\":\"USD\",\"price\":{id}.0}}]}}")
    };
    match call.path() {
        "/v1/key/info" => Ok(scripted::reply(
            r#"{"plan":{"credit_limit_monthly":100,"rate_limit_minute":30},
                "usage":{"current_month":{"credits_used":7}}}"#,
            0,
        )),
        "/v1/cryptocurrency/map" => Ok(scripted::reply(&format!("[{},{}]", row(1), row(2)), 0)),
        "/v3/cryptocurrency/quotes/latest" => {
            Ok(scripted::reply(&format!("[{},{}]", coin(1), coin(2)), 1))
        }
        other => Err(scripted::refusal(400, 400, other)),
    }
}

async fn start(upstream: &ScriptedUpstream, config: Config) -> Cmcache {
    let options = Options { upstream: Some(Arc::new(upstream.clone())), ..Options::default() };
    Cmcache::start(config, options).await.unwrap()
}

fn order(share: f64) -> WarmOrder {
    WarmOrder { choice: Choice::Ranked(2), converts: vec!["USD".to_owned()], share }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warming_takes_no_more_than_its_share_of_what_is_left() {
    // Breaks if warming spends what is kept for those who ask.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream, Config::in_memory()).await;
    assert_eq!(cmcache.price_of_warming(&order(1.0)).await.unwrap().get(), 1);
    // 93 are left: a hundredth of them is less than the one credit that it takes.
    let poor = cmcache.warm(&order(0.01)).await.unwrap();
    assert_eq!((poor.state, poor.chosen, poor.left, poor.credits), ("done", 2, 2, 0));
    let warmed = cmcache.warm(&order(0.1)).await.unwrap();
    assert_eq!((warmed.fetched, warmed.left, warmed.credits), (2, 0, 1));
    assert_eq!(cmcache.warming(), Some(warmed));
    let again = cmcache.warm(&order(0.1)).await.unwrap();
    assert_eq!((again.fresh, again.credits), (2, 0), "what is fresh is not bought again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_warms_what_the_configuration_names() {
    // Breaks if the setting is read and nothing happens.
    let upstream = ScriptedUpstream::answering(answer);
    let flags = ["warm.names=C2", "warm.share=1", "data_dir=", "tiers=memory"].map(str::to_owned);
    let cmcache = start(&upstream, Config::load(None, &[], &flags).unwrap()).await;
    assert_eq!(cmcache.warming(), None);
    cmcache.warm_behind();
    let done = || cmcache.warming().filter(|last| last.state == "done");
    for _ in 0..2_000 {
        if done().is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(done().map(|last| (last.fetched, last.credits)), Some((1, 1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_warmed_unless_it_is_said() {
    // Breaks if the default spends credits before anybody asks.
    let upstream = ScriptedUpstream::answering(answer);
    let cmcache = start(&upstream, Config::in_memory()).await;
    cmcache.warm_behind();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(cmcache.warming(), None);
}
