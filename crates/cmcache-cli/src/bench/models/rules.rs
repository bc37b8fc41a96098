//! Simple rules over coins instead of answers, from the plainest to sweeps: what a planner has to
//! be measured by. All of them make one flight per coin, gather misses for 10 ms, and speak v3.

use super::{Asking, Limits, Millis, Model, Tally};
use crate::bench::{
    demand::UNIVERSE,
    request::{Ask, BLOCK, CURRENCIES},
};

/// How long the first miss waits for others.
const GATHER: Millis = 10;
/// How fast asking is forgotten.
const DECAY_MS: f32 = 300_000.0;
/// What is younger than half its age fills a place that nothing else does: it costs nothing, and
/// keeps coins in step.
const YOUNG: f32 = 1e-9;
/// Waits for departure.
const BOARDING: Millis = Millis::MAX;

/// With what the empty places of a block are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fill {
    Nothing,
    /// With coins that were asked for before.
    Seen,
    /// With those, then with the highest ranked.
    Ranked,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) fill: Fill,
    /// A coin is fetched in all currencies that are asked for at all.
    pub(crate) is_joint: bool,
    /// If one of so many highest ranked coins is missing, all of them are fetched.
    pub(crate) sweep: u16,
}

/// All rules, the plainest first.
pub(crate) fn rules() -> Vec<Rule> {
    let plain = |name, fill, is_joint, sweep| Rule { name, fill, is_joint, sweep };
    vec![
        plain("by coin", Fill::Nothing, false, 0),
        plain("by coin, filled with what was asked", Fill::Seen, false, 0),
        plain("by coin, filled by rank too", Fill::Ranked, false, 0),
        plain("by coin, filled, all currencies", Fill::Ranked, true, 0),
        plain("sweep of 250, rest filled", Fill::Ranked, true, 250),
        plain("sweep of 500, rest filled", Fill::Ranked, true, 500),
        plain("sweep of 1,000, rest filled", Fill::Ranked, true, 1_000),
        plain("sweep of 2,000, rest filled", Fill::Ranked, true, 2_000),
        plain("sweep of 3,000, rest filled", Fill::Ranked, true, 3_000),
        plain("sweep of 5,000", Fill::Ranked, true, 5_000),
    ]
}

/// A rule at work.
#[derive(Debug)]
pub(crate) struct Ruled {
    rule: Rule,
    limits: Limits,
    /// Places of active coins; behind them are dead ones, which only their symbol asks for.
    n_active: usize,
    n_places: usize,
    /// When each coin in each currency expires: by currency, then by place.
    until: Vec<Millis>,
    /// Decayed count of askings, and as of when.
    asked: Vec<(f32, Millis)>,
    /// Currencies that were asked for so far.
    currencies: u32,
    boarding: Vec<(u16, u8)>,
    departs: Option<Millis>,
    has_info: Vec<bool>,
    until_global: [Millis; 32],
    until_fear: Millis,
    tally: Tally,
}

impl Ruled {
    pub(crate) fn new(rule: Rule, limits: Limits, n_active: usize, n_places: usize) -> Self {
        Self {
            rule,
            limits,
            n_active,
            n_places,
            until: vec![0; n_places * 32.min(CURRENCIES.len() + 5)],
            asked: vec![(0.0, 0); n_places],
            currencies: 0,
            boarding: Vec::new(),
            departs: None,
            has_info: vec![false; n_places],
            until_global: [0; 32],
            until_fear: 0,
            tally: Tally::default(),
        }
    }

    fn slot(&self, place: u16, currency: u8) -> usize {
        usize::from(currency) * self.n_places + usize::from(place)
    }

    fn want(&mut self, now: Millis, place: u16, currency: u8) {
        let slot = self.slot(place, currency);
        let Some(until) = self.until.get_mut(slot) else { return };
        if *until <= now {
            *until = BOARDING;
            self.boarding.push((place, currency));
            self.departs.get_or_insert(now + GATHER);
        }
    }

    fn note(&mut self, now: Millis, place: u16) {
        let Some((count, at)) = self.asked.get_mut(usize::from(place)) else { return };
        *count = *count * (-((now - *at) as f32) / DECAY_MS).exp() + 1.0;
        *at = now;
    }

    fn depart(&mut self, now: Millis) {
        self.departs = None;
        let mut boarding = std::mem::take(&mut self.boarding);
        let sweep = self.rule.sweep;
        if boarding.iter().any(|(place, _)| *place < sweep) {
            let all: Vec<u16> = (0..sweep).collect();
            self.call(now, &all, self.currencies);
            boarding.retain(|(place, _)| *place >= sweep);
        }
        if self.rule.is_joint {
            let mut places: Vec<u16> = boarding.iter().map(|(place, _)| *place).collect();
            self.filled(now, &mut places, self.currencies);
            return;
        }
        for currency in bits(self.currencies) {
            let same = boarding.iter().filter(|(_, other)| *other == currency);
            let mut places: Vec<u16> = same.map(|(place, _)| *place).collect();
            self.filled(now, &mut places, 1 << currency);
        }
    }

