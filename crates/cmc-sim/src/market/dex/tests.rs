use std::collections::HashSet;

use super::networks::{NETWORKS, VENUES};
use super::value::Value;
use crate::testing::SHARED;

#[test]
fn there_are_thousands_of_tokens_and_pools_on_twelve_chains() {
    // Would break: searches and lists that have too little to page through.
    let dex = &SHARED.market.dex;
    assert_eq!((NETWORKS.len(), VENUES.len()), (12, 40));
    assert!((2_000..5_000).contains(&dex.tokens.len()), "{}", dex.tokens.len());
    assert!((3_000..8_000).contains(&dex.pairs.len()), "{}", dex.pairs.len());
    let addresses: HashSet<(usize, &str)> =
        dex.tokens.iter().map(|token| (token.network, token.address.as_str())).collect();
    assert_eq!(addresses.len(), dex.tokens.len(), "no address stands for two tokens");
    for (at, pair) in dex.pairs.iter().enumerate() {
        assert_eq!(dex.pair(dex.network_of(at), &pair.address), Some(at));
        assert_eq!(dex.tokens[pair.quote].network, dex.network_of(at));
        assert_ne!(pair.base, pair.quote);
    }
}

#[test]
fn the_shares_of_a_tokens_pools_make_up_the_whole() {
    // Would break: sums over pools against the token.
    let dex = &SHARED.market.dex;
    for token in 0..dex.tokens.len() {
        let sum: f64 = dex.pools(token).iter().map(|at| dex.pairs[*at].share).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{token}: {sum}");
    }
}

#[test]
fn a_token_is_worth_what_its_coin_is() {
    // Would break: comparisons of both families.
    let market = &SHARED.market;
    let moment = market.at(SHARED.clock.now_ms());
    for token in market.dex.tokens.iter().take(50) {
        let value = Value::of(market, &moment, token);
        assert_eq!(value.price, moment.live[token.coin].price);
        assert_eq!(value.price, market.coin_price_at(token.coin, moment.step));
        assert!(value.n_buys <= value.n_swaps);
    }
}
