use serde::{Deserialize, Serialize};

use super::Lot;

/// Half-lives, in seconds: how many answers there are on the whole, how many just now, and what a
/// refresh has cost.
const LEVEL_S: f64 = 12.0 * 3_600.0;
const RECENT_S: f64 = 600.0;
const PRICE_S: f64 = 2.0 * 86_400.0;
/// A lot that was never seen is presumed to have been watched for so long without a question. A
/// few minutes of trying things out shall not stretch anything.
const UNKNOWN_S: f64 = 3.0 * 3_600.0;
/// How much the present leans on what the hour usually is, in seconds of watching.
const LEAN_S: f64 = 600.0;
/// A refresh is presumed to cost one credit, until that many were seen.
const REFRESHES_PRESUMED: f64 = 10.0;
const PRICE_MIN: f64 = 0.02;

/// What is left of a sum after so many seconds.
pub(super) fn fade(seconds: f64, half_life: f64) -> f64 {
    (-seconds / half_life).exp2()
}

/// Two fading sums, one over the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ratio {
    over: f64,
    under: f64,
}

impl Ratio {
    pub(super) fn add(&mut self, kept: f64, over: f64, under: f64) {
        self.over = self.over.mul_add(kept, over);
        self.under = self.under.mul_add(kept, under);
    }

    /// A presumption, which fades like everything else.
    pub(super) const fn presumed(over: f64, under: f64) -> Self {
        Self { over, under }
    }

    /// With a presumption of that weight besides.
    pub(super) fn value(&self, presumed: f64, weight: f64) -> f64 {
        presumed.mul_add(weight, self.over) / (self.under + weight).max(f64::MIN_POSITIVE)
    }

    pub(super) fn sum<'a>(ratios: impl Iterator<Item = &'a Self>) -> Self {
        ratios.fold(Self::default(), |sum, one| Self {
            over: sum.over + one.over,
            under: sum.under + one.under,
        })
    }

    pub(super) fn is_sound(&self) -> bool {
        [self.over, self.under].iter().all(|sum| sum.is_finite() && *sum >= 0.0)
    }
}

/// What is known of a lot's demand and price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Learned {
    level: Ratio,
    recent: Ratio,
    price: Ratio,
}

/// What happened to a lot in a stretch of time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happened {
    pub(super) seconds: f64,
    /// What the profile says of this time.
    pub(super) share: f64,
    pub(super) asked: f64,
    pub(super) charged: f64,
    /// Refreshes that were reckoned with; `None` if nothing was refreshed on purpose.
    pub(super) reckoned: Option<f64>,
}

impl Learned {
    pub(super) fn add(&mut self, happened: &Happened) {
        let Happened { seconds, share, asked, charged, reckoned } = *happened;
        self.level.add(fade(seconds, LEVEL_S), asked, seconds * share);
        self.recent.add(fade(seconds, RECENT_S), asked, seconds);
        if let Some(refreshes) = reckoned {
            self.price.add(fade(seconds, PRICE_S), charged, refreshes);
        }
    }

    /// Answers a second in the mean of a week.
    pub(super) fn level(&self) -> f64 {
        self.level.value(0.0, 0.0)
    }

    /// Answers a second at present, where this hour's share is `share`.
    pub(super) fn present(&self, share: f64) -> f64 {
        self.recent.value(self.level() * share, LEAN_S)
    }

    /// The lot as it is in the mean of a week.
    pub(super) fn lot(&self, least: f64, most: f64) -> Lot {
        let price = self.price.value(0.0, 0.0).max(PRICE_MIN);
        Lot { rate: self.level(), price, least, most }
    }

    pub(super) fn is_sound(&self) -> bool {
        [self.level, self.recent, self.price].iter().all(Ratio::is_sound)
    }
}

impl Default for Learned {
    fn default() -> Self {
        Self {
            level: Ratio::presumed(0.0, UNKNOWN_S),
            recent: Ratio::default(),
            price: Ratio::presumed(REFRESHES_PRESUMED, REFRESHES_PRESUMED),
        }
    }
}
