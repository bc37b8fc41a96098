//! The price of one thing over time, without the market around it: what histories are made of.

use crate::market::coin::Status;
use crate::market::moment::{self, STEP};
use crate::market::noise::{self, Walker};
use crate::market::{Market, Subject};
use crate::time::{self, MINUTE, Millis};

/// The currencies are recorded from here on.
const FIATS_FROM: (i16, i8, i8) = (2013, 4, 28);

/// Dollars for one unit in a step; of an active coin what quotes of that step say.
pub(crate) fn price(market: &Market, subject: Subject, step: i64) -> f64 {
    match subject {
        Subject::Coin(at) => moment::spot(market.seed, &market.coins[at], step).price,
        Subject::Fiat(at) => market.fiats[at].rate(market.seed, step),
    }
}

/// The price in a currency, rounded as quotes round it.
pub(crate) fn price_in(market: &Market, subject: Subject, currency: Subject, step: i64) -> f64 {
    let rate = price(market, currency, step);
    noise::significant(price(market, subject, step) / rate, 10)
}

/// From when to when prices are recorded; `None`: never. Of what lives there is no end.
pub(crate) fn record(market: &Market, subject: Subject) -> Option<(Millis, Millis)> {
    let Subject::Coin(at) = subject else {
        let (year, month, day) = FIATS_FROM;
        return Some((time::midnight(year, month, day), Millis::MAX));
    };
    let coin = &market.coins[at];
    let first = coin.added_ms + 5 * MINUTE;
    match coin.status {
        Status::Active => Some((first, Millis::MAX)),
        Status::Inactive => Some((first, time::parse_iso(coin.last_data.as_deref()?)?)),
        Status::Untracked => None,
    }
}

/// The logarithm of the price of one thing in another, for many steps close to each other.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    terms: Vec<(f64, Walker)>,
}

impl Path {
    pub(crate) fn of(market: &Market, subject: Subject, currency: Subject) -> Self {
        let mut terms = Vec::new();
        for (sign, subject) in [(1.0, subject), (-1.0, currency)] {
            for (weight, lane) in walks(market, subject) {
                if weight != 0.0 {
                    terms.push((sign * weight, Walker::new(lane)));
                }
            }
        }
        Self { terms }
    }

    fn at(&mut self, step: i64) -> f64 {
        self.terms.iter_mut().map(|(weight, walker)| *weight * walker.at(step)).sum()
    }

    /// The steps, among `steps`, of the lowest and the highest price.
    pub(crate) fn extremes(&mut self, steps: impl IntoIterator<Item = i64>) -> (i64, i64) {
        let (mut low, mut high) = ((f64::INFINITY, 0), (f64::NEG_INFINITY, 0));
        for step in steps {
            let value = self.at(step);
            if value < low.0 {
                low = (value, step);
            }
            if value > high.0 {
                high = (value, step);
            }
        }
        (low.1, high.1)
    }
}

/// What moves a price: how much it follows which walk.
fn walks(market: &Market, subject: Subject) -> Vec<(f64, u64)> {
    match subject {
        Subject::Coin(at) => {
            let tempo = &market.coins[at].tempo;
            vec![(tempo.beta, moment::tide_lane(market.seed)), (tempo.volatility, tempo.lane)]
        }
        Subject::Fiat(at) => vec![market.fiats[at].term(market.seed)],
    }
}

/// The step in which an instant lies.
pub(crate) const fn step_of(ms: Millis) -> i64 {
    ms.div_euclid(STEP)
}
