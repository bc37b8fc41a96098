//! What is wanted now → the loads that depart: due sweeps first, the rest filled.

use std::sync::atomic::Ordering;

use cmc_api::{CallError, CoinId, Ranking};

use crate::{
    demand::View,
    entity::{Entity, How, Want},
    fetch::Crew,
    limits,
    pack::{self, Load, LoadKind, Packed, Terms},
    ranks::Ranks,
    sweep::{Scene, Sweep},
};

type Pair = (CoinId, CoinId);

impl Crew {
    /// Packs what is wanted and nothing else: what it takes by itself.
    pub(crate) fn pack(&self, wanted: &[Want]) -> Packed {
        let ranks = self.popularity.ranks();
        pack::pack(wanted, self.terms(&ranks), &pack::NoDemand)
    }

    /// Packs what departs now: a page of the ranking where that is due and cheaper, and the rest in
    /// calls whose empty places are filled with what is worth having.
    pub(crate) fn buy(&self, wanted: Vec<Want>) -> Packed {
        let now = self.clock.now();
        let life = self.lives.0.life_of_quotes();
        // What is refreshed ahead of its end is due before it.
        let term = life.saturating_sub(self.refresher.policy().lead(life));
        if self.popularity.is_due(now) {
            self.prepared.count_askings(|wants, n| self.popularity.asked(wants, n, now));
        }
        let forecast = self.popularity.forecast(now);
        let ranks = self.popularity.ranks();
        let terms = self.terms(&ranks);
        let missing: Vec<Pair> = wanted.iter().flat_map(|want| pairs_of(want, &ranks)).collect();
        let scene = Scene {
            forecast: &forecast,
            ranks: &ranks,
            converts_max: terms.converts_max,
            calls_per_minute: self.calls_per_minute.load(Ordering::Relaxed),
            life: term,
            now,
        };
        let due = if missing.is_empty() { Vec::new() } else { self.sweeps.due(&missing, scene) };
        let mut left = wanted;
        let mut loads = Vec::new();
        for sweep in &due {
            let (brought, rest) = left.into_iter().partition(|want| brings(sweep, want, &ranks));
            left = rest;
            match self.sweep(sweep, &brought, terms) {
                Ok(load) => loads.push(load),
                Err(_) => {
                    self.sweeps.failed(now);
                    left.extend(brought);
                }
            }
        }
        let swept = self.sweeps.in_force(now, term);
        let view = View {
            forecast: &forecast,
            ranks: &ranks,
            swept: &swept,
            hot: &self.hot,
            flights: &self.flights,
            gates: &self.gates,
            now,
            life,
        };
        let mut packed = pack::pack(&left, terms, &view);
        let by_name = packed.loads.iter().filter(|load| load.kind == LoadKind::Quotes);
        self.sweeps.spent(by_name.map(|load| load.price.get()).sum(), now, term);
        packed.loads.splice(0..0, loads);
        packed
    }

    /// The call of a sweep. Whoever asks for anything that it brings waits for it, unless what is
    /// held is still fresh.
    fn sweep(&self, sweep: &Sweep, brought: &[Want], terms: Terms<'_>) -> Result<Load, CallError> {
        let life = self.lives.0.life_of_quotes();
        let soon = self.clock.now().after(self.refresher.policy().lead(life));
        let wanted: Vec<Entity> = brought.iter().map(|want| want.entity.clone()).collect();
        let is_wanted: std::collections::HashSet<Entity> = wanted.iter().cloned().collect();
        let coins = terms.ranks.top(sweep.depth).iter();
        let pairs = coins.flat_map(|coin| sweep.currencies.iter().map(|id| (*coin, *id)));
        let others = pairs.map(|(coin, currency)| Entity::Quote { coin, currency });
        let others = others.filter(|entity| {
            let is_old = |(_, fresh_until)| fresh_until <= soon;
            self.hot.life(entity).is_none_or(is_old) && !is_wanted.contains(entity)
        });
        pack::sweep(sweep, wanted, others, terms)
    }

    fn terms<'a>(&'a self, ranks: &'a Ranks) -> Terms<'a> {
        let converts_max = self.converts_max.load(Ordering::Relaxed);
        Terms { tariff: &self.tariff, converts_max, ranks }
    }
}

/// The quotes by which it is judged whether a sweep brings `want`.
fn pairs_of(want: &Want, ranks: &Ranks) -> Vec<Pair> {
    match (&want.entity, &want.how) {
        (_, How::Detailed) => Vec::new(),
        (Entity::Quote { coin, currency }, _) => vec![(*coin, *currency)],
        (Entity::Block { ranking, block, .. }, How::InCurrencies(currencies))
            if *ranking == Ranking::by_rank() =>
        {
            let place = (*block as usize).saturating_mul(limits::BLOCK_PLACES as usize);
            let coin = ranks.order().get(place);
            coin.iter().flat_map(|coin| currencies.iter().map(|id| (**coin, *id))).collect()
        }
        _ => Vec::new(),
    }
}

fn brings(sweep: &Sweep, want: &Want, ranks: &Ranks) -> bool {
    let pairs = pairs_of(want, ranks);
    !pairs.is_empty() && pairs.iter().all(|(coin, currency)| sweep.covers(*coin, *currency, ranks))
}
