//! Keys of many askers → the calls that fetch them, for the fewest credits. Pure.
//!
//! Calls of one currency and block cost the same whether merged or split, so quotes go one
//! currency a call (which the smallest plan demands anyway) and every paid block is filled with
//! what is worth having. Blocks of a ranking go in runs, all currencies at once.

use std::collections::BTreeMap;

use cmc_api::{Call, CallError, CoinId, Part, Ranking, Tariff, Whose};
use credits::Credits;
use smallvec::SmallVec;

use crate::{
    entity::{Entity, How, Want},
    limits,
};

/// A call and what it is for.
#[derive(Debug)]
pub struct Load {
    /// The call.
    pub call: Call,
    /// How its reply is read.
    pub kind: LoadKind,
    /// What it may cost at most.
    pub price: Credits,
    /// The entities it is expected to bring, those that were asked for first.
    pub carries: Vec<Entity>,
}

/// How the reply of a call is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadKind {
    /// Coins with quotes, by id.
    Quotes,
    /// A run of blocks of a ranking.
    Blocks {
        /// The ranking.
        ranking: Ranking,
        /// The first block of the run.
        first: u32,
        /// How many blocks.
        n_blocks: u32,
        /// The currency that names the blocks.
        currency: CoinId,
    },
    /// Metadata, by id.
    Infos,
    /// Parts of one kind in one currency.
    Parts(Part, CoinId),
    /// The map of all coins.
    Map,
    /// A whole answer.
    Whole,
}

/// What was packed, and what no call can be made of.
#[derive(Debug, Default)]
pub struct Packed {
    /// The calls.
    pub loads: Vec<Load>,
    /// Entities without a call, and why.
    pub refused: Vec<(Entity, CallError)>,
}

/// What is worth having beyond what was asked for.
pub trait Demand {
    /// Up to `room` coins whose quote in `currency` is worth refreshing, the worthiest first;
    /// none of `taken`.
    fn quotes(&self, currency: CoinId, room: usize, taken: &[CoinId]) -> Vec<CoinId>;

    /// Up to `room` coins whose metadata is worth having; none of `taken`.
    fn infos(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId>;
}

/// Nothing is worth having but what was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDemand;

impl Demand for NoDemand {
    fn quotes(&self, _: CoinId, _: usize, _: &[CoinId]) -> Vec<CoinId> {
        Vec::new()
    }

    fn infos(&self, _: usize, _: &[CoinId]) -> Vec<CoinId> {
        Vec::new()
    }
}

/// Packs `wanted` into calls; `tariff` prices them and `demand` fills the places that a started
/// block pays for anyway.
#[must_use]
pub fn pack(wanted: &[Want], tariff: &Tariff, demand: &dyn Demand) -> Packed {
    let mut sorted = Sorted::default();
    wanted.iter().for_each(|want| sorted.add(want));
    let mut packer = Packer { tariff, packed: Packed::default() };
    for (currency, coins) in sorted.quotes {
        packer.quotes(currency, &coins, demand);
    }
    for ((ranking, currencies), blocks) in sorted.blocks {
        packer.blocks(&ranking, &currencies, blocks);
    }
    packer.infos(&sorted.infos, demand);
    for ((part, currency, _), whose) in sorted.parts {
        packer.parts(part, currency, &whose);
    }
    for want in sorted.singles {
        let (call, kind) = match &want.how {
            How::AsAsked(query) => (Call::whole(query), LoadKind::Whole),
            _ => (Ok(Call::map()), LoadKind::Map),
        };
        packer.add(call, kind, vec![want.entity]);
    }
    packer.packed
}

type Currencies = SmallVec<[CoinId; 2]>;

/// What is wanted, by what can share a call.
#[derive(Default)]
struct Sorted {
    quotes: BTreeMap<CoinId, Vec<CoinId>>,
    blocks: BTreeMap<(Ranking, Currencies), Vec<u32>>,
    infos: Vec<CoinId>,
    /// By kind, currency, and whether they are named by slug.
    parts: BTreeMap<(Part, CoinId, bool), Vec<Whose>>,
    singles: Vec<Want>,
}

impl Sorted {
    fn add(&mut self, want: &Want) {
        match &want.entity {
            Entity::Quote { coin, currency } => {
                self.quotes.entry(*currency).or_default().push(*coin);
            }
            Entity::Block { ranking, currency, block } => {
                let currencies = match &want.how {
                    How::InCurrencies(currencies) => currencies.clone(),
                    _ => std::iter::once(*currency).collect(),
                };
                let key = (ranking.clone(), currencies);
                self.blocks.entry(key).or_default().push(*block);
            }
            Entity::Info { coin } => self.infos.push(*coin),
            Entity::Part { part, whose, currency } => {
                let key = (*part, *currency, matches!(whose, Whose::Slug(_)));
                self.parts.entry(key).or_default().push(whose.clone());
            }
            Entity::Map | Entity::Whole { .. } => self.singles.push(want.clone()),
        }
    }
}

struct Packer<'a> {
    tariff: &'a Tariff,
    packed: Packed,
}

