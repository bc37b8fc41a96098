//! The sets of supplemental fields. `aux` replaces its default, it does not add to it.

use std::fmt;

/// Defines a set of supplemental fields with one named bit each, in the documentation's order.
macro_rules! field_set {
    ($(#[$doc:meta])* $set:ident { $($bit:ident = $index:literal, $wire:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $set(u32);

        impl $set {
            $(
                #[doc = concat!("`", $wire, "`")]
                pub const $bit: Self = Self(1 << $index);
            )+
            /// No supplemental field at all.
            pub const NONE: Self = Self(0);

            const NAMES: &'static [(&'static str, Self)] = &[$(($wire, Self::$bit)),+];

            /// The field of that wire name.
            #[must_use]
            pub fn key(name: &str) -> Option<Self> {
                Self::NAMES.iter().find(|(wire, _)| *wire == name).map(|(_, bit)| *bit)
            }

            /// Reads a comma-separated list; names that are no field are left out.
            #[must_use]
            pub fn parse(list: &str) -> Self {
                list.split(',').filter_map(Self::key).fold(Self::NONE, Self::with)
            }

            /// Whether every field of `other` is in this set.
            #[must_use]
            pub const fn contains(self, other: Self) -> bool {
                self.0 & other.0 == other.0
            }

            /// This set and `other`.
            #[must_use]
            pub const fn with(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// As a number, for keys.
            #[must_use]
            pub const fn bits(self) -> u32 {
                self.0
            }

            /// The wire names, comma-separated, in the documentation's order.
            #[must_use]
            pub fn to_param(self) -> String {
                let held = Self::NAMES.iter().filter(|(_, bit)| self.contains(*bit));
                held.map(|(wire, _)| *wire).collect::<Vec<_>>().join(",")
            }
        }

        impl fmt::Debug for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($set), "({})"), self.to_param())
            }
        }
    };
}

field_set! {
    /// Fields of a coin and its quotes in quotes and listings.
    Aux {
        NUM_MARKET_PAIRS = 0, "num_market_pairs";
        CMC_RANK = 1, "cmc_rank";
        DATE_ADDED = 2, "date_added";
        TAGS = 3, "tags";
        PLATFORM = 4, "platform";
        MAX_SUPPLY = 5, "max_supply";
        CIRCULATING_SUPPLY = 6, "circulating_supply";
        TOTAL_SUPPLY = 7, "total_supply";
        MARKET_CAP_BY_TOTAL_SUPPLY = 8, "market_cap_by_total_supply";
        VOLUME_24H_REPORTED = 9, "volume_24h_reported";
        VOLUME_7D = 10, "volume_7d";
        VOLUME_7D_REPORTED = 11, "volume_7d_reported";
        VOLUME_30D = 12, "volume_30d";
        VOLUME_30D_REPORTED = 13, "volume_30d_reported";
        IS_MARKET_CAP_INCLUDED_IN_CALC = 14, "is_market_cap_included_in_calc";
        IS_ACTIVE = 15, "is_active";
        IS_FIAT = 16, "is_fiat";
    }
}

impl Aux {
    /// Everything that listings know.
    pub const LISTINGS_ALL: Self = Self((1 << 15) - 1);
    /// Everything that quotes know.
    pub const QUOTES_ALL: Self = Self((1 << 17) - 1);
    /// What listings carry unless asked otherwise.
    pub const LISTINGS_DEFAULT: Self = Self((1 << 8) - 1);
    /// What quotes carry unless asked otherwise.
    pub const QUOTES_DEFAULT: Self =
        Self::LISTINGS_DEFAULT.with(Self::IS_ACTIVE).with(Self::IS_FIAT);
}

field_set! {
    /// Fields of a coin's metadata.
    InfoAux {
        URLS = 0, "urls";
        LOGO = 1, "logo";
        DESCRIPTION = 2, "description";
        TAGS = 3, "tags";
        PLATFORM = 4, "platform";
        DATE_ADDED = 5, "date_added";
        NOTICE = 6, "notice";
        STATUS = 7, "status";
    }
}

impl InfoAux {
    /// Everything that metadata knows.
    pub const ALL: Self = Self((1 << 8) - 1);
    /// What metadata carries unless asked otherwise.
    pub const DEFAULT: Self = Self((1 << 7) - 1);
}

field_set! {
    /// Fields of a row of the map.
    MapAux {
        PLATFORM = 0, "platform";
        FIRST_HISTORICAL_DATA = 1, "first_historical_data";
        LAST_HISTORICAL_DATA = 2, "last_historical_data";
        IS_ACTIVE = 3, "is_active";
        STATUS = 4, "status";
    }
}

impl MapAux {
    /// Everything that the map knows.
    pub const ALL: Self = Self((1 << 5) - 1);
    /// What the map carries unless asked otherwise.
    pub const DEFAULT: Self = Self((1 << 4) - 1);
}

#[cfg(test)]
mod tests;
