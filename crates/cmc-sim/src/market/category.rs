//! Categories: the coins of one tag, under an id in hexadecimal.

use crate::market::coin::Status;
use crate::market::moment::Moment;
use crate::market::tags::{TAGS, Tag};
use crate::market::{Market, noise};

/// 24 hexadecimal digits; the same in every market.
pub(crate) fn id_of(tag: &Tag) -> String {
    let hash = tag.slug.bytes().fold(7, |hash, byte| noise::mix2(hash, u64::from(byte)));
    format!("{hash:016x}{:08x}", noise::mix(hash) >> 32)
}

/// The category with that id.
pub(crate) fn by_id(id: &str) -> Option<&'static Tag> {
    TAGS.iter().find(|tag| id_of(tag).eq_ignore_ascii_case(id))
}

/// Its active coins, by rank.
pub(crate) fn members(market: &Market, moment: &Moment, tag: &Tag) -> Vec<usize> {
    let ranked = moment.ranked.iter().map(|at| *at as usize);
    let is_member = |at: &usize| {
        let coin = &market.coins[*at];
        coin.status == Status::Active && coin.tags.iter().any(|own| own.slug == tag.slug)
    };
    ranked.filter(is_member).collect()
}
