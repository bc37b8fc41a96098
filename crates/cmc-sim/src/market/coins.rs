//! Makes the coins: the well-known ones as they are, the others from the seed.

use std::collections::HashSet;

use crate::market::coin::{Coin, Platform, Status, Tempo};
use crate::market::known::{KNOWN, Known};
use crate::market::names::{self, Minted};
use crate::market::noise::{self, Dice};
use crate::market::tags::{self, Tag};
use crate::time::{self, Millis};

/// How many coins there are.
pub(crate) const N_COINS: usize = 9_250;
/// Ids of currencies that are not coins.
const FIAT_IDS: [std::ops::RangeInclusive<u32>; 2] = [2781..=2832, 3526..=3577];
/// The last day on which a coin joined.
const LAST_ADDED: (i16, i8, i8) = (2026, 9, 1);
const HIGHEST_ID: f64 = 38_000.0;

/// All coins, in order of id.
pub(crate) fn all(seed: u64) -> Vec<Coin> {
    let mut slugs: HashSet<String> = KNOWN.iter().map(|coin| coin.slug.to_owned()).collect();
    let mut coins: Vec<Coin> = Vec::with_capacity(N_COINS);
    for (place, id) in (0u64..).zip(ids(seed)) {
        let coin = match KNOWN.binary_search_by_key(&id, |coin| coin.id) {
            Ok(at) => well_known(seed, &KNOWN[at]),
            Err(_) => minted(seed, id, place, &mut slugs),
        };
        coins.push(coin);
    }
    coins
}

