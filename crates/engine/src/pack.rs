//! Keys of many askers → the calls that fetch them, for the fewest credits. Pure.
//!
//! What covers the wanted quotes is chosen in [`cover`]; every paid block is filled with what is
//! worth having. Blocks of a ranking go in runs, all currencies at once.

use std::collections::{BTreeMap, HashSet};

use cmc_api::{Call, CallError, CoinId, Part, Ranking, Tariff, Whose};
use credits::Credits;

use crate::{
    entity::{Entity, How, Want},
    limits,
    ranks::Ranks,
    sweep::Sweep,
};

pub mod cover;

use cover::{Bounds, Currencies, Lot, Purchase, Wanted};

/// A call and what it is for.
#[derive(Debug)]
pub struct Load {
    /// The call.
    pub call: Call,
    /// How its reply is read.
    pub kind: LoadKind,
    /// What it may cost at most.
    pub price: Credits,
    /// What those who wanted it are to be charged of that: no more than if it had been bought for
    /// them alone.
    pub alone: Credits,
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
        /// The currencies of the call. The first one names the blocks; where the order is the same
        /// in all of them, each does.
        currencies: Currencies,
    },
    /// Metadata, by id.
    Infos,
    /// Parts of one kind; all but the market's totals in one currency.
    Parts(Part, Currencies),
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
    /// Up to `room` coins whose quotes in `currencies` are worth refreshing, the worthiest first;
    /// none of `taken`.
    fn quotes(&self, currencies: &[CoinId], room: usize, taken: &[CoinId]) -> Vec<CoinId>;

    /// Up to `room` coins whose metadata is worth having; none of `taken`.
    fn infos(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId>;

    /// Up to `room` currencies in which the market's totals will be asked for anyway, so that one
    /// call for all of them spares calls, but hardly a credit more; none of `taken`.
    fn totals(&self, room: usize, taken: &[CoinId]) -> Vec<CoinId>;
}

/// Nothing is worth having but what was asked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoDemand;

impl Demand for NoDemand {
    fn quotes(&self, _: &[CoinId], _: usize, _: &[CoinId]) -> Vec<CoinId> {
        Vec::new()
    }

    fn infos(&self, _: usize, _: &[CoinId]) -> Vec<CoinId> {
        Vec::new()
    }

    fn totals(&self, _: usize, _: &[CoinId]) -> Vec<CoinId> {
        Vec::new()
    }
}

/// What calls cost, and what is known of the market.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The prices.
    pub tariff: &'a Tariff,
    /// Most currencies that the plan allows in a call.
    pub converts_max: usize,
    /// The places of the coins.
    pub ranks: &'a Ranks,
}

impl Terms<'_> {
    /// What limits a call for quotes.
    fn bounds(&self) -> Bounds {
        Bounds {
            block: limits::COINS_PER_CALL_MAX,
            converts_max: self.converts_max.max(1),
            blocks_max: limits::BLOCKS_PER_CALL_MAX,
        }
    }
}

