//! What charges say about the rule that they follow.

use std::{fmt, num::NonZeroU32};

use credits::Credits;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{call::Call, operation::PriceRule};

/// Sizes of blocks that a tariff is likely to have: of several that explain a charge, the smallest
/// of these is believed, because it never foresees too little where a larger one would be right.
const USUAL_BLOCKS: [u64; 16] =
    [1, 2, 5, 10, 20, 25, 50, 100, 125, 200, 250, 500, 1_000, 2_000, 2_500, 5_000];

/// One charge, and what it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Most items that were asked for.
    pub n_items: u64,
    /// Items that came, where that can be told from the answer.
    pub n_returned: Option<u64>,
    /// Currencies.
    pub n_converts: u64,
    /// What the API charged.
    pub charged: Credits,
}

/// How a charge contradicts a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// The rule foresaw too little: the budget cannot hold.
    TooLittle,
    /// The rule foresaw too much: credits are held for nothing.
    TooMuch,
}

impl Seen {
    /// What was charged for a call that was answered with this `data`.
    #[must_use]
    pub fn of(call: &Call, data: &[u8], charged: Credits) -> Self {
        let (n_items, n_converts) = (call.n_items(), call.n_converts());
        Self { n_items, n_returned: count(data), n_converts, charged }
    }

    /// Items that were charged for, as well as that is known.
    fn n(&self) -> u64 {
        self.n_returned.unwrap_or(self.n_items).max(1)
    }

    /// Whether the rule foresees exactly this.
    fn is_by(&self, rule: PriceRule) -> bool {
        rule.price(self.n(), self.n_converts) == self.charged
    }
}

impl PriceRule {
    /// Whether a charge cannot come from this rule. What came decides; what was asked for is only
    /// the most that may have come.
    #[must_use]
    pub fn deviation(self, seen: &Seen) -> Option<Deviation> {
        let most = self.price(seen.n_items.max(seen.n()), seen.n_converts);
        if seen.charged > most {
            return Some(Deviation::TooLittle);
        }
        let is_certain = match self {
            Self::Flat { .. } => true,
            Self::Batch { .. } => seen.n_returned.is_some(),
            // What was sold before may be free, and nobody has priced the unknown.
            Self::Item | Self::Free | Self::Unknown => false,
        };
        let least = match seen.n_returned {
            Some(n) => self.price(n.min(seen.n_items), seen.n_converts),
            None => most,
        };
        (is_certain && seen.charged < least).then_some(Deviation::TooMuch)
    }

    /// The rule that explains the last of these charges and as many as possible of those before
    /// it, changed as little as possible. `None` if this rule explains the last one, or none does.
    #[must_use]
    pub fn corrected(self, seen: &[Seen]) -> Option<Self> {
        let last = seen.last()?;
        self.deviation(last)?;
        let n_explained = |rule: &Self| seen.iter().rev().take_while(|s| s.is_by(*rule)).count();
        let mut best: Option<(usize, Self)> = None;
        for rule in self.candidates(last) {
            let n = n_explained(&rule);
            if n > 0 && best.is_none_or(|(most, _)| n > most) {
                best = Some((n, rule));
            }
        }
        best.map(|(_, rule)| rule)
    }

    /// Rules that a charge may come from, the likeliest first.
    fn candidates(self, seen: &Seen) -> Vec<Self> {
        let further = seen.n_converts.saturating_sub(1);
        let mut rules: Vec<Self> = self.toggled().into_iter().filter(|_| further > 0).collect();
        match self {
            Self::Flat { convert, .. } => {
                rules.extend(flat(seen, convert));
                rules.extend(blocks(seen, 0, convert));
            }
            Self::Batch { per, base, convert } => {
                rules.extend(blocks(seen, u64::from(base), convert));
                rules.extend(with_base(seen, per, convert));
                let usual = USUAL_BLOCKS.into_iter().filter_map(|per| u32::try_from(per).ok());
                let usual = usual.filter_map(NonZeroU32::new);
                rules.extend(usual.filter_map(|per| with_base(seen, per, convert)));
            }
            Self::Item => {
                rules.extend(with_base(seen, NonZeroU32::MIN, false));
                rules.extend(blocks(seen, 0, false));
            }
            Self::Free | Self::Unknown => {}
        }
        rules.extend(flat(seen, false));
        rules.extend(flat(seen, true));
        rules
    }

