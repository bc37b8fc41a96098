//! The columns of a report: one list for people and for programs.

use super::UsageLine;
use Figure::{Rate, Share, Text, Whole};

/// A column of a [`UsageReport`](super::UsageReport).
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// As programs know it: a contract.
    pub name: &'static str,
    /// Above the column of a table for people; those without one are for programs only.
    pub title: Option<&'static str>,
    of: fn(&UsageLine) -> Figure,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Figure {
    /// A name.
    Text(String),
    /// Something counted.
    Whole(i128),
    /// Something per something, or a mean; absent where there was none.
    Rate(Option<f64>),
    /// A part of a whole, from 0 to 1; absent where there was none.
    Share(Option<f64>),
}

/// All columns, in their order; new ones come at the end.
pub const COLUMNS: [Column; 21] = [
    column("key", Some(""), |line| Text(line.key.clone())),
    column("credits", Some("credits"), |line| Whole(line.credits.into())),
    column("calls", Some("calls"), |line| Whole(line.calls.into())),
    column("assumed", None, |line| Whole(line.assumed.into())),
    column("call_ms", None, |line| Rate(line.call_ms)),
    column("answers", Some("answers"), |line| Whole(line.answers.into())),
    column("full", None, |line| Whole(line.full.into())),
    column("partial", None, |line| Whole(line.partial.into())),
    column("cold", None, |line| Whole(line.cold.into())),
    column("stale", None, |line| Whole(line.stale.into())),
    column("failed", None, |line| Whole(line.failed.into())),
    column("hit_rate", Some("hits %"), |line| Share(line.hit_rate)),
    column("answer_ms", Some("ms"), |line| Rate(line.answer_ms)),
    column("age_s", Some("age s"), |line| Rate(line.age_s)),
    column("charged", Some("charged"), |line| Whole(line.charged.into())),
    column("worth", None, |line| Whole(line.worth.into())),
    column("saved", Some("saved"), |line| Whole(line.saved.into())),
    column("credits_per_1000", Some("per 1000"), |line| Rate(line.credits_per_1000)),
    column("paid_slots", None, |line| Whole(line.paid_slots.into())),
    column("filled_slots", None, |line| Whole(line.filled_slots.into())),
    column("unused_slots", Some("empty %"), |line| Share(line.unused_slots)),
];

const fn column(
    name: &'static str,
    title: Option<&'static str>,
    of: fn(&UsageLine) -> Figure,
) -> Column {
    Column { name, title, of }
}

impl Column {
    /// What `line` has in it.
    #[must_use]
    pub fn of(&self, line: &UsageLine) -> Figure {
        (self.of)(line)
    }
}

impl Figure {
    /// For programs: six places, a share from 0 to 1, nothing where there is nothing.
    #[must_use]
    pub fn exact(&self) -> String {
        match self {
            Text(text) => text.clone(),
            Whole(number) => number.to_string(),
            Rate(value) | Share(value) => {
                value.map_or_else(String::new, |value| format!("{value:.6}"))
            }
        }
    }

    /// For people: one place, a share in percent, a dash where there is nothing.
    #[must_use]
    pub fn rounded(&self) -> String {
        let value = match self {
            Text(text) => return text.clone(),
            Whole(number) => return number.to_string(),
            Rate(value) => *value,
            Share(value) => value.map(|share| share * 100.0),
        };
        value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"))
    }
}
