//! Positions closed by force: of a coin, of an exchange, of all of them; the sums agree.

use crate::market::moment::Moment;
use crate::market::{Market, noise};

/// Windows that are told, in hours, longest first.
pub(crate) const WINDOWS: [&str; 3] = ["24h", "4h", "1h"];

/// Dollars of closed positions within one window.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Closed {
    pub(crate) long: f64,
    pub(crate) short: f64,
}

impl Closed {
    pub(crate) const fn total(self) -> f64 {
        self.long + self.short
    }

    fn times(self, share: f64) -> Self {
        Self { long: self.long * share, short: self.short * share }
    }
}

/// By window, as [`WINDOWS`].
pub(crate) type Liquidations = [Closed; 3];

impl Market {
    /// What was closed in one coin; `None` where there is nothing to close.
    pub(crate) fn liquidations_of_coin(&self, moment: &Moment, at: usize) -> Option<Liquidations> {
        let coin = &self.coins[at];
        let lane = noise::mix2(self.seed ^ 0x11C7, u64::from(coin.id));
        if !self.is_derivable(coin) || lane.is_multiple_of(7) {
            return None;
        }
        let mood = noise::quick_walk(lane, moment.step);
        let day = moment.live[at].volume * 0.004 * (1.5 * mood).exp();
        let long_share = 0.5 + 0.6 * noise::quick_walk(lane ^ 1, moment.step);
        let part = |lane: u64, least: f64| least + least * noise::quick_walk(lane, moment.step);
        let four = day * part(lane ^ 2, 0.14);
        let one = four * part(lane ^ 3, 0.2);
        Some([day, four, one].map(|dollars| {
            let long = noise::significant(dollars * long_share, 10);
            Closed { long, short: noise::significant(dollars - long, 10) }
        }))
    }

    /// What was closed in all coins.
    pub(crate) fn liquidations(&self, moment: &Moment) -> Liquidations {
        let mut sum = Liquidations::default();
        for at in 0..self.coins.len() {
            for (sum, one) in
                sum.iter_mut().zip(self.liquidations_of_coin(moment, at).unwrap_or_default())
            {
                sum.long += one.long;
                sum.short += one.short;
            }
        }
        sum
    }

    /// What was closed on each exchange with contracts, by its position: its part of the whole.
    pub(crate) fn liquidations_of_exchanges(&self, moment: &Moment) -> Vec<(usize, Liquidations)> {
        let all = self.liquidations(moment);
        let venues = self.exchanges.iter().enumerate();
        let weights: Vec<(usize, f64)> = venues
            .filter(|(_, exchange)| self.has_contracts(exchange))
            .map(|(at, exchange)| (at, exchange.volume_at(moment.step)))
            .collect();
        let whole: f64 = weights.iter().map(|weight| weight.1).sum();
        let of = |share: f64| all.map(|closed| closed.times(share));
        weights.into_iter().map(|(at, weight)| (at, of(weight / whole.max(1.0)))).collect()
    }
}
