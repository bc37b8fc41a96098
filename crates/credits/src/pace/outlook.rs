use serde::Serialize;

use super::Lot;

/// Halvings of the interval in which the worth of a credit is looked for: to a thousandth.
const HALVINGS: usize = 16;

/// What will be spent until the reset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Outlook {
    /// What one credit is worth: seconds of age, summed over answers. Zero: more than enough.
    pub worth: f64,
    /// Credits planned to be spent until the reset.
    pub planned: f64,
    /// Credits expected to be spent at the ages that follow.
    pub expected: f64,
    /// Credits that the youngest allowed ages would take.
    pub at_least: f64,
    /// Credits that the oldest allowed ages would take.
    pub at_most: f64,
}

/// The time until the reset: how long each share of the mean demand lasts, in seconds.
pub(super) type Ahead = Vec<(f64, f64)>;

impl Outlook {
    /// Finds the one worth of a credit at which all lots together spend `planned` in the time
    /// ahead. One worth for all lots and all hours is what makes the sum of all ages least: else a
    /// credit could be moved to where it does more.
    pub(super) fn of(lots: &[Lot], ahead: &Ahead, planned: f64) -> Self {
        let planned = planned.max(0.0);
        let at_least = spent(lots, ahead, 0.0);
        let at_most = spent(lots, ahead, f64::MAX);
        let of = |worth: f64, expected| Self { worth, planned, expected, at_least, at_most };
        if at_least <= planned {
            return of(0.0, at_least);
        }
        let (mut low, mut high) = range(lots, ahead);
        if at_most >= planned {
            return of(high, at_most);
        }
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            *if spent(lots, ahead, middle) > planned { &mut low } else { &mut high } = middle;
        }
        of(high, spent(lots, ahead, high))
    }
}

/// Below the first worth, every lot is as young as it may be; above the second, as old.
fn range(lots: &[Lot], ahead: &Ahead) -> (f64, f64) {
    let shares = || ahead.iter().map(|(share, _)| *share);
    let (slow, busy) = (shares().fold(f64::MAX, f64::min), shares().fold(0.0, f64::max));
    let low = lots.iter().map(|lot| lot.at_rate(lot.rate * slow).worth_of(lot.least));
    let high = lots.iter().map(|lot| lot.at_rate(lot.rate * busy).worth_of(lot.most));
    (low.fold(f64::MAX, f64::min).max(1e-6), high.fold(1e-6, f64::max))
}

/// Credits that the lots take in the time ahead.
pub(super) fn spent(lots: &[Lot], ahead: &Ahead, worth: f64) -> f64 {
    let worth = worth.min(1e15);
    let hours = ahead.iter().map(|(share, seconds)| {
        let lots = lots.iter().map(|lot| lot.at_rate(lot.rate * share).spending(worth));
        seconds * lots.sum::<f64>()
    });
    hours.sum()
}