    /// Fills the last block of these coins, and calls.
    fn filled(&mut self, now: Millis, places: &mut Vec<u16>, currencies: u32) {
        if places.is_empty() {
            return;
        }
        places.sort_unstable();
        places.dedup();
        let block = BLOCK as usize;
        let room = places.len().next_multiple_of(block) - places.len();
        if self.rule.fill != Fill::Nothing && room > 0 {
            let mut worth = self.worth(now, places, currencies);
            if worth.len() > room {
                worth.select_nth_unstable_by(room, |one, two| two.0.total_cmp(&one.0));
                worth.truncate(room);
            }
            places.extend(worth.into_iter().map(|(_, place)| place));
        }
        self.call(now, places, currencies);
    }

    /// What may be put into a free place: what demands name, and what answers by symbol hold too.
    fn fillable(&self) -> impl Iterator<Item = u16> {
        let named = 0..UNIVERSE.min(self.n_active);
        named.chain(self.n_active..self.n_places).filter_map(|place| u16::try_from(place).ok())
    }

    /// Coins that are worth a free place: likely to be asked before they would be fetched again.
    fn worth(&self, now: Millis, taken: &[u16], currencies: u32) -> Vec<(f32, u16)> {
        let half = self.limits.max_age as f32 / 2.0;
        let mut worth = Vec::with_capacity(UNIVERSE);
        for place in self.fillable() {
            let (count, at) = self.asked[usize::from(place)];
            if count == 0.0 && self.rule.fill == Fill::Seen {
                continue;
            }
            let soonest = bits(currencies).map(|currency| self.until[self.slot(place, currency)]);
            let rest = soonest.min().unwrap_or(0).saturating_sub(now) as f32;
            if taken.binary_search(&place).is_ok() {
                continue;
            }
            let count = count * (-((now - at) as f32) / DECAY_MS).exp();
            let expected = count / DECAY_MS * self.limits.max_age as f32;
            let prior = if self.rule.fill == Fill::Ranked { 0.001 } else { 0.0 };
            let chance = 1.0 - (-expected).exp() + prior / (f32::from(place) + 1.0);
            worth.push((chance * (1.0 - rest / half).max(YOUNG), place));
        }
        worth
    }

    fn call(&mut self, now: Millis, places: &[u16], currencies: u32) {
        let blocks = (places.len() as u64).div_ceil(u64::from(BLOCK)).max(1);
        let n_currencies = u64::from(currencies.count_ones());
        if self.limits.joins_currencies {
            self.tally.pay(blocks + n_currencies - 1);
        } else {
            (0..n_currencies).for_each(|_| self.tally.pay(blocks));
        }
        for currency in bits(currencies) {
            for place in places {
                let slot = self.slot(*place, currency);
                if let Some(until) = self.until.get_mut(slot) {
                    *until = now + self.limits.max_age;
                }
            }
        }
    }

    /// Metadata: once, in blocks by rank where blocks are filled.
    fn ask_infos(&mut self, places: &[u16], namesakes: &[u16]) {
        let missing = places.iter().chain(namesakes).copied();
        let mut missing: Vec<u16> = missing.filter(|place| !self.has(*place)).collect();
        if missing.is_empty() {
            return;
        }
        self.tally.pay(1);
        if self.rule.fill != Fill::Nothing {
            let room = (BLOCK as usize).saturating_sub(missing.len());
            let others = self.fillable().filter(|place| !self.has(*place));
            missing.extend(others.take(room));
        }
        missing.iter().for_each(|place| self.has_info[usize::from(*place)] = true);
    }

    fn has(&self, place: u16) -> bool {
        self.has_info[usize::from(place)]
    }
}

impl Model for Ruled {
    fn ask(&mut self, now: Millis, asking: &Asking<'_>) {
        if let Some(at) = self.departs.filter(|at| *at <= now) {
            self.depart(at);
        }
        let request = asking.request;
        match &request.ask {
            Ask::Quotes(_) | Ask::Simple(_) | Ask::Listing { .. } => {
                self.currencies |= request.currencies;
                for place in request.quoted().chain(asking.namesakes.iter().copied()) {
                    if self.rule.fill != Fill::Nothing {
                        self.note(now, place);
                    }
                    for currency in bits(request.currencies) {
                        self.want(now, place, currency);
                    }
                }
            }
            Ask::Info(places) => self.ask_infos(places, asking.namesakes),
            Ask::Global => {
                for currency in bits(request.currencies) {
                    let until = &mut self.until_global[usize::from(currency)];
                    if *until <= now {
                        *until = now + self.limits.max_age;
                        self.tally.pay(1);
                    }
                }
            }
            Ask::Fear if self.until_fear <= now => {
                self.until_fear = now + self.limits.fear_age;
                self.tally.pay(1);
            }
            Ask::Other => self.tally.pay(asking.price),
            Ask::Fear | Ask::Map(_) => {}
        }
    }

    fn tally(&mut self) -> Tally {
        if let Some(at) = self.departs {
            self.depart(at);
        }
        self.tally
    }
}

/// The bits that are set, from the lowest.
pub(crate) fn bits(mask: u32) -> impl Iterator<Item = u8> {
    (0..32u8).filter(move |bit| mask & (1 << bit) != 0)
}
