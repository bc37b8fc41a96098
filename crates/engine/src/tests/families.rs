//! Families beyond quotes: bought once, answered in every combination.

use cmc_api::Call;

use super::rig::{Rig, text};
use crate::{AnswerError, CacheState};

/// The text of an answer without spacing.
fn compact(answer: &crate::Answer) -> String {
    let mut out = Vec::new();
    cmc_api::json::write_compact(&mut out, text(answer));
    String::from_utf8(out).unwrap()
}

#[tokio::test(start_paused = true)]
async fn candles_are_kept_per_coin_and_currency() {
    // Breaks if a second asker pays for a coin that the first one brought.
    let rig = Rig::warm().await;
    rig.ask("/v2/cryptocurrency/ohlcv/latest?id=1,2").await;
    let answer = rig.ask("/v1/cryptocurrency/ohlcv/latest?symbol=btc&convert=usd,EUR").await;
    assert_eq!(
        compact(&answer),
        r#"{"BTC":{"id":1,"odd":1.0,"time_close":null,"quote":{"USD":{"open":1.27810},"EUR":{"open":1.27900}}}}"#
    );
    assert_eq!(answer.cache, CacheState::Partial, "dollars were there, euros were not");
    let calls = rig.calls_to("/v2/cryptocurrency/ohlcv/latest");
    assert_eq!(calls.len(), 2);
    assert!(calls[1].query().contains("convert_id=2790&id=1&"), "{}", calls[1].query());
}

