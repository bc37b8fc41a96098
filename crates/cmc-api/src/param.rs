//! One parameter of an operation, as data.

use std::sync::Arc;

use crate::operation::WireType;

/// One parameter of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Its wire name.
    pub name: Arc<str>,
    /// What it may hold.
    pub kind: ParamKind,
    /// Its type as the documentation gives it; v3 operations write numbers as text.
    pub wire: WireType,
    /// What it holds when absent.
    pub default: Option<Arc<str>>,
    /// Whether it must be given.
    pub required: bool,
}

/// Words in the documentation's order: refusals list them.
pub type Words = Arc<[Arc<str>]>;

/// What a parameter may hold.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamKind {
    /// Anything.
    Text,
    /// An instant: ISO-8601 or Unix seconds.
    Time,
    /// A decimal number.
    Number(Range),
    /// A whole number, which may be written `10.0`.
    Integer(Range),
    /// `true` or `false`, in any case.
    Boolean,
    /// One of these words.
    OneOf(Words),
    /// A comma-separated set of these words.
    SetOf(Words),
    /// A comma-separated set of supplemental fields.
    Aux(Words),
    /// Comma-separated ids.
    Ids(Subject),
    /// Comma-separated ids of coins, at most so many.
    FewIds(u32),
    /// Comma-separated slugs.
    Slugs(Subject),
    /// Comma-separated symbols.
    Symbols,
}

impl ParamKind {
    /// Whether it is a list of names in which each counts once.
    #[must_use]
    pub const fn is_list(&self) -> bool {
        self.is_set()
            || matches!(self, Self::Ids(_) | Self::FewIds(_) | Self::Slugs(_) | Self::Symbols)
    }

    /// Whether it is a list whose order never shows in an answer.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        matches!(self, Self::SetOf(_) | Self::Aux(_))
    }
}

/// What an id or a slug names; error messages say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A coin or a fiat.
    Coin,
    /// An exchange.
    Exchange,
}

impl Subject {
    /// As messages say it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Coin => "cryptocurrency",
            Self::Exchange => "exchange",
        }
    }
}

/// The bounds of a number, both inclusive.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Range {
    /// The smallest.
    pub min: Option<Bound>,
    /// The largest.
    pub max: Option<Bound>,
}

impl Range {
    /// Every number.
    pub const ANY: Self = Self { min: None, max: None };

    /// From `min` on.
    #[must_use]
    pub const fn from(min: Bound) -> Self {
        Self { min: Some(min), max: None }
    }

    /// From `min` to `max`.
    #[must_use]
    pub const fn within(min: Bound, max: Bound) -> Self {
        Self { min: Some(min), max: Some(max) }
    }
}

/// A bound, and how messages write it.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// As a number.
    pub value: f64,
    /// As messages write it.
    pub text: Arc<str>,
}
