use std::{fmt::Debug, ops::Index, ops::IndexMut, sync::Arc};

use async_trait::async_trait;
use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::LedgerError;

const HOUR_MS: i64 = 3_600_000;

macro_rules! figures {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What is counted of answers and of calls. The order is that of a tally's columns.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Figure {
            $($(#[$doc])* $variant,)+
        }

        impl Figure {
            /// All of them, in order.
            pub const ALL: [Self; N_FIGURES] = [$(Self::$variant),+];

            /// As in columns and reports.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

/// How many figures there are.
pub const N_FIGURES: usize = 14;

figures! {
    /// Answers of which everything was cached and fresh.
    Full = "full",
    /// Answers of which some was.
    Partial = "partial",
    /// Answers of which nothing was.
    Cold = "cold",
    /// Answers that were older than they should be, because fetching failed.
    Stale = "stale",
    /// Requests without an answer.
    Failed = "failed",
    /// The sum of the lengths of all answers, in microseconds.
    ElapsedUs = "elapsed_us",
    /// The sum of the ages of all answers when they were given, in milliseconds.
    AgeMs = "age_ms",
    /// Credits that were charged for the sake of these answers.
    Charged = "charged",
    /// Credits that the same answers cost without a cache, by the tariff.
    Worth = "worth",
    /// Places for items in the blocks that calls were charged for.
    PaidSlots = "paid_slots",
    /// Of these, those that an item came in.
    FilledSlots = "filled_slots",
    /// What the empty ones cost, in thousandths of a credit.
    EmptyMilli = "empty_milli",
    /// What calls cost that came again before upstream's own answer had changed: the share of its
    /// cadence that had not passed yet, in thousandths of a credit.
    EarlyMilli = "early_milli",
    /// Credits for currencies that no answer needed while their quotes were kept.
    IdleConverts = "idle_converts",
}

/// Figures, each counted. They add up, and saturate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures([u64; N_FIGURES]);

impl Figures {
    /// All zero.
    pub const ZERO: Self = Self([0; N_FIGURES]);

    /// Adds to one of them.
    pub const fn add(&mut self, figure: Figure, amount: u64) {
        let place = &mut self.0[figure as usize];
        *place = place.saturating_add(amount);
    }

    /// Adds all of `other`.
    pub fn absorb(&mut self, other: &Self) {
        for figure in Figure::ALL {
            self.add(figure, other[figure]);
        }
    }

    /// What was added since `earlier`, a former state of this.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let mut grown = Self::ZERO;
        for figure in Figure::ALL {
            grown.add(figure, self[figure].saturating_sub(earlier[figure]));
        }
        grown
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        *self == Self::ZERO
    }

    /// Answers of all kinds.
    #[must_use]
    pub fn answers(&self) -> u64 {
        use Figure::{Cold, Full, Partial, Stale};
        [Full, Partial, Cold, Stale].into_iter().map(|figure| self[figure]).sum()
    }
}

impl Index<Figure> for Figures {
    type Output = u64;

    fn index(&self, figure: Figure) -> &u64 {
        &self.0[figure as usize]
    }
}

impl IndexMut<Figure> for Figures {
    fn index_mut(&mut self, figure: Figure) -> &mut u64 {
        &mut self.0[figure as usize]
    }
}

/// What one instance counted in one hour of one operation for one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The first instant of the hour, UTC.
    pub hour: Timestamp,
    /// Whose budget it concerns.
    pub account: Arc<str>,
    /// Which run of which program counted: no two of them write the same tally.
    pub instance: Arc<str>,
    /// Of answers, what was asked; of calls, what was called.
    pub operation: Arc<str>,
    /// Who asked; empty where nobody is told apart, and of calls.
    pub client: Arc<str>,
    /// The counts of the whole hour so far.
    pub figures: Figures,
}

impl Tally {
    /// The hour that `at` lies in.
    #[must_use]
    pub const fn hour_of(at: Timestamp) -> Timestamp {
        let millis = at.as_millis();
        Timestamp::from_millis(millis - millis.rem_euclid(HOUR_MS))
    }
}

/// Which tallies. `None` is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TallyFilter {
    /// Of hours that begin at or after this.
    pub from: Option<Timestamp>,
    /// Of hours that begin before this.
    pub until: Option<Timestamp>,
    /// Of this budget.
    pub account: Option<Arc<str>>,
    /// Of this operation.
    pub operation: Option<Arc<str>>,
    /// Of this client.
    pub client: Option<Arc<str>>,
}

impl TallyFilter {
    /// Whether `tally` is one of them.
    #[must_use]
    pub fn matches(&self, tally: &Tally) -> bool {
        let same = |wanted: &Option<Arc<str>>, found: &Arc<str>| {
            wanted.as_ref().is_none_or(|wanted| wanted == found)
        };
        self.from.is_none_or(|from| tally.hour >= from)
            && self.until.is_none_or(|until| tally.hour < until)
            && same(&self.account, &tally.account)
            && same(&self.operation, &tally.operation)
            && same(&self.client, &tally.client)
    }
}

/// What tallies are summed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TallyBy {
    /// By operation.
    Operation,
    /// By client.
    Client,
    /// By calendar day, UTC: `2026-10-05`.
    Day,
    /// By hour, UTC: `2026-10-05T09`.
    Hour,
}

impl TallyBy {
    /// The group that `tally` belongs to.
    #[must_use]
    pub fn key(self, tally: &Tally) -> String {
        match self {
            Self::Operation => tally.operation.as_ref().to_owned(),
            Self::Client => tally.client.as_ref().to_owned(),
            Self::Day => tally.hour.to_string()[..10].to_owned(),
            Self::Hour => tally.hour.to_string()[..13].to_owned(),
        }
    }
}

/// All tallies, for as long as they are kept.
///
/// # Contract
/// - A tally is told apart by all its words and its hour. Writing it again replaces its figures:
///   whoever does not know whether a write came through writes again, and nothing counts twice.
/// - `keep` takes all of a batch or nothing.
#[async_trait]
pub trait TallyBook: Debug + Send + Sync + 'static {
    /// Writes.
    async fn keep(&self, tallies: &[Tally]) -> Result<(), LedgerError>;
    /// Sums by group, in the order of their keys; at most
    /// [`limits::TOTALS_MAX`](crate::limits::TOTALS_MAX) of them.
    async fn sums(
        &self,
        filter: &TallyFilter,
        by: TallyBy,
    ) -> Result<Vec<(String, Figures)>, LedgerError>;
}

const _: Option<&dyn TallyBook> = None;

#[cfg(test)]
mod tests;
