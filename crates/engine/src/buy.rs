//! What is wanted now → the loads that depart: due sweeps first, the rest filled.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::{CacheClass, CallError, CoinId, Ranking};

use crate::{
    demand::View,
    entity::{Entity, How, Want},
    fetch::Crew,
    forecast::Forecast,
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

    /// The pages of the ranking that are due because something of them is wanted and missing, where
    /// they are cheaper. From now on they count as flown.
    pub(crate) fn due(&self, wanted: &[Want]) -> Vec<Sweep> {
        let now = self.clock.now();
        let ranks = self.popularity.ranks();
        let missing: Vec<Pair> = wanted.iter().flat_map(|want| pairs_of(want, &ranks)).collect();
        if missing.is_empty() {
            return Vec::new();
        }
        let scene = Scene {
            forecast: &self.forecast(now),
            ranks: &ranks,
            converts_max: self.terms(&ranks).converts_max,
            calls_per_minute: self.calls_per_minute.load(Ordering::Relaxed),
            life: self.term(),
            now,
        };
        self.sweeps.due(&missing, scene)
    }

    /// Whether the page brings what is wanted, as far as ranks tell.
    pub(crate) fn is_brought(&self, sweep: &Sweep, want: &Want) -> bool {
        brings(sweep, want, &self.popularity.ranks())
    }

    /// Packs what departs now: the pages that are due, and the rest in calls whose empty places are
    /// filled with what is worth having.
    pub(crate) fn buy<'a>(
        &self,
        wanted: Vec<Want>,
        due: impl Iterator<Item = &'a Sweep>,
    ) -> Packed {
        let (now, term) = (self.clock.now(), self.term());
        let forecast = self.forecast(now);
        let ranks = self.popularity.ranks();
        let terms = self.terms(&ranks);
        let mut left = wanted;
        let mut loads = Vec::new();
        for sweep in due {
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
            life: self.lives.0.life_of_quotes(),
            life_of_totals: self.lives.0.longest_of(CacheClass::Global),
        };
        let mut packed = pack::pack(&left, terms, &view);
        // What a page would have brought.
        let is_of_page = |load: &&Load| match &load.kind {
            LoadKind::Blocks { ranking, .. } => *ranking == Ranking::by_rank(),
            kind => *kind == LoadKind::Quotes,
        };
        let missed = packed.loads.iter().filter(is_of_page);
        self.sweeps.spent(missed.map(|load| load.price.get()).sum(), now, term);
        packed.loads.splice(0..0, loads);
        packed
    }

    fn forecast(&self, now: Timestamp) -> Arc<Forecast> {
        if self.popularity.is_due(now) {
            self.prepared.count_askings(|wants, n| self.popularity.asked(wants, n, now));
        }
        self.popularity.forecast(now)
    }

    /// How long a page lasts: what is refreshed ahead of its end is due before it.
    fn term(&self) -> Duration {
        let life = self.lives.0.life_of_quotes();
        life.saturating_sub(self.refresher.policy().lead(life))
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
            self.hot.life(entity, life).is_none_or(is_old) && !is_wanted.contains(entity)
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
