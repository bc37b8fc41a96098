//! What is known of an operation beside its parameters: keying, billing, history, judge.

use std::sync::Arc;

use crate::plan::Plan;

/// Defines an enumeration whose variants have one word each, in the order of the declaration.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$item])* $variant,)+
        }

        impl $name {
            /// All of them, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word of the catalogue's file.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }
    };
}

words! {
    /// How the `data` of an answer is keyed.
    Keying {
        /// One object.
        Bare = "bare",
        /// An array.
        List = "list",
        /// An object with one array and its counters.
        WrappedList = "wrapped_list",
        /// An object by id, whatever was given.
        ById = "by_id",
        /// An object by id; by symbol, if symbols were given.
        ByIdOrSymbol = "by_id_or_symbol",
        /// An object by id; by symbol with arrays, if symbols were given.
        ByIdOrSymbolList = "by_id_or_symbol_list",
        /// An object by what was given, ids or slugs.
        ByGiven = "by_given",
        /// One object if one was given, else an object by id or by symbol.
        OneOrByIdOrSymbol = "one_or_by_id_or_symbol",
        /// One object if one id was given, else an object by id; by symbol with arrays.
        OneOrByIdOrSymbolList = "one_or_by_id_or_symbol_list",
        /// One object if one was given, else an object by what was given.
        OneOrByGiven = "one_or_by_given",
        /// One object by id, an array by symbol.
        OneOrSymbolList = "one_or_symbol_list",
    }
}

words! {
    /// What a price rule counts.
    PriceUnit {
        /// Coins, and categories of coins.
        Coins = "coins",
        /// Market pairs.
        Pairs = "pairs",
        /// Points or candles, of all subjects together.
        Points = "points",
        /// Exchanges.
        Exchanges = "exchanges",
        /// Ratings.
        Scores = "scores",
        /// Real-world assets.
        Assets = "assets",
    }
}

words! {
    /// The JSON type of a value, as the documentation gives it.
    WireType {
        /// Text.
        String = "string",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A list; in bodies only.
        Array = "array",
        /// An object; in bodies only.
        Object = "object",
    }
}

/// Who refuses bad parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JudgedBy {
    /// The rules of the catalogue, in upstream's words.
    Catalogue,
    /// Upstream alone: the rules are not published, and what the catalogue says is for reading.
    Upstream,
}

/// What is known of a price beside its rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Billing {
    /// What is counted, where something is.
    pub unit: Option<PriceUnit>,
    /// Whether the documentation states the price of this very operation.
    pub stated: bool,
    /// Whether an unchanged repeat is free.
    pub repeats_free: bool,
}

/// How far back a plan reaches with one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The plan.
    pub plan: Plan,
    /// With intervals below a day.
    pub intraday: Depth,
    /// With intervals from a day on.
    pub daily: Depth,
}

/// How far back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Not at all.
    Nothing,
    /// So many months.
    Months(u32),
    /// Since that day, `2013-04-28`.
    Since(Arc<str>),
    /// Everything.
    All,
}

/// One member of the JSON body of a `POST`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyField {
    /// Its wire name.
    pub name: Arc<str>,
    /// Its JSON type.
    pub wire: WireType,
    /// Whether it must be given.
    pub required: bool,
}
