//! Contracts on coins: which exchange offers which, and what they are worth in a step.

use crate::market::coin::{Coin, Status};
use crate::market::exchanges::Exchange;
use crate::market::moment::Moment;
use crate::market::{Market, noise};

/// Volume of an average day from which on an exchange surely has contracts.
const LARGE: f64 = 5.0e7;
/// Coins up to this id have contracts, of the others a few.
const OLD_ID: u32 = 2_100;

/// What a contract promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Term {
    /// Against USDT, for ever.
    Perpetual,
    /// Against dollars, for ever.
    Inverse,
    /// Against USDT, until the end of the quarter.
    Dated,
}

impl Term {
    pub(crate) const fn category(self) -> &'static str {
        match self {
            Self::Perpetual | Self::Inverse => "perpetual",
            Self::Dated => "futures",
        }
    }

    /// Id and symbol of what it is paid in.
    pub(crate) const fn paid_in(self) -> (u32, &'static str) {
        match self {
            Self::Perpetual | Self::Dated => (825, "USDT"),
            Self::Inverse => (2781, "USD"),
        }
    }
}

/// One contract, by positions in the market.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contract {
    pub(crate) exchange: usize,
    pub(crate) coin: usize,
    pub(crate) term: Term,
    lane: u64,
}

/// What a contract is worth in a step, in USD.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    pub(crate) price: f64,
    pub(crate) index: f64,
    pub(crate) volume: f64,
    pub(crate) open_interest: f64,
    /// Percent of the index.
    pub(crate) basis: f64,
    /// Dated contracts have none.
    pub(crate) funding: Option<f64>,
}

impl Contract {
    /// Its number among all markets.
    pub(crate) fn market_id(&self, market: &Market) -> u64 {
        let (exchange, coin) = (&market.exchanges[self.exchange], &market.coins[self.coin]);
        let term = match self.term {
            Term::Perpetual => 0,
            Term::Inverse => 1,
            Term::Dated => 2,
        };
        (u64::from(exchange.id) * 100_000 + u64::from(coin.id)) * 4 + term
    }

    pub(crate) fn terms(&self, market: &Market, moment: &Moment) -> Terms {
        let live = moment.live[self.coin];
        let mood = noise::quick_walk(self.lane, moment.step);
        let basis = noise::decimals(0.06 * mood + 0.004 * noise::unit(self.lane), 6);
        let share = match self.term {
            Term::Perpetual => 2.1,
            Term::Inverse => 0.3,
            Term::Dated => 0.12,
        };
        let of_exchange = market.exchanges[self.exchange].volume_at(moment.step);
        let of_coin = live.volume / moment.total_volume.max(1.0);
        let volume = noise::significant(of_exchange * of_coin * share * (0.5 * mood).exp(), 12);
        Terms {
            price: noise::significant(live.price * (1.0 + basis / 100.0), 10),
            index: live.price,
            volume,
            open_interest: noise::significant(volume * (0.2 + 0.5 * noise::unit(self.lane)), 12),
            basis,
            funding: (self.term != Term::Dated).then(|| noise::decimals(mood / 4_000.0, 8)),
        }
    }
}

impl Market {
    /// Whether contracts on that coin exist anywhere; nobody bets on what stands still.
    pub(crate) fn is_derivable(&self, coin: &Coin) -> bool {
        let chance = noise::unit(noise::mix2(self.seed ^ 0xDE51, u64::from(coin.id)));
        let is_pegged = coin.tags.iter().any(|tag| tag.slug == "stablecoin");
        coin.status == Status::Active && !is_pegged && (coin.id < OLD_ID || chance < 0.05)
    }

    /// Whether an exchange has contracts at all.
    pub(crate) fn has_contracts(&self, exchange: &Exchange) -> bool {
        let hash = noise::mix2(self.seed ^ 0xDE52, u64::from(exchange.id));
        exchange.is_active && (exchange.volume >= LARGE || hash.is_multiple_of(4))
    }

    /// The contracts of one exchange, by coin.
    pub(crate) fn contracts_of_exchange(&self, exchange: usize) -> Vec<Contract> {
        if !self.has_contracts(&self.exchanges[exchange]) {
            return Vec::new();
        }
        let coins = 0..self.coins.len();
        coins.flat_map(|coin| self.contracts(exchange, coin)).collect()
    }

    /// The contracts on one coin, by exchange.
    pub(crate) fn contracts_of_coin(&self, coin: usize) -> Vec<Contract> {
        let exchanges = 0..self.exchanges.len();
        exchanges.flat_map(|exchange| self.contracts(exchange, coin)).collect()
    }

    fn contracts(&self, exchange: usize, coin: usize) -> Vec<Contract> {
        let (venue, subject) = (&self.exchanges[exchange], &self.coins[coin]);
        if !self.is_derivable(subject) || !self.has_contracts(venue) || !venue.lists(subject.id) {
            return Vec::new();
        }
        let seed = noise::mix2(self.seed ^ 0xDE53, u64::from(venue.id));
        let lane = noise::mix2(seed, u64::from(subject.id));
        let mut terms = vec![Term::Perpetual];
        if lane.is_multiple_of(3) {
            terms.push(Term::Inverse);
        }
        if subject.id == 1 || lane.is_multiple_of(5) {
            terms.push(Term::Dated);
        }
        let lanes = (0u64..).map(|number| noise::mix2(lane, number));
        terms
            .into_iter()
            .zip(lanes)
            .map(|(term, lane)| Contract { exchange, coin, term, lane })
            .collect()
    }
}

/// Whether an exchange is a program on a chain.
pub(crate) fn is_decentralised(exchange: &Exchange) -> bool {
    exchange.volume < LARGE && exchange.id.is_multiple_of(6)
}
