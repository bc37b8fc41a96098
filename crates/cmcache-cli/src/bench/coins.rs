//! The coins that a demand names, as the free map of the simulated market tells them.

use std::collections::HashMap;

use anyhow::Context;
use cmc_sim::{Asked, DEFAULT_KEY, Detached};
use cmcache::{
    clock::Timestamp,
    cmc_api::{
        Reply,
        json::{self, Elements, Members},
    },
};

/// Most coins that one page of the map holds.
const PAGE: usize = 5_000;

/// A coin that can be named.
#[derive(Clone, Debug)]
pub(crate) struct Coin {
    pub(crate) id: u32,
    pub(crate) symbol: String,
    pub(crate) slug: String,
    /// Whether its symbol is its own, and can be written into a URL as it is.
    pub(crate) is_plain: bool,
}

/// All active coins of a market by rank at one instant. A demand names them by their place here.
///
/// Behind them are places of dead coins that share a symbol with one of them. No demand names
/// these, but answers by symbol hold them.
#[derive(Debug)]
pub(crate) struct Coins {
    all: Vec<Coin>,
    n_active: usize,
    /// Active ones.
    by_id: HashMap<u32, u16>,
    /// Of symbols, in capitals, that several have: the places of all of them.
    shared: HashMap<String, Vec<u16>>,
}

impl Coins {
    /// Of a market at this instant.
    ///
    /// # Errors
    ///
    /// The simulator answers something else than a map.
    pub(crate) fn of_market(sim: &Detached, at: Timestamp) -> anyhow::Result<Self> {
        sim.set_now_ms(at.as_millis());
        let active = listed(sim, "sort=cmc_rank")?;
        let dead = listed(sim, "listing_status=inactive,untracked")?;
        Ok(Self::new(active, dead))
    }

    fn new(mut all: Vec<Coin>, dead: Vec<Coin>) -> Self {
        all.truncate(usize::from(u16::MAX));
        let n_active = all.len();
        let mut shared: HashMap<String, Vec<u16>> = HashMap::new();
        for (place, coin) in (0u16..).zip(&all) {
            shared.entry(coin.symbol.to_uppercase()).or_default().push(place);
        }
        for coin in &mut all {
            let is_simple = coin.symbol.bytes().all(|byte| byte.is_ascii_alphanumeric());
            coin.is_plain = is_simple && shared[&coin.symbol.to_uppercase()].len() == 1;
        }
        let places = (0u16..).zip(&all);
        let by_id = places.map(|(place, coin)| (coin.id, place)).collect();
        for coin in dead {
            let Ok(place) = u16::try_from(all.len()) else { break };
            if let Some(same) = shared.get_mut(&coin.symbol.to_uppercase()) {
                same.push(place);
                all.push(coin);
            }
        }
        shared.retain(|_, same| same.len() > 1);
        Self { all, n_active, by_id, shared }
    }

    /// How many are active: their places are the first.
    pub(crate) fn n_active(&self) -> usize {
        self.n_active
    }

    /// How many places there are, those of the dead too.
    pub(crate) fn n_places(&self) -> usize {
        self.all.len()
    }

    /// The others with the symbol of the coin at this place, dead ones too.
    pub(crate) fn namesakes(&self, place: u16) -> impl Iterator<Item = u16> {
        let same = self.shared.get(&self.at(place).symbol.to_uppercase());
        same.into_iter().flatten().copied().filter(move |other| *other != place)
    }

    pub(crate) fn at(&self, place: u16) -> &Coin {
        &self.all[usize::from(place)]
    }

    /// The place of the active coin with this id.
    pub(crate) fn place(&self, id: u32) -> Option<u16> {
        self.by_id.get(&id).copied()
    }

    /// The place of the highest active coin that `is_it` accepts.
    pub(crate) fn find(&self, is_it: impl Fn(&Coin) -> bool) -> Option<u16> {
        let place = self.all[..self.n_active].iter().position(is_it)?;
        u16::try_from(place).ok()
    }
}

/// All coins of the map that these parameters choose, page by page.
fn listed(sim: &Detached, chosen: &str) -> anyhow::Result<Vec<Coin>> {
    let mut all = Vec::new();
    loop {
        let start = all.len() + 1;
        let page = page(sim, &format!("{chosen}&start={start}&limit={PAGE}"))?;
        let n_coins = page.len();
        all.extend(page);
        if n_coins < PAGE {
            return Ok(all);
        }
    }
}

fn page(sim: &Detached, query: &str) -> anyhow::Result<Vec<Coin>> {
    let path = "/v1/cryptocurrency/map";
    let asked = Asked { method: "GET", path, query, key: Some(DEFAULT_KEY), body: b"" };
    let heard = sim.ask(asked);
    let reply = Reply::read(heard.status, heard.body.into()).context("the map")?;
    let text = std::str::from_utf8(&reply.data)?;
    let rows = Elements::of(text).context("the map is a list")?;
    Ok(rows.0.into_iter().filter_map(coin).collect())
}

fn coin(row: &str) -> Option<Coin> {
    let row = Members::of(row)?;
    Some(Coin {
        id: row.get("id")?.parse().ok()?,
        symbol: json::text(row.get("symbol")?)?,
        slug: json::text(row.get("slug")?)?,
        is_plain: false,
    })
}

#[cfg(test)]
mod tests;