#[tokio::test(start_paused = true)]
async fn a_symbol_of_several_coins_is_answered_in_the_order_of_the_map() {
    // Breaks if candles are ordered by a market cap that they do not have.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v2/cryptocurrency/ohlcv/latest?symbol=dup").await;
    let text = compact(&answer);
    assert!(text.starts_with(r#"{"DUP":[{"id":702,"#), "{text}");
    let nothing = rig.try_ask("/v2/cryptocurrency/ohlcv/latest?id=99999").await;
    let Err(AnswerError::Bad(error)) = nothing else { panic!("{nothing:?}") };
    assert_eq!(error.message, r#"Invalid value for "id": "99999""#);
}

#[tokio::test(start_paused = true)]
async fn periods_are_bought_together_and_answered_as_asked() {
    // Breaks if another period is another call.
    let rig = Rig::warm().await;
    let path = "/v2/cryptocurrency/price-performance-stats/latest";
    let both = rig.ask(&format!("{path}?id=1&time_period=24h,all_time")).await;
    assert_eq!(
        compact(&both),
        r#"{"1":{"id":1,"periods":{"24h":{"x":"24h","quote":{"USD":{"open":1.2781}}},"all_time":{"x":"all_time","quote":{"USD":{"open":1.2781}}}}}}"#
    );
    let one = rig.ask(&format!("{path}?id=1")).await;
    assert_eq!(one.cache, CacheState::Full);
    assert!(compact(&one).contains("all_time") && !compact(&one).contains("24h"));
}

#[tokio::test(start_paused = true)]
async fn an_exchange_is_known_by_both_its_names() {
    // Breaks if who asks by slug pays for what came by id, or if `aux` is forgotten.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v1/exchange/info?id=270&aux=logo").await;
    assert_eq!(compact(&answer), r#"{"270":{"id":270,"slug":"binance","logo":"l","new":1E3}}"#);
    let by_slug = rig.ask("/v1/exchange/info?slug=binance&aux=notice").await;
    assert_eq!(
        compact(&by_slug),
        r#"{"binance":{"id":270,"slug":"binance","notice":"n","new":1E3}}"#
    );
    assert_eq!(rig.calls_to("/v1/exchange/info").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn exchanges_that_do_not_exist_are_named_together_and_cost_the_others_nothing() {
    // Breaks if one bad name fails everyone aboard, or if only one of two is told.
    let rig = Rig::warm().await;
    let answers = rig
        .ask_all(
            ["270", "998,271,999"].map(|ids| format!("/v1/exchange/info?id={ids}")).into_iter(),
        )
        .await;
    let bad = answers.iter().find_map(|answer| answer.as_ref().err()).unwrap();
    let AnswerError::Bad(error) = bad else { panic!("{bad:?}") };
    assert_eq!(error.message, r#"Invalid values for "id": "998,999""#);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(rig.charged(), 1, "the two that exist came in one call");
    assert!(rig.try_ask("/v1/exchange/info?slug=nobody").await.is_err());
}

#[tokio::test(start_paused = true)]
async fn totals_are_kept_per_currency() {
    // Breaks if each combination of currencies is a call of its own.
    let rig = Rig::warm().await;
    rig.ask("/v1/global-metrics/quotes/latest").await;
    rig.ask("/v1/global-metrics/quotes/latest?convert=EUR").await;
    let both = rig.ask("/v1/global-metrics/quotes/latest?convert=eur,USD").await;
    assert_eq!(both.cache, CacheState::Full);
    assert_eq!(
        text(&both),
        r#"{"active":7,"quote":{"EUR":{"cap":2790.50},"USD":{"cap":2781.50}}}"#
    );
}

#[tokio::test(start_paused = true)]
async fn totals_in_several_currencies_are_one_call() {
    // Breaks if each currency is a call of its own.
    let rig = Rig::warm().await;
    let both = rig.ask("/v1/global-metrics/quotes/latest?convert=EUR,USD").await;
    assert_eq!(
        text(&both),
        r#"{"active":7,"quote":{"EUR":{"cap":2790.50},"USD":{"cap":2781.50}}}"#
    );
    assert_eq!(rig.calls_to("/v1/global-metrics/quotes/latest").len(), 1);
    assert_eq!((both.charged.get(), rig.charged()), (2, 2));
    let one = rig.ask("/v1/global-metrics/quotes/latest").await;
    assert_eq!(one.cache, CacheState::Full);
    assert_eq!(text(&one), r#"{"active":7,"quote":{"USD":{"cap":2781.50}}}"#);
}

#[tokio::test(start_paused = true)]
async fn totals_that_many_ask_for_in_another_currency_come_along() {
    // Breaks if what is asked for in three currencies all the time takes three calls each life, or
    // if a currency that hardly anybody asks for is paid for each time.
    let rig = Rig::warm().await;
    let (dollar, euro) =
        ("/v1/global-metrics/quotes/latest", "/v1/global-metrics/quotes/latest?convert=EUR");
    rig.ask("/v1/global-metrics/quotes/latest?convert=BTC").await;
    for _ in 0..400 {
        rig.ask(dollar).await;
        rig.ask(euro).await;
        rig.advance(1);
    }
    let n_before = rig.calls_to(dollar).len();
    rig.advance(300);
    let bought = rig.ask(dollar).await;
    assert_eq!(bought.charged.get(), 1, "an asker pays for what it asked");
    assert_eq!(rig.ask(euro).await.cache, CacheState::Full);
    let calls = rig.calls_to(dollar);
    assert_eq!(calls.len(), n_before + 1);
    assert_eq!(calls.last().map(Call::query), Some("convert_id=2781,2790"));
}

#[tokio::test(start_paused = true)]
async fn lists_tell_the_order_and_quotes_tell_the_coins() {
    // Breaks if another page or currency of what is trending is bought again.
    let rig = Rig::warm().await;
    rig.ask("/v3/cryptocurrency/quotes/latest?id=1,2,3,4,5").await;
    let page = rig.ask("/v1/cryptocurrency/trending/latest?start=2&limit=2").await;
    let ids: Vec<_> = compact(&page).match_indices(r#""id":4,"name""#).map(|it| it.0).collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(page.charged.get(), 1, "only the order had to be bought");
    assert!(compact(&page).contains(r#""tags":["pow"]"#), "{}", text(&page));
    let other = rig.ask("/v1/cryptocurrency/trending/latest?limit=5").await;
    assert_eq!(other.cache, CacheState::Full);
    assert_eq!(rig.calls_to("/v1/cryptocurrency/trending/latest").len(), 1);
    assert_eq!(compact(&rig.ask("/v1/cryptocurrency/trending/latest?start=9").await), "[]");
}

#[tokio::test(start_paused = true)]
async fn a_category_keeps_its_own_members_around_its_coins() {
    // Breaks if the bridge loses what upstream says of the category itself.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v1/cryptocurrency/category?id=c1&limit=1&convert=EUR").await;
    let text = compact(&answer);
    assert!(text.starts_with(r#"{"id":"c1","title":"T","coins":[{"id":5,"#), "{text}");
    assert!(text.ends_with(r#"],"new_key":2.0}"#), "{text}");
    assert!(text.contains(r#""quote":{"EUR":{"price":"#));
}

#[tokio::test(start_paused = true)]
async fn pages_of_pairs_come_out_of_the_block_that_a_credit_buys() {
    // Breaks if each page is a call, or if members that were not asked for are shown.
    let rig = Rig::warm().await;
    let path = "/v2/cryptocurrency/market-pairs/latest?id=1";
    let first = rig.ask(&format!("{path}&limit=2&aux=market_url")).await;
    assert_eq!(
        compact(&first),
        r#"{"id":1,"market_pairs":[{"market_id":1,"market_url":"u","a":{"market_url":"v"}},{"market_id":2,"market_url":"u","a":{"market_url":"v"}}]}"#
    );
    let second = rig.ask(&format!("{path}&limit=1&start=250&aux=category")).await;
    assert_eq!(
        compact(&second),
        r#"{"id":1,"market_pairs":[{"market_id":250,"category":"spot","a":{}}]}"#
    );
    assert_eq!(second.cache, CacheState::Full);
}

#[tokio::test(start_paused = true)]
async fn short_tables_are_bought_once_and_paged_here() {
    // Breaks if every page of ninety fiats costs a credit.
    let rig = Rig::warm().await;
    let page = rig.ask("/v1/fiat/map?start=3&limit=2").await;
    assert_eq!(compact(&page), r#"[{"id":3},{"id":4}]"#);
    let beyond = rig.ask("/v1/fiat/map?start=91&limit=2").await;
    assert_eq!(compact(&beyond), "[]");
    assert_eq!(rig.charged(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_composed_is_asked_of_upstream() {
    // Breaks if an upstream of another shape makes an error of an answer.
    let rig = Rig::warm().await;
    let answer = rig.ask("/v2/tools/price-conversion?id=1&amount=1").await;
    assert!(compact(&answer).starts_with(r#"{"read_at":"#), "quotes without a time of their own");
    assert_eq!(answer.charged.get(), 2, "the quote that did not serve was paid for, too");
}

#[tokio::test(start_paused = true)]
async fn a_list_is_not_bought_for_whoever_may_not_pay_for_its_coins() {
    // Breaks if the order is paid for and then refused, or if both rounds spend the same limit.
    let rig = Rig::warm().await;
    let target = "/v1/cryptocurrency/trending/latest?limit=5";
    let terms =
        |n| crate::Terms { max_credits: Some(credits::Credits::new(n)), ..Default::default() };
    let refused = rig.ask_on(target, terms(1)).await;
    let Err(AnswerError::TooDear { price, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!((price.get(), rig.charged()), (2, 0));
    let estimate = rig.engine.estimate(&super::rig::query(target)).await.unwrap();
    assert_eq!((estimate.with_cache.get(), estimate.calls.len()), (2, 2));
    assert_eq!(rig.ask_on(target, terms(2)).await.unwrap().charged.get(), 2);
}

#[test]
fn an_id_and_a_slug_of_the_same_digits_are_two_things() {
    // Breaks if a tier answers the exchange of an id to whoever asks for a slug.
    let part = cmc_api::Part::ExchangeInfo;
    let key = |whose| {
        let currency = cmc_api::CoinId::USD;
        crate::Entity::Part { part, whose, currency }.to_string()
    };
    let id = key(cmc_api::Whose::Id(cmc_api::CoinId::new(270)));
    assert_ne!(id, key(cmc_api::Whose::Slug("270".into())));
}

#[tokio::test(start_paused = true)]
async fn parts_of_an_unknown_shape_are_asked_whole_and_not_bought_again_by_everyone() {
    // Breaks if every request pays for a reply that nobody can read, or gets an error for it.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| Ok(cmc_api::scripted::reply("[1.0]", 1)));
    let answer = rig.ask("/v1/global-metrics/quotes/latest").await;
    assert_eq!(compact(&answer), "[1.0]");
    let n_calls = rig.upstream.n_calls();
    let again = rig.ask("/v1/global-metrics/quotes/latest?convert=usd").await;
    assert_eq!((compact(&again).as_str(), again.charged.get()), ("[1.0]", 0));
    assert_eq!(rig.upstream.n_calls(), n_calls);
}

#[tokio::test(start_paused = true)]
async fn a_list_with_a_coin_that_has_no_quotes_is_upstreams_own() {
    // Breaks if a page of what is trending comes short without a word.
    let rig = Rig::warm().await;
    rig.market.withdraw(4);
    let answer = rig.ask("/v1/cryptocurrency/trending/latest?limit=3").await;
    assert!(compact(&answer).contains(r#"{"id":4,"quote":{"USD":{"price":1}}}"#));
}

#[tokio::test(start_paused = true)]
async fn long_lists_in_many_currencies_are_bought_whole() {
    // Breaks if order and quotes together cost several times the page.
    let rig = Rig::warm().await;
    rig.upstream.answer_by(|_| Ok(cmc_api::scripted::reply("[]", 22)));
    let path = "/v1/cryptocurrency/listings/new?limit=5000&convert=USD,EUR,BTC";
    let foreseen = rig.engine.estimate(&super::rig::query(path)).await.unwrap();
    assert_eq!((foreseen.with_cache.get(), foreseen.calls.len()), (22, 1));
    rig.ask(path).await;
    let calls = rig.calls_to("/v1/cryptocurrency/listings/new");
    assert!(calls[0].query().contains("convert=USD"), "{}", calls[0].query());
}
