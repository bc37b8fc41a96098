//! What is right: the same market asked again, on its own, at any instant.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use cmc_sim::{Asked, DEFAULT_KEY, Detached, KeyConfig, Plan, SimConfig};
use cmcache::{
    clock::Timestamp,
    cmc_api::{
        Reply,
        json::{self, Elements, Members},
    },
};

use super::{coins::Coins, models::Millis};

/// Market values step every minute.
const STEP_MS: i64 = 60_000;
/// What is compared of a quote, byte for byte.
const FIELDS: [&str; 5] =
    ["price", "volume_24h", "percent_change_24h", "market_cap", "last_updated"];

/// Another simulator of the same market.
#[derive(Debug)]
pub(crate) struct Oracle {
    sim: Detached,
}

/// One quote of an answer: coin, currency, the step it is from, and its fields as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quote {
    pub(crate) coin: u32,
    pub(crate) currency: String,
    pub(crate) step: i64,
    fields: Vec<Option<String>>,
}

impl Oracle {
    /// # Errors
    ///
    /// The simulator cannot be built.
    pub(crate) fn new(seed: u64) -> anyhow::Result<Self> {
        let mut key = KeyConfig::new(DEFAULT_KEY, Plan::Enterprise);
        // Nobody bills it.
        (key.rpm, key.credits_monthly) = (u64::MAX, u64::MAX);
        let sim = Detached::new(SimConfig { seed, keys: vec![key], ..SimConfig::default() })?;
        Ok(Self { sim })
    }

    /// The coins by their rank at one instant.
    ///
    /// # Errors
    ///
    /// The simulator answers something else than a map.
    pub(crate) fn coins(&self, at: Timestamp) -> anyhow::Result<Coins> {
        Coins::of_market(&self.sim, at)
    }

    fn ask(&self, at_ms: i64, path: &str, query: &str) -> anyhow::Result<String> {
        self.sim.set_now_ms(at_ms);
        let asked = Asked { method: "GET", path, query, key: Some(DEFAULT_KEY), body: b"" };
        let heard = self.sim.ask(asked);
        let reply = Reply::read(heard.status, heard.body.into()).context("the oracle")?;
        Ok(String::from_utf8(reply.data.to_vec())?)
    }

    /// How many of these quotes are not what upstream gave for that coin, currency and instant.
    ///
    /// # Errors
    ///
    /// The oracle cannot be asked.
    pub(crate) fn count_wrong(&self, quotes: &[Quote]) -> anyhow::Result<u64> {
        let mut groups: BTreeMap<(i64, &str), Vec<&Quote>> = BTreeMap::new();
        for quote in quotes {
            groups.entry((quote.step, &quote.currency)).or_default().push(quote);
        }
        let mut n_wrong = 0;
        for ((step, currency), group) in groups {
            let ids: Vec<String> = group.iter().map(|quote| quote.coin.to_string()).collect();
            let query = format!("id={}&convert={currency}", ids.join(","));
            let path = "/v3/cryptocurrency/quotes/latest";
            let text = self.ask(step * STEP_MS, path, &query)?;
            let right: HashMap<u32, Quote> =
                quotes_of(&text).into_iter().map(|quote| (quote.coin, quote)).collect();
            let is_wrong = |quote: &&&Quote| right.get(&quote.coin) != Some(**quote);
            n_wrong += group.iter().filter(is_wrong).count() as u64;
        }
        Ok(n_wrong)
    }
}

/// All quotes in the data of a quotes or listings answer, whichever version.
pub(crate) fn quotes_of(data: &str) -> Vec<Quote> {
    rows(data).into_iter().flat_map(|row| quotes_of_row(row).unwrap_or_default()).collect()
}

/// The objects of coins: elements of the list, members of the map, or elements of those members.
fn rows(data: &str) -> Vec<&str> {
    let several = match Elements::of(data) {
        Some(elements) => elements.0,
        None => Members::of(data)
            .map(|members| members.0.into_iter().map(|(_, row)| row).collect())
            .unwrap_or_default(),
    };
    several
        .into_iter()
        .flat_map(|row| Elements::of(row).map_or_else(|| vec![row], |rows| rows.0))
        .collect()
}