/// Packs `wanted` into calls; `terms` price them and `demand` fills the places that a started
/// block pays for anyway.
#[must_use]
pub fn pack(wanted: &[Want], terms: Terms<'_>, demand: &dyn Demand) -> Packed {
    let mut sorted = Sorted::default();
    wanted.iter().for_each(|want| sorted.add(want));
    let (packed, carried) = (Packed::default(), HashSet::new());
    let mut packer = Packer { terms, packed, carried };
    packer.quotes(&sorted.quotes, demand);
    for ((ranking, currencies), blocks) in sorted.blocks {
        packer.blocks(&ranking, &currencies, blocks);
    }
    packer.infos(&sorted.infos, demand);
    packer.totals(&sorted.totals, demand);
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

/// A sweep as a call. It carries `wanted`, then the order of its blocks, then `others`.
///
/// # Errors
///
/// No such call can be made.
pub fn sweep(
    sweep: &Sweep,
    wanted: Vec<Entity>,
    others: impl Iterator<Item = Entity>,
    terms: Terms<'_>,
) -> Result<Load, CallError> {
    let ranking = Ranking::by_rank();
    let currencies: Currencies = sweep.currencies.iter().copied().collect();
    let blocks = Lot::Blocks { first: 0, n_blocks: sweep.depth };
    let purchase = Purchase { lot: blocks, currencies: sweep.currencies.clone() };
    let call = Call::listings(&ranking, 1, sweep.depth * limits::BLOCK_PLACES, &currencies)?;
    let price = terms.tariff.price(&call);
    let wants: Vec<Want> = wanted.iter().cloned().map(Want::of).collect();
    let alone = pack(&wants, terms, &NoDemand).loads.iter().map(|load| load.price).sum::<Credits>();
    let mut carries = wanted;
    carries.extend(orders(&purchase, &carries));
    carries.extend(others);
    let kind = LoadKind::Blocks { ranking, first: 0, n_blocks: sweep.depth, currencies };
    Ok(Load { call, kind, price, alone: alone.min(price), carries })
}

/// The order of the blocks of a purchase in each of its currencies, but for what is `there`.
fn orders(purchase: &Purchase, there: &[Entity]) -> Vec<Entity> {
    let Lot::Blocks { first, n_blocks } = purchase.lot else { return Vec::new() };
    let ranking = Ranking::by_rank();
    let blocks = first..first + n_blocks;
    let all = blocks.flat_map(|block| purchase.currencies.iter().map(move |id| (block, *id)));
    let all =
        all.map(|(block, currency)| Entity::Block { ranking: ranking.clone(), currency, block });
    all.filter(|entity| !there.contains(entity)).collect()
}

/// What is wanted, by what can share a call.
#[derive(Default)]
struct Sorted {
    /// Coin, currency, and whether it must be bought by name.
    quotes: Vec<(CoinId, CoinId, bool)>,
    blocks: BTreeMap<(Ranking, Currencies), Vec<u32>>,
    infos: Vec<CoinId>,
    /// By kind, currency, and whether they are named by slug.
    parts: BTreeMap<(Part, CoinId, bool), Vec<Whose>>,
    /// The currencies in which the market's totals are wanted.
    totals: Vec<CoinId>,
    singles: Vec<Want>,
}

impl Sorted {
    fn add(&mut self, want: &Want) {
        match &want.entity {
            Entity::Quote { coin, currency } => {
                let is_detailed = matches!(want.how, How::Detailed);
                self.quotes.push((*coin, *currency, is_detailed));
            }
            Entity::Block { ranking, currency, block } => {
                let currencies = match &want.how {
                    How::InCurrencies(currencies) => currencies.iter().copied().collect(),
                    _ => std::iter::once(*currency).collect(),
                };
                let key = (ranking.clone(), currencies);
                self.blocks.entry(key).or_default().push(*block);
            }
            Entity::Info { coin } => self.infos.push(*coin),
            Entity::Part { part: Part::Global, currency, .. } => self.totals.push(*currency),
            Entity::Part { part, whose, currency } => {
                let key = (*part, *currency, matches!(whose, Whose::Slug(_)));
                self.parts.entry(key).or_default().push(whose.clone());
            }
            Entity::Map | Entity::Whole { .. } => self.singles.push(want.clone()),
        }
    }
}

struct Packer<'a> {
    terms: Terms<'a>,
    packed: Packed,
    /// The quotes that are carried already.
    carried: HashSet<Entity>,
}

