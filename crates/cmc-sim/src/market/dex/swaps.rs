//! What happens in pools: each token has a tape of swaps and one of deposits, cut into slots of
//! time, of which each holds one event.

use super::Token;
use crate::market::noise::{self, Dice};
use crate::market::{Market, moment};
use crate::time::{self, Millis};

/// A sort of tape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tape {
    Swaps,
    Deposits,
}

impl Tape {
    /// Milliseconds of a slot.
    const fn slot(self) -> Millis {
        match self {
            Self::Swaps => 7_000,
            Self::Deposits => 10 * time::MINUTE,
        }
    }

    /// How far back it is kept.
    pub(crate) const fn reach(self) -> Millis {
        match self {
            Self::Swaps => time::DAY,
            Self::Deposits => 30 * time::DAY,
        }
    }
}

/// One swap or deposit.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// Rises with time.
    pub(crate) id: i64,
    pub(crate) at_ms: Millis,
    /// A buy, or a deposit; otherwise a sale, or a withdrawal.
    pub(crate) is_in: bool,
    /// Dollars.
    pub(crate) worth: f64,
    pub(crate) price: f64,
    pub(crate) maker: String,
    pub(crate) hash: String,
    /// A position among the token's pools.
    pub(crate) pool: usize,
}

impl Market {
    /// The event of a slot.
    pub(crate) fn event(&self, tape: Tape, token: &Token, id: i64) -> Event {
        #[expect(clippy::cast_sign_loss, reason = "hashed, not counted")]
        let dice = Dice(noise::mix2(token.lane ^ tape.slot().unsigned_abs(), id as u64));
        let within = i64::try_from(dice.below(1, tape.slot().unsigned_abs())).unwrap_or(0);
        let at_ms = id * tape.slot() + within;
        let step = at_ms.div_euclid(moment::STEP);
        let worth = 10f64.powf(0.3 + 4.2 * dice.unit(2) * dice.unit(3));
        Event {
            id,
            at_ms,
            is_in: dice.below(4, 100) < 52,
            worth: noise::significant(worth, 8),
            price: self.coin_price_at(token.coin, step),
            maker: wallet(dice.below(5, 400)),
            hash: format!("0x{:016x}{:016x}{:016x}{:016x}", dice.0, !dice.0, id, token.lane),
            pool: usize::try_from(dice.below(6, 3)).unwrap_or(0),
        }
    }

    /// Ids of the events within a stretch of time, oldest first.
    pub(crate) const fn event_ids(
        tape: Tape,
        (from, to): (Millis, Millis),
    ) -> std::ops::RangeInclusive<i64> {
        from.div_euclid(tape.slot()) + 1..=to.div_euclid(tape.slot()) - 1
    }
}

/// One of the wallets that are seen everywhere.
pub(crate) fn wallet(number: u64) -> String {
    let hash = noise::mix2(0x3A11, number);
    format!("0x{hash:016x}{:016x}{:08x}", noise::mix(hash), number)
}
