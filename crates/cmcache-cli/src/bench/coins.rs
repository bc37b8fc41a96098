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
#[derive(Debug)]
pub(crate) struct Coins {
    all: Vec<Coin>,
    by_id: HashMap<u32, u16>,
}

impl Coins {
    /// Of a market at this instant.
    ///
    /// # Errors
    ///
    /// The simulator answers something else than a map.
    pub(crate) fn of_market(sim: &Detached, at: Timestamp) -> anyhow::Result<Self> {
        sim.set_now_ms(at.as_millis());
        let mut all = Vec::new();
        loop {
            let start = all.len() + 1;
            let page = page(sim, start)?;
            let n_coins = page.len();
            all.extend(page);
            if n_coins < PAGE {
                return Ok(Self::new(all));
            }
        }
    }

    fn new(mut all: Vec<Coin>) -> Self {
        all.truncate(usize::from(u16::MAX));
        let mut n_named: HashMap<String, usize> = HashMap::new();
        for coin in &all {
            *n_named.entry(coin.symbol.to_uppercase()).or_default() += 1;
        }
        for coin in &mut all {
            let is_simple = coin.symbol.bytes().all(|byte| byte.is_ascii_alphanumeric());
            coin.is_plain = is_simple && n_named[&coin.symbol.to_uppercase()] == 1;
        }
        let places = (0u16..).zip(&all);
        let by_id = places.map(|(place, coin)| (coin.id, place)).collect();
        Self { all, by_id }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    pub(crate) fn at(&self, place: u16) -> &Coin {
        &self.all[usize::from(place)]
    }

    /// The place of the coin with this id.
    pub(crate) fn place(&self, id: u32) -> Option<u16> {
        self.by_id.get(&id).copied()
    }

    /// The place of the one coin that `is_it` accepts.
    pub(crate) fn find(&self, is_it: impl Fn(&Coin) -> bool) -> Option<u16> {
        let place = self.all.iter().position(is_it)?;
        u16::try_from(place).ok()
    }
}

fn page(sim: &Detached, start: usize) -> anyhow::Result<Vec<Coin>> {
    let query = format!("sort=cmc_rank&start={start}&limit={PAGE}");
    let path = "/v1/cryptocurrency/map";
    let asked = Asked { method: "GET", path, query: &query, key: Some(DEFAULT_KEY), body: b"" };
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