impl Packer<'_> {
    fn quotes(&mut self, quotes: &[(CoinId, CoinId, bool)], demand: &dyn Demand) {
        let wanted: Vec<Wanted> = quotes
            .iter()
            .map(|(coin, currency, is_detailed)| {
                let block = self.terms.ranks.block(*coin).filter(|_| !is_detailed);
                Wanted { coin: *coin, currency: *currency, block }
            })
            .collect();
        for purchase in cover::cover(&wanted, self.terms.bounds()) {
            self.buy(&purchase, &wanted, demand);
        }
    }

    /// What two purchases bring is carried by the first.
    fn buy(&mut self, purchase: &Purchase, wanted: &[Wanted], demand: &dyn Demand) {
        let of = |coin, currency| Entity::Quote { coin, currency };
        let brought = wanted.iter().filter(|quote| purchase.brings(quote));
        let brought = brought.map(|quote| of(quote.coin, quote.currency));
        let mut carries: Vec<Entity> =
            brought.filter(|entity| self.carried.insert(entity.clone())).collect();
        let Purchase { lot, currencies } = purchase;
        match lot {
            Lot::Blocks { first, n_blocks } => {
                carries.extend(orders(purchase, &[]));
                let ranking = Ranking::by_rank();
                let (start, limit) =
                    (first * limits::BLOCK_PLACES + 1, n_blocks * limits::BLOCK_PLACES);
                let call = Call::listings(&ranking, start, limit, currencies);
                let (first, n_blocks, currencies) = (*first, *n_blocks, currencies.clone());
                self.add(call, LoadKind::Blocks { ranking, first, n_blocks, currencies }, carries);
            }
            Lot::Coins(coins) => {
                let mut ids = coins.clone();
                let room = limits::COINS_PER_CALL_MAX.saturating_sub(ids.len());
                if room > 0 {
                    ids.extend(demand.quotes(currencies, room, &self.taken(currencies, wanted)));
                }
                let all = ids.iter().flat_map(|coin| currencies.iter().map(|id| of(*coin, *id)));
                carries.extend(all.filter(|entity| self.carried.insert(entity.clone())));
                self.add(Call::quotes(&ids, currencies), LoadKind::Quotes, carries);
            }
        }
    }

    /// The coins that need no place in a call in `currencies`: wanted ones have theirs.
    fn taken(&self, currencies: &[CoinId], wanted: &[Wanted]) -> Vec<CoinId> {
        let carried = self.carried.iter().filter_map(|entity| match entity {
            Entity::Quote { coin, currency } if currencies.contains(currency) => Some(*coin),
            _ => None,
        });
        let wanted = wanted.iter().filter(|quote| currencies.contains(&quote.currency));
        carried.chain(wanted.map(|quote| quote.coin)).collect()
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
            let call = Call::parts(part, chunk, &[currency]);
            self.add(call, LoadKind::Parts(part, Currencies::from_slice(&[currency])), carries);
        }
    }

    /// The market's totals, in as many currencies as are wanted or will be anyway.
    fn totals(&mut self, wanted: &[CoinId], demand: &dyn Demand) {
        let most = self.terms.converts_max.max(1);
        for chunk in wanted.chunks(most) {
            let mut currencies = Currencies::from_slice(chunk);
            currencies.extend(demand.totals(most - chunk.len(), wanted));
            let of =
                |currencies: &[CoinId]| Call::parts(Part::Global, &[Whose::Market], currencies);
            let entity = |id: &CoinId| Entity::Part {
                part: Part::Global,
                whose: Whose::Market,
                currency: *id,
            };
            let carries = currencies.iter().map(entity).collect();
            let n_loads = self.packed.loads.len();
            self.add(of(&currencies), LoadKind::Parts(Part::Global, currencies.clone()), carries);
            if let (Some(load), Ok(alone)) = (self.packed.loads.get_mut(n_loads), of(chunk)) {
                load.alone = self.terms.tariff.price(&alone);
            }
        }
    }

    fn blocks(&mut self, ranking: &Ranking, currencies: &Currencies, mut blocks: Vec<u32>) {
        blocks.sort_unstable();
        blocks.dedup();
        for (first, n_blocks) in runs(&blocks) {
            let start = first * limits::BLOCK_PLACES + 1;
            // What the plan does not allow in one call is bought coin by coin afterwards.
            let n_together = currencies.len().min(self.terms.converts_max.max(1));
            let currencies = Currencies::from_slice(&currencies[..n_together]);
            let call = Call::listings(ranking, start, n_blocks * limits::BLOCK_PLACES, &currencies);
            let currency = currencies[0];
            let carries = (first..first + n_blocks)
                .map(|block| Entity::Block { ranking: ranking.clone(), currency, block })
                .collect();
            let ranking = ranking.clone();
            let kind = LoadKind::Blocks { ranking, first, n_blocks, currencies };
            self.add(call, kind, carries);
        }
    }

    fn add(&mut self, call: Result<Call, CallError>, kind: LoadKind, carries: Vec<Entity>) {
        match call {
            Ok(call) => {
                let price = self.terms.tariff.price(&call);
                self.packed.loads.push(Load { call, kind, price, alone: price, carries });
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
