//! Warming: fetching before anybody asks, as little as that may cost.

use std::collections::HashSet;

use cmc_api::{CoinId, fiat};
use credits::Credits;

use crate::{
    answer::catalog_of,
    catalog::Catalog,
    engine::Engine,
    entity::{Entity, Want},
    error::AnswerError,
    gather::missing_of,
    limits,
    seat::Seat,
    stale::Demand,
};

/// What is warmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// That many coins of the highest rank.
    Ranked(usize),
    /// That many of those asked for most, here, at other instances or before the last start, in
    /// the currencies in which they are asked for; ranks decide where that is not known.
    Popular(usize),
    /// These, by id, slug or symbol.
    Named(Vec<String>),
}

/// What a warming has come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warmed {
    /// Quotes that were chosen.
    pub chosen: usize,
    /// Those that were fresh already, here or in a store.
    pub fresh: usize,
    /// Those that were fetched.
    pub fetched: usize,
    /// Those that could not be had, or that were not worth what they cost now.
    pub left: usize,
    /// What fetching made upstream charge.
    pub charged: Credits,
}

impl Engine {
    /// The quotes that `choice` means, in `currencies` where it does not tell them itself.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]: the map of all coins cannot be had. Names that mean nothing are left out.
    pub async fn choose(
        &self,
        choice: &Choice,
        currencies: &[CoinId],
    ) -> Result<Vec<Entity>, AnswerError> {
        self.load_names().await?;
        let names = self.crew.hot.hold(&Entity::Map);
        let catalog = names.as_ref().and_then(|held| catalog_of(held));
        let ranks = self.crew.popularity.ranks();
        let in_all = |coin: CoinId| currencies.iter().map(move |currency| (coin, *currency));
        let ranked = |n: usize| ranks.order().iter().take(n).copied();
        let pairs: Vec<(CoinId, CoinId)> = match choice {
            Choice::Ranked(n) => ranked(*n).flat_map(in_all).collect(),
            Choice::Popular(n) => {
                let most = n.saturating_mul(currencies.len().max(1));
                let known = self.crew.popularity.known(self.clock.now());
                let known = known.into_iter().map(|(pair, _)| pair);
                known.chain(ranked(*n).flat_map(in_all)).take(most).collect()
            }
            Choice::Named(texts) => {
                let coin = |text: &String| catalog.and_then(|catalog| named(catalog, text));
                texts.iter().filter_map(coin).flat_map(in_all).collect()
            }
        };
        let mut seen = HashSet::new();
        let distinct = pairs.into_iter().filter(|pair| seen.insert(*pair));
        Ok(distinct.map(|(coin, currency)| Entity::Quote { coin, currency }).collect())
    }

    /// The currencies of these codes or ids; unknown ones are left out.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]: a coin is named, and the map of all coins cannot be had.
    pub async fn currencies(&self, codes: &[String]) -> Result<Vec<CoinId>, AnswerError> {
        let fiat = |code: &String| fiat::by_code(&code.to_uppercase()).map(|fiat| fiat.id);
        if codes.iter().any(|code| fiat(code).is_none()) {
            self.load_names().await?;
        }
        let names = self.crew.hot.hold(&Entity::Map);
        let catalog = names.as_ref().and_then(|held| catalog_of(held));
        let coin = |code: &String| catalog.and_then(|catalog| named(catalog, code));
        Ok(codes.iter().filter_map(|code| fiat(code).or_else(|| coin(code))).collect())
    }

    /// Fetches what of `entities` is not fresh, in as few calls as it takes. Each step is priced
    /// first, and left out if all of them together would take more than `most`; `progress` hears of
    /// each. Steps that are done stay done: whoever warms again after an interruption goes on where
    /// it was.
    pub async fn warm(
        &self,
        entities: &[Entity],
        most: Option<Credits>,
        mut progress: impl FnMut(Warmed) + Send,
    ) -> Warmed {
        let mut warmed = Warmed { chosen: entities.len(), ..Warmed::default() };
        for some in entities.chunks(limits::WARMED_AT_ONCE) {
            let wants: Vec<Want> = some.iter().cloned().map(Want::of).collect();
            let missing = self.cold_of(&wants).await;
            warmed.fresh += wants.len() - missing.len();
            if missing.is_empty() {
                continue;
            }
            let price = warmed.charged.saturating_add(self.price_of(&missing));
            if most.is_none_or(|most| price <= most) {
                let (n_fetched, charged) = self.fetch_all(&missing).await;
                warmed.fetched += n_fetched;
                warmed.left += missing.len() - n_fetched;
                warmed.charged = warmed.charged.saturating_add(charged);
            } else {
                warmed.left += missing.len();
            }
            progress(warmed);
        }
        warmed
    }

    /// What warming `entities` would cost now.
    pub async fn price_of_warming(&self, entities: &[Entity]) -> Credits {
        let wants: Vec<Want> = entities.iter().cloned().map(Want::of).collect();
        let missing = self.cold_of(&wants).await;
        self.price_of(&missing)
    }

    /// What nothing fresh is held of, after a look into the tiers.
    async fn cold_of(&self, wants: &[Want]) -> Vec<Want> {
        let demand = self.warming();
        let now = self.clock.now();
        let mut known = self.in_memory(wants);
        let missing = missing_of(wants, &known, (&demand, &self.crew.pacing), now);
        if missing.is_empty() {
            return missing;
        }
        self.in_tiers(&missing, &mut known).await;
        missing_of(&missing, &known, (&demand, &self.crew.pacing), now)
    }

    /// How many could be fetched, and what that took.
    async fn fetch_all(&self, missing: &[Want]) -> (usize, Credits) {
        let demand = self.warming();
        let newer_than = self.clock.now().before(demand.max_age);
        let seat = Seat::of(None);
        let boarded = self.desk.board(missing, |_| newer_than, demand.patience, &seat);
        let landings = boarded.into_iter().map(|boarded| async {
            match boarded {
                Ok(boarded) => boarded.arrived(demand.patience).await.landed.ok(),
                Err(_) => None,
            }
        });
        let landings = futures_util::future::join_all(landings).await;
        (landings.iter().flatten().count(), seat.charged())
    }

    fn warming(&self) -> Demand {
        Demand {
            max_age: self.crew.lives.0.life_of_quotes(),
            ages: None,
            max_stale: None,
            only_if_cached: false,
            patience: limits::ASKER_PATIENCE,
            revalidate: std::time::Duration::ZERO,
        }
    }
}

/// The coin of an id, a slug or a symbol.
fn named(catalog: &Catalog, text: &str) -> Option<CoinId> {
    let by_id = text.parse().ok().map(CoinId::new).filter(|coin| catalog.knows(*coin));
    let by_symbol = || catalog.candidates(&text.to_uppercase()).next();
    by_id.or_else(by_symbol).or_else(|| catalog.by_slug(text))
}
