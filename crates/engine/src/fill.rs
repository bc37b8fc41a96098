//! What the paid but empty places of a block are filled with. Pure.
//!
//! A coin that is asked for at rate `r` and lives for `T` is missed every `T + 1/r`, if nothing
//! else refreshes it. Refreshing it now puts its next miss off by what its life gains. So a place
//! is worth `gain × r / (1 + rT)` misses: much for what is asked for often and has grown old,
//! little for what is fresh anyway or what nobody asks for.

use cmc_api::CoinId;

/// A coin that could fill a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// The coin.
    pub coin: CoinId,
    /// What its place is worth, in misses.
    pub worth: f64,
}

/// What refreshing something is worth that is asked for `rate` times a second, lives for `life`
/// seconds when it is new, and would live for `left` more if it is not refreshed.
#[must_use]
pub fn worth(rate: f64, life: f64, left: f64) -> f64 {
    (life - left).max(0.0) * rate / (1.0 + rate * life)
}

/// The `room` worthiest of `candidates`, the worthiest first. `left_of` tells how long each of them
/// still lives (in seconds); it is only asked of those that may be chosen. `candidates` come with
/// their rates, the highest first.
#[must_use]
pub fn choose(
    candidates: impl Iterator<Item = (CoinId, f64)>,
    room: usize,
    life: f64,
    left_of: impl Fn(CoinId) -> Option<f64>,
) -> Vec<CoinId> {
    let mut chosen: Vec<Candidate> = Vec::with_capacity(2 * room);
    let mut least = 0.0;
    for (coin, rate) in candidates {
        // The rest is asked for even less: none of it can be worth more than what was found.
        if room == 0 || worth(rate, life, 0.0) <= least {
            break;
        }
        let Some(left) = left_of(coin) else { continue };
        chosen.push(Candidate { coin, worth: worth(rate, life, left) });
        if chosen.len() == 2 * room {
            least = cut(&mut chosen, room);
        }
    }
    cut(&mut chosen, room);
    chosen.sort_by(|one, other| other.worth.total_cmp(&one.worth));
    chosen.into_iter().map(|candidate| candidate.coin).collect()
}

/// Keeps the `room` worthiest, and tells the least of them.
fn cut(chosen: &mut Vec<Candidate>, room: usize) -> f64 {
    if chosen.len() <= room || room == 0 {
        return 0.0;
    }
    let by_worth = |one: &Candidate, other: &Candidate| other.worth.total_cmp(&one.worth);
    let (_, last, _) = chosen.select_nth_unstable_by(room - 1, by_worth);
    let least = last.worth;
    chosen.truncate(room);
    least
}

#[cfg(test)]
mod tests;