    /// The same rule, but for whether further currencies cost more.
    const fn toggled(self) -> Option<Self> {
        match self {
            Self::Flat { credits, convert } => Some(Self::Flat { credits, convert: !convert }),
            Self::Batch { per, base, convert } => {
                Some(Self::Batch { per, base, convert: !convert })
            }
            Self::Free | Self::Item | Self::Unknown => None,
        }
    }
}

/// The charge without what further currencies cost.
fn bare(seen: &Seen, convert: bool) -> Option<u64> {
    let surcharge = if convert { seen.n_converts.saturating_sub(1) } else { 0 };
    seen.charged.get().checked_sub(surcharge)
}

fn flat(seen: &Seen, convert: bool) -> Option<PriceRule> {
    let credits = u32::try_from(bare(seen, convert)?).ok()?;
    Some(PriceRule::Flat { credits, convert })
}

/// Every size of a block that makes the charge: the usual ones first, else the smallest.
fn blocks(seen: &Seen, base: u64, convert: bool) -> Vec<PriceRule> {
    let n_blocks = bare(seen, convert).and_then(|credits| credits.checked_sub(base));
    let Some(n_blocks) = n_blocks.filter(|n| *n > 0) else { return Vec::new() };
    let least = seen.n().div_ceil(n_blocks);
    let most = match n_blocks {
        1 => u64::from(u32::MAX),
        _ => seen.n().div_ceil(n_blocks - 1).saturating_sub(1),
    };
    let usual = USUAL_BLOCKS.into_iter().chain([least]).filter(|per| (least..=most).contains(per));
    let rule = |per: u64| {
        let per = NonZeroU32::new(u32::try_from(per).ok()?)?;
        Some(PriceRule::Batch { per, base: u32::try_from(base).ok()?, convert })
    };
    usual.filter_map(rule).collect()
}

/// The same blocks, with another amount on top.
fn with_base(seen: &Seen, per: NonZeroU32, convert: bool) -> Option<PriceRule> {
    let n_blocks = seen.n().div_ceil(u64::from(per.get())).max(1);
    let base = bare(seen, convert)?.checked_sub(n_blocks)?;
    Some(PriceRule::Batch { per, base: u32::try_from(base).ok()?, convert })
}

/// How many items an answer holds: the elements of a list, or of the lists under the keys of an
/// object. `None` if it has another shape.
fn count(data: &[u8]) -> Option<u64> {
    type Members<'a> = std::collections::HashMap<String, &'a RawValue>;
    if let Ok(list) = serde_json::from_slice::<Vec<&RawValue>>(data) {
        return Some(list.len() as u64);
    }
    let members: Members<'_> = serde_json::from_slice(data).ok()?;
    // An object that is one item has scalars among its members.
    let of_one = |member: &&RawValue| match member.get().as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<&RawValue>>(member.get()).ok().map(|l| l.len()),
        Some(b'{') => Some(1),
        _ => None,
    };
    let sizes: Option<Vec<usize>> = members.values().map(of_one).collect();
    sizes.map(|sizes| sizes.into_iter().sum::<usize>() as u64)
}

impl fmt::Display for PriceRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let further = |convert: &bool| if *convert { ", 1 per further currency" } else { "" };
        match self {
            Self::Free => f.write_str("free"),
            Self::Flat { credits, convert } => write!(f, "{credits} a call{}", further(convert)),
            Self::Batch { per, base: 0, convert } => {
                write!(f, "1 per {per} items{}", further(convert))
            }
            Self::Batch { per, base, convert } => {
                write!(f, "{base} and 1 per {per} items{}", further(convert))
            }
            Self::Item => f.write_str("1 an item"),
            Self::Unknown => f.write_str("not known"),
        }
    }
}

#[cfg(test)]
mod tests;
