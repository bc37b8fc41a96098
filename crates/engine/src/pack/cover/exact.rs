//! The cheapest cover of a few quotes, found by trying everything that could be part of it.

use std::collections::{HashMap, hash_map::Entry};

use cmc_api::CoinId;

use super::{Bounds, Cost, Currencies, Lot, Purchase, Wanted};

/// Most quotes that are covered like this.
pub(super) const PAIRS_MAX: usize = 6;

/// Which of the wanted quotes are still to be bought, a bit each.
type Left = u32;

/// The cheapest purchases.
pub(super) fn cover(wanted: &[Wanted], bounds: Bounds) -> Vec<Purchase> {
    let for_sale = for_sale(wanted, bounds);
    let mut known = HashMap::new();
    let mut left: Left = (1 << wanted.len()) - 1;
    cheapest(left, &for_sale, bounds, &mut known);
    let mut bought = Vec::new();
    while left != 0 {
        let Some((_, chosen)) = known.get(&left) else { break };
        bought.push(for_sale[*chosen].0.clone());
        left &= !for_sale[*chosen].1;
    }
    bought
}

/// What covering `left` costs, and with which purchase it begins.
fn cheapest(
    left: Left,
    for_sale: &[(Purchase, Left)],
    bounds: Bounds,
    known: &mut HashMap<Left, (Cost, usize)>,
) -> Cost {
    if left == 0 {
        return (0, 0);
    }
    if let Some((cost, _)) = known.get(&left) {
        return *cost;
    }
    let first = left & left.wrapping_neg();
    let mut best = ((u64::MAX, u64::MAX), 0);
    for (place, (purchase, brings)) in for_sale.iter().enumerate() {
        if brings & first == 0 {
            continue;
        }
        let (credits, calls) = cheapest(left & !brings, for_sale, bounds, known);
        let cost = (credits + purchase.credits(bounds), calls + 1);
        if cost < best.0 {
            best = (cost, place);
        }
    }
    known.insert(left, best);
    best.0
}

/// Every purchase that could be of use, with what it brings: the cheapest of each kind.
fn for_sale(wanted: &[Wanted], bounds: Bounds) -> Vec<(Purchase, Left)> {
    let mut coins: Vec<CoinId> = wanted.iter().map(|wanted| wanted.coin).collect();
    let mut currencies: Vec<CoinId> = wanted.iter().map(|wanted| wanted.currency).collect();
    let mut blocks: Vec<u32> = wanted.iter().filter_map(|wanted| wanted.block).collect();
    coins.sort_unstable();
    coins.dedup();
    currencies.sort_unstable();
    currencies.dedup();
    blocks.sort_unstable();
    blocks.dedup();
    let mut lots: Vec<Lot> = subsets(&coins, bounds.block).into_iter().map(Lot::Coins).collect();
    for (place, first) in blocks.iter().enumerate() {
        let runs = blocks[place..].iter().map(|last| last - first + 1);
        let runs = runs.filter(|n_blocks| *n_blocks <= bounds.blocks_max);
        lots.extend(runs.map(|n_blocks| Lot::Blocks { first: *first, n_blocks }));
    }
    let mut for_sale: HashMap<Left, Purchase> = HashMap::new();
    for paid_in in subsets(&currencies, bounds.converts_max) {
        let paid_in: Currencies = paid_in.into_iter().collect();
        for lot in &lots {
            let purchase = Purchase { lot: lot.clone(), currencies: paid_in.clone() };
            let brings = (0..wanted.len())
                .filter(|place| purchase.brings(&wanted[*place]))
                .fold(0, |brings, place| brings | 1 << place);
            match for_sale.entry(brings) {
                Entry::Vacant(place) => drop(place.insert(purchase)),
                Entry::Occupied(mut known) => {
                    if purchase.credits(bounds) < known.get().credits(bounds) {
                        known.insert(purchase);
                    }
                }
            }
        }
    }
    let mut for_sale: Vec<_> = for_sale.into_iter().filter(|(brings, _)| *brings != 0).collect();
    for_sale.sort_unstable_by_key(|(brings, _)| *brings);
    for_sale.into_iter().map(|(brings, purchase)| (purchase, brings)).collect()
}

/// All subsets of at most `n_max`, but for the empty one.
fn subsets(of: &[CoinId], n_max: usize) -> Vec<Vec<CoinId>> {
    let all = 1_u32..1 << of.len();
    let small = all.filter(|bits| bits.count_ones() as usize <= n_max);
    let chosen = small.map(|bits| {
        (0..of.len()).filter(|place| bits & (1 << place) != 0).map(|place| of[place]).collect()
    });
    chosen.collect()
}
