use std::collections::HashSet;

use super::coin::Status;
use super::*;
use crate::testing::{INSTANT, SHARED};

fn market() -> &'static Market {
    &SHARED.market
}

fn now() -> Millis {
    crate::time::parse_iso(INSTANT).unwrap()
}

fn count(status: Status) -> usize {
    market().coins.iter().filter(|coin| coin.status == status).count()
}

#[test]
fn the_market_is_as_large_and_as_odd_as_the_real_one() {
    // Would break: every claim about collisions, odd symbols, nulls and extreme numbers.
    let coins = &market().coins;
    assert!(coins.len() >= 9_000);
    assert!((8_200..8_600).contains(&count(Status::Active)), "{}", count(Status::Active));
    assert!((400..650).contains(&count(Status::Inactive)), "{}", count(Status::Inactive));
    assert!((200..420).contains(&count(Status::Untracked)), "{}", count(Status::Untracked));
    let n_collisions = market().by_symbol.values().filter(|sharing| sharing.len() > 1).count();
    assert!(n_collisions >= 400, "{n_collisions}");
    let has = |pattern: &dyn Fn(&str) -> bool| coins.iter().any(|coin| pattern(&coin.symbol));
    assert!(has(&|symbol| symbol.starts_with('$')));
    assert!(has(&|symbol| symbol == "-"));
    assert!(has(&|symbol| !symbol.is_ascii()));
    assert!(has(&|symbol| symbol == "XAUt"));
    assert!(coins.iter().any(|coin| coin.circulating > 1e17));
    assert!(coins.iter().any(|coin| coin.tempo.price < 1e-9));
    assert!(coins.iter().any(|coin| coin.max.is_none() && coin.status == Status::Active));
}

#[test]
fn ids_and_slugs_are_unique_and_rise() {
    // Would break: looking up by id or slug.
    let coins = &market().coins;
    assert!(coins.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(coins.iter().map(|coin| &coin.slug).collect::<HashSet<_>>().len(), coins.len());
    let is_slug = |slug: &str| {
        !slug.is_empty()
            && slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    assert!(coins.iter().all(|coin| is_slug(&coin.slug)));
    assert!(market().fiats.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(coins.iter().all(|coin| market().fiats.iter().all(|fiat| fiat.id != coin.id)));
    assert!(market().exchanges.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert!(market().exchanges.len() >= 200);
}

#[test]
fn well_known_coins_keep_their_names_and_lead_the_ranks() {
    // Would break: demos and SDK examples that ask for Bitcoin.
    let known = [
        (1, "bitcoin", "BTC"),
        (2, "litecoin", "LTC"),
        (52, "xrp", "XRP"),
        (74, "dogecoin", "DOGE"),
        (825, "tether", "USDT"),
        (1027, "ethereum", "ETH"),
        (1839, "bnb", "BNB"),
        (3408, "usd-coin", "USDC"),
        (3890, "polygon", "MATIC"),
        (5426, "solana", "SOL"),
    ];
    for (id, slug, symbol) in known {
        let coin = &market().coins[market().coin_by_slug(slug).unwrap()];
        assert_eq!((coin.id, coin.symbol.as_str()), (id, symbol));
    }
    let moment = market().at(now());
    let leaders: Vec<u32> =
        moment.ranked[..2].iter().map(|at| market().coins[*at as usize].id).collect();
    assert_eq!(leaders, [1, 1027]);
}

#[test]
fn there_are_93_fiats_and_4_metals_at_sensible_rates() {
    // Would break: convert.
    let fiats = market().fiats;
    assert_eq!((fiats.len(), fiats.iter().filter(|fiat| fiat.is_metal()).count()), (97, 4));
    let rate = |symbol: &str| {
        let fiat = &fiats[market().fiat_by_symbol(symbol).unwrap()];
        fiat.rate(1, 29_000_000)
    };
    assert_eq!(rate("USD"), 1.0);
    assert!((1.0..1.4).contains(&rate("EUR")));
    assert!((0.005..0.009).contains(&rate("JPY")));
    assert!(rate("XAU") > 3_000.0);
}

#[test]
fn a_moment_is_a_pure_function_of_seed_and_step() {
    // Would break: determinism, on which every comparison rests.
    let other = Market::new(1);
    let (a, b) = (market().at(now()), other.at(now() + 20_000));
    assert_eq!((a.step, a.total_cap.to_bits()), (b.step, b.total_cap.to_bits()));
    assert_eq!(a.ranked, b.ranked);
    assert_ne!(Market::new(2).at(now()).total_cap.to_bits(), a.total_cap.to_bits());
    let next = market().at(now() + STEP);
    let btc = market().coin_by_id("1").unwrap();
    assert!(next.live[btc].price != a.live[btc].price);
}

#[test]
fn changes_agree_with_the_prices_of_that_time() {
    // Would break: percent_change_* against a later comparison of two quotes.
    let at = market().coin_by_id("1027").unwrap();
    let (then, today) = (market().at(now() - 60 * STEP), market().at(now()));
    assert_eq!(today.past_price(&market().coins[at], 0).to_bits(), then.live[at].price.to_bits());
}

#[test]
fn a_symbol_stands_for_its_coins_largest_first_and_a_currency_before_them() {
    // Would break: v2 by symbol, and every "first of the order".
    let moment = market().at(now());
    for symbol in ["BTC", "CAT", "USDT"] {
        let subjects = market().subjects_by_symbol(&moment, symbol);
        let caps: Vec<f64> = subjects
            .iter()
            .map(|subject| match subject {
                Subject::Coin(at) => moment.live[*at].cap,
                Subject::Fiat(_) => f64::INFINITY,
            })
            .collect();
        assert!(caps.len() > 1 && caps.is_sorted_by(|a, b| a >= b), "{symbol} {caps:?}");
    }
    let subjects = market().subjects_by_symbol(&moment, "GEL");
    assert!(matches!(subjects[..], [Subject::Fiat(_), Subject::Coin(_), ..]), "{subjects:?}");
}
