//! Sums over the whole market that are cheap at any instant: the large coins one by one, the long
//! tail as one that follows the tide.

use crate::market::coin::{Coin, Status};
use crate::market::moment::{self, Live};
use crate::market::{Market, noise};

/// So many coins are summed one by one.
const N_LEADERS: usize = 100;
/// How much the tail follows the tide: the average of its coins.
const TAIL_BETA: f64 = 0.4;

/// What the sums are made of.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Positions of the active coins, largest first on an average day.
    pub(crate) active: Vec<usize>,
    /// The first of them.
    pub(crate) leaders: Vec<usize>,
    tail_cap: f64,
    tail_volume: f64,
}

impl Totals {
    pub(crate) fn of(coins: &[Coin]) -> Self {
        let is_active = |at: &usize| coins[*at].status == Status::Active;
        let mut active: Vec<usize> = (0..coins.len()).filter(is_active).collect();
        active.sort_by(|a, b| usual_cap(&coins[*b]).total_cmp(&usual_cap(&coins[*a])));
        let (leaders, tail) = active.split_at(N_LEADERS.min(active.len()));
        let volume = |coin: &Coin| usual_cap(coin) * coin.tempo.turnover;
        Self {
            leaders: leaders.to_vec(),
            tail_cap: tail.iter().map(|at| usual_cap(&coins[*at])).sum(),
            tail_volume: tail.iter().map(|at| volume(&coins[*at])).sum(),
            active,
        }
    }

    /// Market cap and volume of everything in one step, in USD.
    pub(crate) fn at(&self, market: &Market, step: i64) -> (f64, f64) {
        let swell = (TAIL_BETA * noise::walk(moment::tide_lane(market.seed), step)).exp();
        let tail = (self.tail_cap * swell, self.tail_volume * swell);
        self.leaders.iter().fold(tail, |(cap, volume), at| {
            let Live { cap: own, volume: traded, .. } =
                moment::spot(market.seed, &market.coins[*at], step);
            (cap + own, volume + traded)
        })
    }
}

/// The market cap of an average day.
pub(crate) fn usual_cap(coin: &Coin) -> f64 {
    coin.circulating * coin.tempo.price
}
