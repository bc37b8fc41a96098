//! What tokens and pools are worth in a step, in USD.

use super::Token;
use crate::market::moment::{self, LOOKBACKS, Moment};
use crate::market::{Market, noise, quote};

/// One token in one step.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    pub(crate) price: f64,
    /// Percent against 1 h, 24 h and 7 d ago.
    pub(crate) changes: [Option<f64>; 3],
    pub(crate) volume: f64,
    pub(crate) liquidity: f64,
    pub(crate) supply: f64,
    pub(crate) circulating: f64,
    pub(crate) cap: f64,
    pub(crate) fully_diluted: f64,
    pub(crate) n_swaps: u64,
    pub(crate) n_buys: u64,
    pub(crate) holders: u64,
}

impl Value {
    pub(crate) fn of(market: &Market, moment: &Moment, token: &Token) -> Self {
        let (coin, live) = (&market.coins[token.coin], moment.live[token.coin]);
        let change = |back: usize| quote::change(live.price, moment.past_price(coin, back));
        let circulating = coin.circulating.max(coin.self_reported.unwrap_or(0.0));
        let part = if token.is_native { 0.5 } else { 0.02 } * noise::unit(coin.tempo.lane);
        let liquid = if token.is_native { 0.04 } else { 0.002 } * noise::unit(token.lane ^ 1);
        let cap = noise::significant(circulating * live.price, 14);
        let volume = noise::significant(live.volume * part, 12);
        let n_swaps = swaps_of(volume);
        let mood = noise::quick_walk(token.lane ^ 2, moment.step);
        let supply = coin.max.unwrap_or(coin.total.max(circulating));
        Self {
            price: live.price,
            changes: [change(0), change(1), change(2)],
            volume,
            liquidity: noise::significant(cap * liquid * (0.2 * mood).exp(), 12),
            supply,
            circulating,
            cap,
            fully_diluted: noise::significant(supply * live.price, 14),
            n_swaps,
            n_buys: portion(n_swaps, 0.5 + 0.4 * mood),
            holders: 40 + portion(swaps_of(cap), 0.2 + noise::unit(token.lane ^ 3)),
        }
    }
}

/// A rough number of swaps that make up a volume.
#[expect(clippy::cast_possible_truncation, reason = "the root of a volume is small")]
#[expect(clippy::cast_sign_loss, reason = "volumes are not negative")]
fn swaps_of(volume: f64) -> u64 {
    (volume.max(0.0).sqrt() / 3.0) as u64
}

#[expect(clippy::cast_possible_truncation, reason = "a part of a small number")]
#[expect(clippy::cast_sign_loss, reason = "clamped to 0..=2")]
pub(crate) fn portion(whole: u64, part: f64) -> u64 {
    (whole as f64 * part.clamp(0.0, 2.0)) as u64
}

impl Market {
    /// The price of a coin in any step: what `quotes/latest` told then.
    pub(crate) fn coin_price_at(&self, coin: usize, step: i64) -> f64 {
        moment::spot(self.seed, &self.coins[coin], step).price
    }

    /// The volume of a token in the day before a step, without the bustle of a [`Moment`].
    pub(crate) fn token_volume_at(&self, token: &Token, step: i64) -> f64 {
        let coin = &self.coins[token.coin];
        let part = if token.is_native { 0.5 } else { 0.02 } * noise::unit(coin.tempo.lane);
        moment::spot(self.seed, coin, step).volume * part
    }
}

/// The positions of 1 h, 24 h and 7 d among the lookbacks.
const _: () = assert!(LOOKBACKS[0] == 60 && LOOKBACKS[1] == 1_440 && LOOKBACKS[2] == 10_080);