impl Packer<'_> {
    fn quotes(&mut self, currency: CoinId, coins: &[CoinId], demand: &dyn Demand) {
        for chunk in coins.chunks(limits::COINS_PER_CALL_MAX) {
            let mut ids = chunk.to_vec();
            let room = limits::COINS_PER_CALL_MAX - ids.len();
            if room > 0 {
                ids.extend(demand.quotes(currency, room, coins));
            }
            let carries = ids.iter().map(|coin| Entity::Quote { coin: *coin, currency }).collect();
            self.add(Call::quotes(&ids, &[currency]), LoadKind::Quotes, carries);
        }
    }

    fn infos(&mut self, coins: &[CoinId], demand: &dyn Demand) {
        for chunk in coins.chunks(limits::COINS_PER_CALL_MAX) {
            let mut ids = chunk.to_vec();
            let room = limits::COINS_PER_CALL_MAX - ids.len();
            if room > 0 {
                ids.extend(demand.infos(room, coins));
            }
            let carries = ids.iter().map(|coin| Entity::Info { coin: *coin }).collect();
            self.add(Call::info(&ids), LoadKind::Infos, carries);
        }
    }

    fn parts(&mut self, part: Part, currency: CoinId, whose: &[Whose]) {
        for chunk in chunks(whose) {
            let carries = chunk.iter().cloned();
            let carries = carries.map(|whose| Entity::Part { part, whose, currency }).collect();
            self.add(Call::parts(part, chunk, currency), LoadKind::Parts(part, currency), carries);
        }
    }

    fn blocks(&mut self, ranking: &Ranking, currencies: &Currencies, mut blocks: Vec<u32>) {
        blocks.sort_unstable();
        blocks.dedup();
        for (first, n_blocks) in runs(&blocks) {
            let start = first * limits::BLOCK_PLACES + 1;
            let call = Call::listings(ranking, start, n_blocks * limits::BLOCK_PLACES, currencies);
            let currency = currencies[0];
            let carries = (first..first + n_blocks)
                .map(|block| Entity::Block { ranking: ranking.clone(), currency, block })
                .collect();
            let kind = LoadKind::Blocks { ranking: ranking.clone(), first, n_blocks, currency };
            self.add(call, kind, carries);
        }
    }

    fn add(&mut self, call: Result<Call, CallError>, kind: LoadKind, carries: Vec<Entity>) {
        match call {
            Ok(call) => {
                let price = self.tariff.price(&call);
                self.packed.loads.push(Load { call, kind, price, carries });
            }
            Err(error) => {
                let refused = carries.into_iter().map(|entity| (entity, error.clone()));
                self.packed.refused.extend(refused);
            }
        }
    }
}

/// As many owners as one credit buys and one URL holds: slugs may be long.
fn chunks(mut whose: &[Whose]) -> Vec<&[Whose]> {
    let mut chunks = Vec::new();
    while !whose.is_empty() {
        let mut n_bytes = 0;
        let fits = whose.iter().take(limits::COINS_PER_CALL_MAX).take_while(|whose| {
            n_bytes += whose.to_string().len() + 1;
            n_bytes <= limits::NAMES_BYTES_MAX
        });
        // One name always goes: whether it is too long is for the call to say.
        let (chunk, rest) = whose.split_at(fits.count().max(1));
        chunks.push(chunk);
        whose = rest;
    }
    chunks
}

/// Sorted blocks as runs of neighbours: first block and length, none longer than a call allows.
fn runs(blocks: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some((first, length))
                if *first + *length == *block && *length < limits::BLOCKS_PER_CALL_MAX =>
            {
                *length += 1;
            }
            _ => runs.push((*block, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
