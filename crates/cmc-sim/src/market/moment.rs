//! The market in one step of a minute: prices, caps, ranks, sums; computed once and shared.

use crate::market::Market;
use crate::market::coin::{Coin, Status};
use crate::market::noise;
use crate::time::{self, Millis};

/// Steps back to which changes are told: 1 h, 24 h, 7 d, 30 d, 60 d, 90 d.
pub(crate) const LOOKBACKS: [i64; 6] = [60, 1_440, 10_080, 43_200, 86_400, 129_600];
/// The position of 24 h in [`LOOKBACKS`].
pub(crate) const DAY_AGO: usize = 1;
/// Milliseconds of one step.
pub(crate) const STEP: Millis = time::MINUTE;

/// What an active coin is worth in this step, in USD; all zero for the others.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Live {
    pub(crate) price: f64,
    pub(crate) cap: f64,
    pub(crate) volume: f64,
    /// 0 = unranked.
    pub(crate) rank: u32,
}

/// One step of the market.
#[derive(Debug)]
pub(crate) struct Moment {
    pub(crate) step: i64,
    /// The instant of the step, as text.
    pub(crate) updated: String,
    /// The end of the last five minutes, to which records reach.
    pub(crate) last_data: String,
    /// By position of the coin in the market.
    pub(crate) live: Vec<Live>,
    /// Active coins, best first.
    pub(crate) ranked: Vec<u32>,
    pub(crate) total_cap: f64,
    pub(crate) total_volume: f64,
    /// The tide all coins follow, now and at each lookback.
    tide: f64,
    tide_past: [f64; LOOKBACKS.len()],
}

impl Moment {
    pub(crate) fn of(market: &Market, step: i64) -> Self {
        let mut moment = Self {
            step,
            updated: time::iso(step * STEP),
            last_data: time::iso(step.div_euclid(5) * 5 * STEP),
            live: Vec::with_capacity(market.coins.len()),
            ranked: Vec::new(),
            total_cap: 0.0,
            total_volume: 0.0,
            tide: tide(market.seed, step),
            tide_past: LOOKBACKS.map(|back| tide(market.seed, step - back)),
        };
        moment.live = market.coins.iter().map(|coin| moment.value(coin)).collect();
        moment.rank(market);
        (moment.total_cap, moment.total_volume) = market.totals.at(market, step);
        moment
    }

    /// The same step as it was recorded: without the coins that had not joined yet.
    pub(crate) fn recorded(market: &Market, step: i64) -> Self {
        let mut moment = Self::of(market, step);
        for (coin, live) in market.coins.iter().zip(&mut moment.live) {
            if coin.added_ms > step * STEP {
                *live = Live::default();
            }
        }
        moment.rank(market);
        moment
    }

    /// The price of an active coin at one of the lookbacks.
    pub(crate) fn past_price(&self, coin: &Coin, lookback: usize) -> f64 {
        price(coin, self.step - LOOKBACKS[lookback], self.tide_past[lookback])
    }

    /// The volume of the day that ended a day ago.
    pub(crate) fn past_volume(&self, coin: &Coin) -> f64 {
        volume(coin, self.past_price(coin, DAY_AGO), self.step - LOOKBACKS[DAY_AGO])
    }

    fn value(&self, coin: &Coin) -> Live {
        if coin.status != Status::Active {
            return Live::default();
        }
        let price = price(coin, self.step, self.tide);
        Live { price, cap: cap(coin, price), volume: volume(coin, price, self.step), rank: 0 }
    }

    fn rank(&mut self, market: &Market) {
        let is_active = |at: &usize| self.live[*at].price > 0.0;
        let mut ranked: Vec<usize> = (0..market.coins.len()).filter(is_active).collect();
        // Coins are in order of id and the sort is stable: equal caps stay by id.
        ranked.sort_by(|a, b| self.live[*b].cap.total_cmp(&self.live[*a].cap));
        for (rank, at) in (1u32..).zip(&ranked) {
            self.live[*at].rank = rank;
        }
        self.ranked = ranked.iter().map(|at| u32::try_from(*at).unwrap_or(0)).collect();
    }
}

/// Market cap as shown: the ranks follow the shown number.
pub(crate) fn cap(coin: &Coin, price: f64) -> f64 {
    noise::significant(coin.circulating * price, 14)
}

/// What a coin is worth in one step, whatever its status and without the market around it: what
/// [`Moment`] says of an active coin, but for its rank.
pub(crate) fn spot(seed: u64, coin: &Coin, step: i64) -> Live {
    let price = price(coin, step, tide(seed, step));
    Live { price, cap: cap(coin, price), volume: volume(coin, price, step), rank: 0 }
}

/// The walk that all coins follow.
pub(crate) const fn tide_lane(seed: u64) -> u64 {
    noise::mix2(seed, 0x71DE)
}

fn tide(seed: u64, step: i64) -> f64 {
    noise::walk(tide_lane(seed), step)
}

fn price(coin: &Coin, step: i64, tide: f64) -> f64 {
    let tempo = &coin.tempo;
    let own = noise::walk(tempo.lane, step);
    noise::significant(tempo.price * (tempo.beta * tide + tempo.volatility * own).exp(), 10)
}

fn volume(coin: &Coin, price: f64, step: i64) -> f64 {
    let mood = noise::quick_walk(coin.tempo.lane, step);
    let worth = coin.circulating.max(coin.self_reported.unwrap_or(0.0)) * price;
    noise::significant(worth * coin.tempo.turnover * mood.exp(), 12)
}