/// Rising ids with gaps, among them those of the well-known coins.
fn ids(seed: u64) -> Vec<u32> {
    let dice = Dice(noise::mix2(seed, 1));
    let mut ids: Vec<u32> = KNOWN.iter().map(|coin| coin.id).collect();
    let mut id = 2u32;
    for lane in 0.. {
        if ids.len() == N_COINS {
            break;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a gap is small")]
        let gap = 1 + dice.below(lane, 7) as u32;
        id += gap;
        let is_taken = KNOWN.iter().any(|coin| coin.id == id);
        if !is_taken && !FIAT_IDS.iter().any(|range| range.contains(&id)) {
            ids.push(id);
        }
    }
    ids.sort_unstable();
    ids
}

fn well_known(seed: u64, known: &Known) -> Coin {
    let dice = Dice(noise::mix2(seed, u64::from(known.id)));
    let added_ms = time::midnight(known.added.0, known.added.1, known.added.2);
    let is_pegged = known.tags.contains(&"stablecoin");
    let total = match known.max_supply {
        0.0 => noise::significant(known.supply * 1.004, 10),
        max => noise::significant(f64::midpoint(known.supply, max.max(known.supply)), 12),
    };
    Coin {
        id: known.id,
        name: known.name.to_owned(),
        symbol: known.symbol.to_owned(),
        slug: known.slug.to_owned(),
        status: Status::Active,
        platform: platform(known.platform, dice).map(|chain| at_home(known.id, chain)),
        tags: tagged(known.tags, known.platform),
        added_ms,
        date_added: time::iso(added_ms),
        first_data: Some(time::iso(added_ms + 5 * time::MINUTE)),
        last_data: None,
        n_pairs: 90 + dice.below(3, 12_000) / u64::from(known.id.ilog10() + 1),
        circulating: known.supply,
        total: if known.id == 1 { known.supply } else { total },
        max: (known.max_supply > 0.0).then_some(known.max_supply),
        is_infinite: known.max_supply == 0.0,
        self_reported: None,
        locked: locked(known.tags.contains(&"defi"), known.price * known.supply, dice),
        tempo: Tempo {
            price: known.price,
            beta: if is_pegged { 0.0 } else { 0.22 + 0.25 * dice.unit(4) },
            volatility: if is_pegged { 0.0012 } else { 0.12 + 0.3 * dice.unit(5) },
            turnover: if is_pegged { 0.35 } else { 0.02 + 0.06 * dice.unit(6) },
            lane: dice.0,
        },
    }
}

fn minted(seed: u64, id: u32, place: u64, slugs: &mut HashSet<String>) -> Coin {
    let dice = Dice(noise::mix2(seed, u64::from(id)));
    let Minted { name, symbol, slug } = names::mint(id, dice, slugs);
    let status = status(dice);
    let added_ms = added(id, dice);
    let chain = dice.pick(10, &[0, 0, 1027, 1027, 1027, 1839, 1839, 1839, 5426, 5426, 1958, 11419]);
    let words = some_tags(dice);
    let (price, supply) = magnitudes(dice, place);
    let is_self_reported = dice.below(11, 20) == 0;
    let is_live = status == Status::Active;
    let circulating = if is_live && !is_self_reported { supply } else { 0.0 };
    let max = (dice.below(12, 3) != 0).then(|| noise::significant(supply * 1.6, 2).max(supply));
    let total = if is_live { noise::significant(supply * 1.2, 8) } else { 0.0 };
    Coin {
        id,
        name,
        symbol,
        slug,
        status,
        platform: platform(chain, dice),
        tags: tagged(&words, chain),
        added_ms,
        date_added: time::iso(added_ms),
        first_data: (status != Status::Untracked).then(|| time::iso(added_ms + 300_000)),
        last_data: (status == Status::Inactive).then(|| time::iso(ended(added_ms, dice))),
        n_pairs: if is_live { 1 + dice.below(13, 60) } else { 0 },
        circulating,
        total: max.map_or(total, |max| total.min(max)),
        max: max.filter(|_| is_live),
        is_infinite: max.is_none() && is_live && dice.below(14, 4) == 0,
        self_reported: (is_self_reported && is_live).then_some(supply),
        locked: locked(words.contains(&"defi") && is_live, price * supply, dice),
        tempo: Tempo {
            price,
            beta: 0.2 + 0.4 * dice.unit(4),
            volatility: 0.3 + 0.7 * dice.unit(5),
            turnover: 0.004 + 0.2 * dice.unit(6) * dice.unit(7),
            lane: dice.0,
        },
    }
}

/// 8,400 of 9,250 are active, 530 inactive, 320 untracked, more or less.
fn status(dice: Dice) -> Status {
    match dice.below(15, 9_150) {
        0..8_300 => Status::Active,
        8_300..8_830 => Status::Inactive,
        _ => Status::Untracked,
    }
}

/// A price, and a supply that gives the market cap of a random place behind the well-known ones.
fn magnitudes(dice: Dice, place: u64) -> (f64, f64) {
    let rank = dice.below(20, N_COINS as u64) as f64;
    let cap = 3.0e9 / (1.0 + rank / 14.0).powf(1.7) * (0.4 + 1.2 * dice.unit(21));
    let exponent = match dice.below(22, 40) {
        0..4 => 3.5 * dice.unit(23),
        4..30 => -5.0 + 5.0 * dice.unit(23),
        30..38 => -9.0 + 4.0 * dice.unit(23),
        _ => -12.0 + 3.0 * dice.unit(23),
    };
    let price = if place % 911 == 7 { 1.0e-10 } else { 10f64.powf(exponent) };
    let digits = if dice.below(24, 3) == 0 { 2 } else { 11 };
    (noise::significant(price, 6), noise::significant(cap / price, digits))
}

fn added(id: u32, dice: Dice) -> Millis {
    let (first, last) =
        (time::midnight(2013, 4, 28), time::midnight(LAST_ADDED.0, LAST_ADDED.1, LAST_ADDED.2));
    let part = (f64::from(id) / HIGHEST_ID).min(1.0).sqrt();
    let span = last - first - 30 * time::DAY;
    #[expect(clippy::cast_possible_truncation, reason = "a part of the span")]
    let at = first + (span as f64 * part) as Millis;
    let day = at / time::DAY * time::DAY;
    day + i64::try_from(dice.below(30, 30)).unwrap_or(0) * time::DAY
}

fn ended(added_ms: Millis, dice: Dice) -> Millis {
    let last = time::midnight(LAST_ADDED.0, LAST_ADDED.1, LAST_ADDED.2);
    let days = 40 + i64::try_from(dice.below(31, 1_400)).unwrap_or(0);
    (added_ms + days * time::DAY).min(last)
}

fn locked(is_protocol: bool, cap: f64, dice: Dice) -> Option<f64> {
    (is_protocol && dice.below(32, 5) > 1).then(|| cap * (0.2 + 3.0 * dice.unit(33)))
}

fn some_tags(dice: Dice) -> Vec<&'static str> {
    let n_tags = dice.below(40, 4);
    let mut words: Vec<&'static str> = Vec::new();
    for lane in 0..n_tags {
        let at = 11 + dice.below(41 + lane, (tags::TAGS.len() - 16) as u64);
        #[expect(clippy::cast_possible_truncation, reason = "an index of a small table")]
        let tag = &tags::TAGS[at as usize];
        if !words.contains(&tag.slug) {
            words.push(tag.slug);
        }
    }
    words
}

fn tagged(words: &[&str], chain: u32) -> Vec<&'static Tag> {
    let named = words.iter().filter_map(|slug| tags::tag(slug));
    named.chain(tags::ecosystem(chain)).collect()
}

/// The address that everybody knows.
const TETHER: &str = "0xdac17f958d2ee523a2206206994597c13d831ec7";

fn at_home(id: u32, chain: Platform) -> Platform {
    if id == 825 { Platform { token_address: TETHER.to_owned(), ..chain } } else { chain }
}

fn platform(chain: u32, dice: Dice) -> Option<Platform> {
    let known = &KNOWN[KNOWN.binary_search_by_key(&chain, |coin| coin.id).ok()?];
    Some(Platform {
        id: known.id,
        name: known.name,
        symbol: known.symbol,
        slug: known.slug,
        token_address: names::address(chain, dice),
    })
}
