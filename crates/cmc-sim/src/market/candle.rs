//! Open, high, low and close, all taken from the one price path.

use crate::market::path::{self, Path};
use crate::market::{Market, Subject};
use crate::time::{HOUR, Millis};

/// Minutes of each hour at which a candle looks: an hour's looks are among its day's.
const LOOKS: [i64; 4] = [0, 20, 40, 59];
const STEPS_PER_HOUR: i64 = HOUR / crate::market::moment::STEP;

/// One value of a candle: what, and in which step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Mark {
    pub(crate) value: f64,
    pub(crate) step: i64,
}

impl Mark {
    pub(crate) const fn ms(self) -> Millis {
        self.step * crate::market::moment::STEP
    }
}

/// What happened to one price between two steps, in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Candle {
    pub(crate) open: Mark,
    pub(crate) high: Mark,
    pub(crate) low: Mark,
    pub(crate) close: Mark,
}

/// Draws the candles of one thing in one currency.
#[derive(Debug)]
pub(crate) struct Drawer<'a> {
    market: &'a Market,
    subject: Subject,
    currency: Subject,
    path: Path,
}

impl<'a> Drawer<'a> {
    pub(crate) fn new(market: &'a Market, subject: Subject, currency: Subject) -> Self {
        Self { market, subject, currency, path: Path::of(market, subject, currency) }
    }

    /// From one step to another, both included.
    pub(crate) fn candle(&mut self, from: i64, to: i64) -> Candle {
        self.over(from, to, looks(from, to))
    }

    /// The same, looking only at the given steps.
    pub(crate) fn over(
        &mut self,
        from: i64,
        to: i64,
        steps: impl IntoIterator<Item = i64>,
    ) -> Candle {
        let (low, high) = self.path.extremes(steps);
        let (open, close) = (self.mark(from), self.mark(to));
        let marks = [open, close, self.mark(low), self.mark(high)];
        let low = marks.into_iter().min_by(|a, b| a.value.total_cmp(&b.value)).unwrap_or(open);
        let high = marks.into_iter().max_by(|a, b| a.value.total_cmp(&b.value)).unwrap_or(open);
        Candle { open, high, low, close }
    }

    fn mark(&self, step: i64) -> Mark {
        Mark { value: path::price_in(self.market, self.subject, self.currency, step), step }
    }
}

/// The steps from `from` to `to` at which a candle looks, in their order.
pub(crate) fn looks(from: i64, to: i64) -> impl Iterator<Item = i64> {
    let hours = from.div_euclid(STEPS_PER_HOUR)..=to.div_euclid(STEPS_PER_HOUR);
    let inside = hours
        .flat_map(|hour| LOOKS.map(|minute| hour * STEPS_PER_HOUR + minute))
        .filter(move |step| (from..=to).contains(step));
    std::iter::once(from).chain(inside).chain(std::iter::once(to))
}

#[cfg(test)]
mod tests;
