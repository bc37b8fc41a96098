//! A lower bound on what any schedule of calls pays for a demand, however clairvoyant: the proof is
//! in `docs/credits.md`.
//!
//! In short: an answer at age at most A, given within W of its request at t, uses data that
//! upstream gave in `[t − A, t + W]`. Of windows that do not touch each other each needs a call of
//! its own. A call for n coins in k currencies costs at least `n/250 + (k − 1)`, and n is at most
//! 5,000; so windows of all currencies together may be weighed 0.95/250 and those of each currency
//! 0.05/250 more, and no call is worth more than it costs. The sum of all weights is the bound.

use super::{
    models::{Limits, Millis, bits, millis},
    oracle::Ranks,
    request::{Ask, BLOCK, Request},
};

/// How long a request may wait for its answer.
pub(crate) const WAIT: Millis = 1_000;
/// Most coins that one call brings.
const COINS_PER_CALL: f64 = 5_000.0;
/// Currencies that are told apart.
const CURRENCIES_MAX: usize = 8;

/// The bound, and what it is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bound {
    /// Whole credits for the quotes of coins.
    pub(crate) quotes: u64,
    pub(crate) infos: u64,
    pub(crate) global: u64,
    pub(crate) fear: u64,
}

impl Bound {
    pub(crate) const fn credits(&self) -> u64 {
        self.quotes + self.infos + self.global + self.fear
    }
}

/// Disjoint windows, counted one after another.
#[derive(Clone, Copy, Debug, Default)]
struct Windows {
    /// The end of the latest one; nothing was counted before it.
    end: Option<Millis>,
    n: u32,
}

impl Windows {
    /// A request at `at` for something that may be `age` old. Requests come in order, so windows
    /// end in order, and taking each one that touches none before it takes as many as there are.
    fn ask(&mut self, at: Millis, age: Millis) {
        let begins = at.saturating_sub(age);
        if self.end.is_none_or(|end| begins > end) {
            self.end = Some(at + WAIT);
            self.n += 1;
        }
    }
}

/// The windows of one coin.
#[derive(Clone, Copy, Debug, Default)]
struct CoinWindows {
    /// Of requests in any currency.
    any: Windows,
    by_currency: [Windows; CURRENCIES_MAX],
}

impl CoinWindows {
    fn n_by_currency(&self) -> u32 {
        self.by_currency.iter().map(|windows| windows.n).sum()
    }
}

/// Counts windows while a demand goes by.
#[derive(Debug)]
pub(crate) struct Bounding<'a> {
    limits: Limits,
    ranks: &'a Ranks,
    quotes: Vec<CoinWindows>,
    infos: Vec<Windows>,
    global: [Windows; CURRENCIES_MAX],
    fear: Windows,
}

impl<'a> Bounding<'a> {
    pub(crate) fn new(limits: Limits, n_places: usize, ranks: &'a Ranks) -> Self {
        Self {
            limits,
            ranks,
            quotes: vec![CoinWindows::default(); n_places],
            infos: vec![Windows::default(); n_places],
            global: [Windows::default(); CURRENCIES_MAX],
            fear: Windows::default(),
        }
    }

    /// A request, and the coins that its answer holds besides those it names.
    pub(crate) fn ask(&mut self, request: &Request, namesakes: &[u16]) {
        let at = millis(request.at);
        match &request.ask {
            Ask::Quotes(places) => {
                self.ask_quotes(at, request.currencies, places);
                self.ask_quotes(at, request.currencies, namesakes);
            }
            Ask::Listing { start, limit } => {
                let from = at.saturating_sub(self.limits.max_age);
                let sure = self.ranks.always_in(*start, *limit, from, at + WAIT);
                self.ask_quotes(at, request.currencies, &sure);
            }
            Ask::Info(places) => {
                let age = self.limits.info_age;
                let all = places.iter().chain(namesakes);
                all.for_each(|place| self.infos[usize::from(*place)].ask(at, age));
            }
            Ask::Global => {
                for currency in bits(request.currencies).map(usize::from) {
                    if let Some(windows) = self.global.get_mut(currency) {
                        windows.ask(at, self.limits.max_age);
                    }
                }
            }
            Ask::Fear => self.fear.ask(at, self.limits.fear_age),
            // One flat credit of v1 brings the prices of any number of coins, and what is unknown
            // has no bound: neither counts.
            Ask::Simple(_) | Ask::Map(_) | Ask::Other => {}
        }
    }

    fn ask_quotes(&mut self, at: Millis, currencies: u32, places: &[u16]) {
        let age = self.limits.max_age;
        for place in places {
            let coin = &mut self.quotes[usize::from(*place)];
            coin.any.ask(at, age);
            for currency in bits(currencies).map(usize::from) {
                if let Some(windows) = coin.by_currency.get_mut(currency) {
                    windows.ask(at, age);
                }
            }
        }
    }

    /// The bound on the whole demand.
    pub(crate) fn bound(&self) -> Bound {
        let n_any: u64 = self.quotes.iter().map(|coin| u64::from(coin.any.n)).sum();
        let by_currency = self.quotes.iter().map(|coin| u64::from(coin.n_by_currency()));
        let n_by_currency: u64 = by_currency.sum();
        let block = f64::from(BLOCK);
        let surcharge = block / COINS_PER_CALL;
        let quotes = if self.limits.joins_currencies {
            ((1.0 - surcharge) * n_any as f64 + surcharge * n_by_currency as f64) / block
        } else {
            n_by_currency as f64 / block
        };
        let sum = |windows: &[Windows]| windows.iter().map(|it| u64::from(it.n)).sum::<u64>();
        Bound {
            quotes: ceiled(quotes),
            infos: sum(&self.infos).div_ceil(u64::from(BLOCK)),
            global: sum(&self.global),
            fear: u64::from(self.fear.n),
        }
    }
}

/// Credits are whole; what rounding added to a sum of many is not counted.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
fn ceiled(credits: f64) -> u64 {
    (credits - 1e-6).ceil().max(0.0) as u64
}

#[cfg(test)]
mod tests;
