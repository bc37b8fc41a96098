//! The same demand by other schemes, modelled: what each would have paid.
//!
//! A model is asked request by request, in order, and counts credits and calls. Where a choice had
//! to be made it flatters the model: an answer is there at once unless said otherwise, ranks stand
//! still, and nobody is ever refused.

mod rules;
mod simple;

use std::time::Duration;

use super::{coins::Coins, price::Prices, request::Request};

pub(crate) use rules::{Ruled, bits, rules};
pub(crate) use simple::{NoCache, PerSymbol, UrlCache};

/// Whole milliseconds since the demand began.
pub(crate) type Millis = u32;

/// How old values may be, and what the plan allows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) max_age: Millis,
    /// Of sentiment, which changes more slowly.
    pub(crate) fear_age: Millis,
    /// Of metadata.
    pub(crate) info_age: Millis,
    /// What a call takes.
    pub(crate) latency: Millis,
    /// Whether one call may carry several currencies.
    pub(crate) joins_currencies: bool,
}

/// What was paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) credits: u64,
    pub(crate) calls: u64,
}

impl Tally {
    pub(crate) const fn pay(&mut self, credits: u64) {
        self.credits += credits;
        self.calls += 1;
    }
}

/// A scheme that is asked along.
pub(crate) trait Model {
    /// A request at `now`, with the text that a client would write and its price.
    fn ask(&mut self, now: Millis, asked: &Asking<'_>);

    /// What was paid until the end.
    fn tally(&mut self) -> Tally;
}

/// A request as models see it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) request: &'a Request,
    pub(crate) target: &'a str,
    /// The coins that its answer holds besides those it names.
    pub(crate) namesakes: &'a [u16],
    /// When it is sent to the API as it is.
    pub(crate) price: u64,
}

/// A scheme and what it is called.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) model: Box<dyn Model + Send>,
}

/// Plays a demand through models.
pub(crate) fn play(
    demand: impl Iterator<Item = Request>,
    coins: &Coins,
    models: &mut [Named],
) -> Vec<(String, Tally)> {
    let mut prices = Prices::default();
    for request in demand {
        let target = request.target(coins);
        let price = prices.of(&request, &target);
        let now = millis(request.at);
        let namesakes = request.namesakes(coins);
        let asking = Asking { request: &request, target: &target, namesakes: &namesakes, price };
        models.iter_mut().for_each(|named| named.model.ask(now, &asking));
    }
    models.iter_mut().map(|named| (named.name.clone(), named.model.tally())).collect()
}

/// A demand is shorter than 49 days.
pub(crate) fn millis(length: Duration) -> Millis {
    Millis::try_from(length.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests;
