//! Which place each coin has in the ranking: what the free map and the latest listings told.

use cmc_api::CoinId;

use crate::{
    catalog::Catalog,
    ids::{IdMap, IdSet},
    limits,
};

/// The places of the ranking of all active coins.
#[derive(Clone, Debug, Default)]
pub struct Ranks {
    /// By place, the first has place 0.
    order: Vec<CoinId>,
    places: IdMap<CoinId, u32>,
    /// Coins without a place, each with the first coin of its symbol: who asks for that one by
    /// symbol asks for both.
    namesakes: Vec<(CoinId, CoinId)>,
}

impl Ranks {
    /// As the map tells them.
    #[must_use]
    pub fn of(catalog: &Catalog) -> Self {
        let (mut order, mut namesakes) = (Vec::new(), Vec::new());
        // Those without a place follow the coin whose symbol they have.
        for coin in catalog.ranked() {
            match order.last() {
                Some(first) if !catalog.is_ranked(coin) => namesakes.push((coin, *first)),
                _ => order.push(coin),
            }
        }
        order.sort_by_key(|id| catalog.rank(*id));
        Self::in_order(order, namesakes)
    }

    /// These coins in this order, and those that share the symbol of one, each with that one.
    #[must_use]
    pub fn in_order(order: Vec<CoinId>, namesakes: Vec<(CoinId, CoinId)>) -> Self {
        let places = (0..).zip(&order).map(|(place, coin)| (*coin, place)).collect();
        Self { order, places, namesakes }
    }

    /// The same with what a listing from the first place on told.
    #[must_use]
    pub fn renewed(&self, first: &[CoinId]) -> Self {
        let told: IdSet<CoinId> = first.iter().copied().collect();
        let rest = self.order.iter().filter(|coin| !told.contains(coin));
        let order = first.iter().chain(rest).copied().collect();
        Self::in_order(order, self.namesakes.clone())
    }

    /// The place of a coin, from 0.
    #[must_use]
    pub fn place(&self, coin: CoinId) -> Option<u32> {
        self.places.get(&coin).copied()
    }

    /// The block of a coin's place.
    #[must_use]
    pub fn block(&self, coin: CoinId) -> Option<u32> {
        self.place(coin).map(|place| place / limits::BLOCK_PLACES)
    }

    /// The coins by place.
    #[must_use]
    pub fn order(&self) -> &[CoinId] {
        &self.order
    }

    /// Coins that are asked for by the symbol of another, each with that one.
    #[must_use]
    pub fn namesakes(&self) -> &[(CoinId, CoinId)] {
        &self.namesakes
    }

    /// The first `n_blocks` blocks.
    #[must_use]
    pub fn top(&self, n_blocks: u32) -> &[CoinId] {
        let n = (n_blocks as usize).saturating_mul(limits::BLOCK_PLACES as usize);
        &self.order[..n.min(self.order.len())]
    }

    /// How many blocks there are, the last one perhaps not full.
    #[must_use]
    pub fn n_blocks(&self) -> u32 {
        let n = u32::try_from(self.order.len()).unwrap_or(u32::MAX);
        n.div_ceil(limits::BLOCK_PLACES)
    }
}

#[cfg(test)]
mod tests;
