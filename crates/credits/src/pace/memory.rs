use std::{collections::BTreeMap, sync::Arc, time::Duration};

use clock::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Lot, Profile, Seen,
    learned::{Happened, Learned, Ratio},
    outlook::Ahead,
    pacer::DAY_S,
};
use crate::{Credits, limits};

/// Spending as a whole is presumed to have been nothing for that long, in seconds.
const UNSPENT_S: f64 = 3_600.0;
/// Lots whose demand has faded below this are forgotten, in answers a second: one in four months.
const RATE_MIN: f64 = 1e-7;

/// What is worth keeping over a restart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Memory {
    pub(super) watched_s: f64,
    pub(super) profile: Profile,
    pub(super) lots: BTreeMap<Arc<str>, Learned>,
    pub(super) others: Ratio,
    pub(super) spent: Ratio,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            watched_s: 0.0,
            profile: Profile::default(),
            lots: BTreeMap::new(),
            others: Ratio::presumed(0.0, DAY_S),
            spent: Ratio::presumed(0.0, UNSPENT_S),
        }
    }
}

impl Memory {
    /// Whether it can be reckoned with: it may have been read from a file.
    pub(super) fn is_sound(&self) -> bool {
        self.watched_s >= 0.0
            && self.profile.is_sound()
            && self.lots.values().all(Learned::is_sound)
            && self.lots.len() <= limits::LOTS_MAX
            && self.others.is_sound()
            && self.spent.is_sound()
    }

    /// Learns from what was seen in the last `seconds`. At `worth` refreshes were due; `None`:
    /// nothing was refreshed on purpose.
    pub(super) fn learn(
        &mut self,
        now: Timestamp,
        seconds: f64,
        worth: Option<f64>,
        seen: &[Seen],
    ) {
        self.watched_s += seconds;
        let middle = now.before(Duration::from_secs_f64(seconds / 2.0));
        let share = self.profile.share(Profile::hour_of(middle));
        let idle = Happened { seconds, share, asked: 0.0, charged: 0.0, reckoned: None };
        let here: BTreeMap<&str, &Seen> = seen.iter().map(|seen| (&*seen.name, seen)).collect();
        for (_, lot) in self.lots.iter_mut().filter(|(name, _)| !here.contains_key(&***name)) {
            lot.add(&idle);
        }
        self.lots.retain(|name, lot| here.contains_key(&**name) || lot.level() > RATE_MIN);
        for seen in seen {
            let room = self.lots.len() < limits::LOTS_MAX;
            if !room && !self.lots.contains_key(&seen.name) {
                continue;
            }
            let learned = self.lots.entry(Arc::clone(&seen.name)).or_default();
            let (least, most) = (seen.least.as_secs_f64(), seen.most.as_secs_f64());
            let lot = learned.lot(least, most);
            let lot = lot.at_rate(lot.rate * share);
            learned.add(&Happened {
                asked: count(seen.asked),
                charged: credits(seen.charged),
                reckoned: worth.map(|worth| lot.refreshes(worth) * seconds),
                ..idle
            });
        }
        let asked = seen.iter().map(|seen| count(seen.asked)).sum();
        self.profile.learn(middle, seconds, asked);
    }

    /// Credits a second that are spent besides what the lots take.
    pub(super) fn others(&self) -> f64 {
        self.others.value(0.0, 0.0)
    }

    /// The lots that were seen, and the natural age of each.
    pub(super) fn lots(&self, seen: &[Seen]) -> Vec<(Lot, f64)> {
        let known = seen.iter().filter_map(|seen| {
            let learned = self.lots.get(&seen.name)?;
            let lot = learned.lot(seen.least.as_secs_f64(), seen.most.as_secs_f64());
            Some((lot, seen.natural.as_secs_f64()))
        });
        let mut lots: Vec<(Lot, f64)> = known.collect();
        // The many small ones together are reckoned as one that is asked as often as they are.
        if lots.len() > limits::LOTS_RECKONED_MAX {
            let weight = |lot: &Lot| lot.rate * lot.price;
            lots.sort_by(|(a, _), (b, _)| weight(b).total_cmp(&weight(a)));
            let small = lots.split_off(limits::LOTS_RECKONED_MAX - 1);
            let n = count(small.len() as u64);
            let (mut lot, natural) = small[0];
            // `n` lots of the mean rate spend what one does of `n` times the price.
            lot.rate = small.iter().map(|(lot, _)| lot.rate).sum::<f64>() / n;
            lot.price = small.iter().map(|(lot, _)| lot.price).sum();
            lots.push((lot, natural));
        }
        lots
    }

    /// The time until `reset`, by demand. Shares that are much alike are taken as one.
    pub(super) fn ahead(&self, now: Timestamp, reset: Timestamp) -> Ahead {
        let mut alike: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        for (hour, seconds) in Profile::seconds_by_hour(now, reset).into_iter().enumerate() {
            if seconds > 0.0 {
                let share = self.profile.share(hour);
                let (sum, time) = alike.entry(class_of(share)).or_default();
                *sum = share.mul_add(seconds, *sum);
                *time += seconds;
            }
        }
        alike.into_values().map(|(sum, seconds)| (sum / seconds, seconds)).collect()
    }
}

/// Shares within a tenth of each other fall into one class.
fn class_of(share: f64) -> u64 {
    (share.max(1e-3).ln() * 10.0).round().to_bits()
}

pub(super) fn credits(amount: Credits) -> f64 {
    count(amount.get())
}

#[expect(clippy::cast_precision_loss, reason = "an estimate: amounts beyond 2^53 are not")]
pub(super) const fn count(n: u64) -> f64 {
    n as f64
}

/// The nearest whole amount.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative, and saturating"
)]
pub(super) fn whole(amount: f64) -> Credits {
    Credits::new(amount.max(0.0).round() as u64)
}
