//! `trending/*` and `listings/new`: coins of the listings in orders of their own.

use std::cmp::Reverse;

use crate::json::Json;
use crate::market::moment::DAY_AGO;
use crate::market::{noise, quote};
use crate::operations::{Ask, Prepared};
use crate::refusal::Refusal;
use crate::resolve;
use crate::routes::coin::{CoinWriter, Shape};
use crate::routes::listings::{self, DEFAULT_LIMIT};
use crate::time::{DAY, MINUTE, Millis};

/// Only so many of the highest ranked can trend or move.
const POOL: usize = 1_000;

/// v1: what is searched for.
pub(crate) fn latest<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    answer(ask, popular(ask, 10 * MINUTE, 0x73E4), Shape::listings(ask))
}

/// v1: what is visited.
pub(crate) fn most_visited<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    answer(ask, popular(ask, DAY, 0x715E), Shape::listings(ask))
}

/// v1: what moves.
pub(crate) fn gainers_losers<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let lookback = match ask.params.get("time_period") {
        Some("1h") => 0,
        Some("7d") => 2,
        Some("30d") => 3,
        _ => DAY_AGO,
    };
    let change = |at: usize| {
        let then = ask.moment.past_price(&ask.market.coins[at], lookback);
        quote::change(ask.moment.live[at].price, then).unwrap_or(0.0)
    };
    let pool = ask.moment.ranked.iter().take(POOL);
    let mut movers: Vec<(usize, f64)> =
        pool.map(|at| (*at as usize, change(*at as usize))).collect();
    let is_rising = listings::is_rising(ask, false);
    movers.sort_by(|a, b| if is_rising { a.1.total_cmp(&b.1) } else { b.1.total_cmp(&a.1) });
    answer(ask, movers.into_iter().map(|it| it.0).collect(), Shape::listings(ask))
}

/// v1: what joined last.
pub(crate) fn new<'a>(ask: &'a Ask<'a>) -> Result<Prepared<'a>, Refusal> {
    let coins = &ask.market.coins;
    let ranked = ask.moment.ranked.iter().map(|at| *at as usize);
    let mut rows: Vec<usize> = ranked.filter(|at| coins[*at].added_ms <= ask.now_ms).collect();
    if listings::is_rising(ask, false) {
        rows.sort_by_key(|at| (coins[*at].added_ms, coins[*at].id));
    } else {
        rows.sort_by_key(|at| (Reverse(coins[*at].added_ms), coins[*at].id));
    }
    answer(ask, rows, Shape::newcomers(ask))
}

fn answer<'a>(ask: &'a Ask<'a>, rows: Vec<usize>, shape: Shape) -> Result<Prepared<'a>, Refusal> {
    let currencies = resolve::currencies(ask)?;
    let page = listings::page(ask, rows, DEFAULT_LIMIT);
    let (n_items, n_converts) = (page.len(), currencies.len());
    let coins = CoinWriter::new(ask, shape, currencies);
    let write = move |json: &mut Json| coins.list(json, &page);
    Ok(Prepared::new(n_items, write).converted(n_converts))
}

/// An order that changes every `slot`: high ranks are likelier to be in front.
fn popular(ask: &Ask<'_>, slot: Millis, salt: u64) -> Vec<usize> {
    let number = ask.now_ms.div_euclid(slot);
    let moment = ask.market.at(number * slot);
    let period = ask.params.get("time_period").unwrap_or("24h").as_bytes()[0];
    let seed =
        noise::mix2(noise::mix2(ask.market.seed, salt + u64::from(period)), number.unsigned_abs());
    let weight = |(rank, at): (usize, &u32)| {
        let luck = noise::unit(noise::mix2(seed, u64::from(*at)));
        (*at as usize, luck / ((rank + 5) as f64).sqrt())
    };
    let mut pool: Vec<(usize, f64)> =
        moment.ranked.iter().take(POOL).enumerate().map(weight).collect();
    pool.sort_by(|a, b| b.1.total_cmp(&a.1));
    pool.into_iter().map(|it| it.0).collect()
}
