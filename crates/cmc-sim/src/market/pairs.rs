//! Market pairs: what an exchange trades against what.

use crate::market::coin::Status;
use crate::market::exchanges::Exchange;
use crate::market::noise::{self, Dice};
use crate::market::{Market, Subject};

/// What coins are traded against, how likely, and how much of the volume it takes.
const QUOTES: [(&str, f64, f64); 6] = [
    ("825", 0.9, 1.0),
    ("2781", 0.4, 0.6),
    ("3408", 0.3, 0.3),
    ("1", 0.25, 0.1),
    ("2790", 0.15, 0.2),
    ("1027", 0.1, 0.05),
];
/// Kinds of contracts, how likely, and how much of the volume they take.
const KINDS: [(&str, f64, f64); 3] =
    [("spot", 1.0, 1.0), ("perpetual", 0.2, 2.5), ("futures", 0.04, 0.4)];

/// One market on one exchange.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair {
    pub(crate) id: u64,
    /// Positions in the market.
    pub(crate) exchange: usize,
    pub(crate) base: usize,
    pub(crate) quote: Subject,
    pub(crate) category: &'static str,
    pub(crate) fee_type: &'static str,
    /// Of the volume of its coin.
    share: f64,
    dice: Dice,
}

impl Pair {
    /// Volume of the day in USD, of a coin that has so much.
    pub(crate) fn volume(&self, of_coin: f64) -> f64 {
        noise::significant(of_coin * self.share, 12)
    }

    /// How far its price is off the average: a little above or below 1.
    pub(crate) fn tilt(&self) -> f64 {
        1.0 + 0.002 * (self.dice.unit(11) - 0.5)
    }

    /// One of its scores, 0 to 1000.
    pub(crate) fn score(&self, purpose: u64) -> f64 {
        noise::decimals(1_000.0 * self.dice.unit(20 + purpose), 4)
    }

    /// As answers say it: kinds of contracts are told apart by filters alone.
    pub(crate) fn printed_category(&self) -> &'static str {
        if self.category == "spot" { "spot" } else { "derivatives" }
    }

    /// Whether a filter by that word lets it pass.
    pub(crate) fn is_of(&self, category: &str) -> bool {
        match category {
            "all" => true,
            "derivatives" => self.category != "spot",
            word => self.category == word,
        }
    }
}

/// The pairs of one coin on one exchange; only coins that live are traded.
pub(crate) fn of(market: &Market, exchange: usize, base: usize) -> Vec<Pair> {
    let (venue, coin) = (&market.exchanges[exchange], &market.coins[base]);
    let mut pairs = Vec::new();
    if coin.status != Status::Active || !venue.lists(coin.id) {
        return pairs;
    }
    let dice = Dice(noise::mix2(venue.draw(1), u64::from(coin.id)));
    for (lane, (id, chance, weight)) in (0u64..).zip(QUOTES) {
        let quote = market.subject_by_id(id).filter(|quote| *quote != Subject::Coin(base));
        let Some(quote) = quote.filter(|_| dice.unit(lane) < chance) else {
            continue;
        };
        for (number, (category, odds, size)) in (0u64..).zip(KINDS) {
            let own = Dice(noise::mix2(dice.0, 100 + 10 * lane + number));
            if own.unit(1) < odds {
                let share = venue_share(venue) * weight * size * (0.05 + 0.25 * own.unit(2));
                let fee_type = fee_type(venue);
                let id = own.0 >> 36;
                pairs.push(Pair {
                    id,
                    exchange,
                    base,
                    quote,
                    category,
                    fee_type,
                    share,
                    dice: own,
                });
            }
        }
    }
    pairs
}

/// How many pairs each exchange has.
pub(crate) fn counts(market: &Market) -> Vec<u64> {
    let count = |exchange: usize| {
        (0..market.coins.len()).map(|base| of(market, exchange, base).len() as u64).sum()
    };
    (0..market.exchanges.len()).map(count).collect()
}

fn venue_share(venue: &Exchange) -> f64 {
    venue.volume / 6.0e10
}

fn fee_type(venue: &Exchange) -> &'static str {
    match venue.draw(2) % 20 {
        0 => "transactional-mining",
        1 => "unknown",
        _ if venue.fees.0 == 0.0 => "no-fees",
        _ => "percentage",
    }
}
