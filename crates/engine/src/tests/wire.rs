//! Names to coins: orders, collisions, refusals; and where an entity lacks what a shape needs.

use super::{
    market::{DUPLICATES, ids},
    rig::{Rig, quotes, text},
};

/// The coins of an answer, in its order.
fn coins(data: &str) -> Vec<u32> {
    let slugs = data.split("\"coin-").skip(1);
    slugs.map(|rest| rest.split('"').next().unwrap().parse().unwrap()).collect()
}

#[tokio::test(start_paused = true)]
async fn coins_of_one_symbol_come_by_market_cap() {
    // Breaks if a collision is resolved by id or at random: clients take the first.
    let rig = Rig::warm().await;
    let v2 = rig.ask("/v2/cryptocurrency/quotes/latest?symbol=dUp").await;
    assert_eq!(coins(text(&v2)), DUPLICATES);
    assert!(text(&v2).contains("\"DUP\": ["), "the key is the request in upper case");
    let v3 = rig.ask("/v3/cryptocurrency/quotes/latest?symbol=C5,DUP,C4").await;
    assert_eq!(coins(text(&v3)), [5, 702, 701, 703, 4]);
    let v1 = rig.ask("/v1/cryptocurrency/quotes/latest?symbol=dup,c4").await;
    assert_eq!(coins(text(&v1)), [702, 4]);
    let simple = rig.ask("/v2/simple/price?symbol=c4,dup").await;
    assert_eq!(coins(text(&simple)), [4, 702]);
}

#[tokio::test(start_paused = true)]
async fn a_fiat_wins_over_a_coin_of_its_name() {
    // Breaks if `convert=EUR` buys prices in some coin.
    let rig = Rig::warm().await;
    rig.ask(&format!("{}&convert=EUR", quotes("1"))).await;
    assert_eq!(ids(&rig.calls_to("/quotes/latest")[0], "convert_id"), [2790]);
    let subject = rig.ask("/v2/cryptocurrency/quotes/latest?symbol=EUR").await;
    assert_eq!(coins(text(&subject)), [2790, 704]);
}

#[tokio::test(start_paused = true)]
async fn what_no_map_knows_is_refused_in_the_apis_words_and_costs_nothing() {
    // Breaks if a typing error costs a credit.
    let rig = Rig::warm().await;
    for (target, message) in [
        ("/v1/cryptocurrency/quotes/latest?id=99999", "Invalid value for \"id\": \"99999\""),
        ("/v2/cryptocurrency/info?slug=a,b", "Invalid values for \"slug\": \"a,b\""),
        ("/v2/simple/price?id=1,99999&skip_invalid=false", "Invalid value for \"id\": \"99999\""),
        (
            "/v3/cryptocurrency/quotes/latest?id=1&convert=NONE",
            "Invalid value for \"convert\": \"NONE\"",
        ),
    ] {
        assert_eq!(rig.try_ask(target).await.unwrap_err().to_string(), message, "{target}");
    }
    let empty = rig.ask(&quotes("99999")).await;
    assert_eq!((text(&empty), empty.age.as_secs()), ("[]", 0));
    assert_eq!(rig.charged(), 0);
    assert_eq!(rig.upstream.n_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_new_coin_is_looked_up_in_a_new_map_but_not_more_often_than_once_a_minute() {
    // Breaks if a coin listed today is unknown until the map is renewed, or a typing error
    // fetches the map each time.
    let rig = Rig::warm().await;
    for _ in 0..3 {
        assert!(rig.try_ask("/v1/cryptocurrency/quotes/latest?id=99999").await.is_err());
    }
    assert_eq!(rig.upstream.n_calls(), 1);
    rig.advance(61);
    for _ in 0..3 {
        assert!(rig.try_ask("/v1/cryptocurrency/quotes/latest?id=99999").await.is_err());
    }
    assert_eq!(rig.upstream.n_calls(), 2);
}

#[tokio::test(start_paused = true)]
async fn tags_of_listings_become_objects_only_once_they_were_described() {
    // Breaks if an answer invents a tag, or fails because the held entity lacks its description.
    let rig = Rig::warm().await;
    rig.ask("/v3/cryptocurrency/listings/latest?limit=250").await;
    let untagged = rig.ask(&quotes("2")).await;
    assert_eq!((untagged.cache.name(), rig.n_quote_calls()), ("full", 0));
    let first = rig.ask(&quotes("1,2")).await;
    assert!(text(&first).contains(r#"{"slug":"pow","name":"PoW","category":"ALGORITHM"}"#));
    assert_eq!((first.cache.name(), rig.n_quote_calls()), ("partial", 1));
    rig.advance(61);
    rig.ask("/v3/cryptocurrency/listings/latest?limit=250").await;
    let again = rig.ask(&quotes("1,4")).await;
    assert!(text(&again).contains(r#""name":"PoW""#));
    assert_eq!((again.cache.name(), rig.n_quote_calls()), ("full", 1));
}

#[tokio::test(start_paused = true)]
async fn fetching_for_want_of_a_description_keeps_to_the_clients_maximum() {
    // Breaks if the second round of an answer spends what the first was forbidden to.
    let rig = Rig::warm().await;
    rig.ask("/v3/cryptocurrency/listings/latest?limit=250").await;
    let terms = crate::Terms { max_credits: Some(credits::Credits::ZERO), ..Default::default() };
    let error = rig.ask_on(&quotes("1"), terms).await.unwrap_err();
    assert!(matches!(error, crate::AnswerError::TooDear { .. }), "{error}");
    let only = crate::Terms { only_if_cached: true, ..Default::default() };
    assert!(rig.ask_on(&quotes("1"), only).await.is_err());
    assert_eq!(rig.n_quote_calls(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_operation_without_entities_is_kept_whole() {
    // Breaks if spellings of one question are bought twice, or `key/info` is kept.
    let rig = Rig::warm().await;
    let first = rig.ask("/v3/fear-and-greed/latest?convert=usd").await;
    assert_eq!(text(&first), r#"{"read_at":1791191671207}"#);
    rig.advance(5);
    let again = rig.ask("/v3/fear-and-greed/latest?convert=USD").await;
    assert_eq!((&again.data, again.cache.name()), (&first.data, "full"));
    assert_eq!(again.age.as_secs(), 5);
    for _ in 0..2 {
        assert_eq!(rig.ask("/v1/key/info").await.cache.name(), "cold");
    }
    assert_eq!(rig.calls_to("/key/info").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_whole_answer_keeps_the_count_that_came_with_it() {
    // Breaks if a page that is passed on says nothing of how many there are.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| {
        let body = r#"{"data":[],"status":{"error_code":0,"credit_count":1,"total_count":8231}}"#;
        cmc_api::Reply::read(200, body.into())
    });
    let path = "/v1/cryptocurrency/listings/latest?unlocked_market_cap_min=1";
    assert_eq!(rig.ask(path).await.total_count, Some(8_231));
    assert_eq!(rig.ask(path).await.total_count, Some(8_231));
}