fn quotes_of_row(row: &str) -> Option<Vec<Quote>> {
    let row = Members::of(row)?;
    let coin = row.get("id")?.parse().ok()?;
    let quote = row.get("quote")?;
    if let Some(list) = Elements::of(quote) {
        let one = |text: &&str| {
            let members = Members::of(text)?;
            Some(read(coin, json::text(members.get("symbol")?)?, &members))
        };
        return list.0.iter().map(one).collect::<Option<Option<Vec<_>>>>()?;
    }
    let one = |(currency, text): (_, &str)| {
        Some(read(coin, ToString::to_string(&currency), &Members::of(text)?))
    };
    Members::of(quote)?.0.into_iter().map(one).collect::<Option<Option<Vec<_>>>>()?
}

fn read(coin: u32, currency: String, quote: &Members<'_>) -> Option<Quote> {
    let fields = FIELDS.iter().map(|field| quote.get(field).map(str::to_owned)).collect();
    let updated = json::text(quote.get("last_updated")?)?;
    let step = Timestamp::parse(&updated)?.as_millis().div_euclid(STEP_MS);
    Some(Quote { coin, currency, step, fields })
}

/// Who ranked where in each minute of a demand.
#[derive(Debug)]
pub(crate) struct Ranks {
    /// Milliseconds between the last full minute and the beginning.
    offset: Millis,
    /// By minute: rank by place, from 0.
    rank_of: Vec<Vec<u16>>,
    sure: Mutex<HashMap<Span, Arc<[u16]>>>,
}

/// A page (start and limit), and from which minute to which.
type Span = (u32, u32, usize, usize);

impl Ranks {
    /// # Errors
    ///
    /// The simulator answers something else than a map.
    pub(crate) fn of_market(
        oracle: &Oracle,
        coins: &Coins,
        began: Timestamp,
        length: Millis,
    ) -> anyhow::Result<Self> {
        let first = began.as_millis().div_euclid(STEP_MS);
        let offset = began.as_millis() - first * STEP_MS;
        let n_steps = (offset + i64::from(length) + 2_000).div_euclid(STEP_MS) + 1;
        let rank_of = (first..first + n_steps).map(|step| {
            let at = Timestamp::from_millis(step * STEP_MS);
            let then = oracle.coins(at)?;
            let mut ranks = vec![u16::MAX; coins.n_active()];
            for rank in 0..u16::try_from(then.n_active()).unwrap_or(u16::MAX) {
                if let Some(place) = coins.place(then.at(rank).id) {
                    ranks[usize::from(place)] = rank;
                }
            }
            Ok(ranks)
        });
        let rank_of = rank_of.collect::<anyhow::Result<Vec<_>>>()?;
        let offset = Millis::try_from(offset).unwrap_or(0);
        Ok(Self { offset, rank_of, sure: Mutex::default() })
    }

    /// Of a market in which nothing is ranked.
    #[cfg(test)]
    pub(crate) fn none(n_coins: usize) -> Self {
        Self { offset: 0, rank_of: vec![vec![u16::MAX; n_coins]], sure: Mutex::default() }
    }

    /// The places of the coins that a page of the ranking held at every instant of a span.
    pub(crate) fn always_in(&self, start: u32, limit: u32, from: Millis, to: Millis) -> Arc<[u16]> {
        let step = |at: Millis| {
            let step = ((at + self.offset) / 60_000) as usize;
            step.min(self.rank_of.len() - 1)
        };
        let span = (start, limit, step(from), step(to));
        let mut sure = self.sure.lock().unwrap_or_else(PoisonError::into_inner);
        let known = sure.entry(span).or_insert_with(|| {
            let page = start - 1..start - 1 + limit;
            let steps = &self.rank_of[span.2..=span.3];
            let is_in = |place: &u16| {
                steps.iter().all(|ranks| page.contains(&u32::from(ranks[usize::from(*place)])))
            };
            let places = 0..u16::try_from(self.rank_of[0].len()).unwrap_or(u16::MAX);
            places.filter(is_in).collect()
        });
        Arc::clone(known)
    }
}

#[cfg(test)]
mod tests;
