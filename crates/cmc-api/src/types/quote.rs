//! The latest quote of a coin in one currency.

use super::wire;
use crate::Number;

wire! {
    /// What a coin is worth now, in one currency. Percentages are percent: 1.2 is 1.2 %.
    Quote {
        /// of the currency, in lists.
        id: Option<Number>,
        /// of the currency, in lists.
        symbol: Option<String>,
        price: Option<Number>,
        volume_24h: Option<Number>,
        volume_change_24h: Option<Number>,
        cex_volume_24h: Option<Number>,
        dex_volume_24h: Option<Number>,
        volume_24h_reported: Option<Number>,
        volume_7d: Option<Number>,
        volume_7d_reported: Option<Number>,
        volume_30d: Option<Number>,
        volume_30d_reported: Option<Number>,
        percent_change_1h: Option<Number>,
        percent_change_24h: Option<Number>,
        percent_change_7d: Option<Number>,
        percent_change_30d: Option<Number>,
        percent_change_60d: Option<Number>,
        percent_change_90d: Option<Number>,
        market_cap: Option<Number>,
        market_cap_dominance: Option<Number>,
        market_cap_by_total_supply: Option<Number>,
        fully_diluted_market_cap: Option<Number>,
        minted_market_cap: Option<Number>,
        tvl: Option<Number>,
        last_updated: Option<String>,
    }

    /// The price of a coin in one currency, and little else.
    SimpleQuote {
        /// of the currency.
        id: Option<Number>,
        /// of the currency.
        symbol: Option<String>,
        price: Option<Number>,
        market_cap: Option<Number>,
        volume_24h: Option<Number>,
        percent_change_24h: Option<Number>,
        last_updated: Option<String>,
    }
}

/// Quotes that name their currency by `id` and `symbol`, or by the prefixed names of v5.
macro_rules! quoted {
    ($($quote:ty: $id:ident $symbol:ident;)*) => {
        $(impl crate::types::shape::Quoted for $quote {
            fn is_in(&self, currency: &str) -> bool {
                crate::types::quote::is_named(self.$id.as_ref(), self.$symbol.as_deref(), currency)
            }
        })*
    };
}
pub(super) use quoted;

pub(super) fn is_named(id: Option<&Number>, symbol: Option<&str>, currency: &str) -> bool {
    symbol == Some(currency) || id.is_some_and(|id| *id == *currency)
}

quoted! {
    Quote: id symbol;
    SimpleQuote: id symbol;
}
