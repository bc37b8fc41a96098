//! The words that parameters take.

use std::fmt;

use crate::{CoinId, Number};

/// What may stand where the API takes an id.
pub trait Id: fmt::Display {}

macro_rules! ids {
    ($($id:ty)*) => { $(impl Id for $id {})* };
}
ids!(u32 u64 i32 CoinId Number &CoinId &Number &str String &u32 &u64);

/// Enums of wire words.
macro_rules! words {
    ($($(#[$meta:meta])* $name:ident { $($variant:ident $word:literal,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum $name {
                $(
                    #[doc = concat!("`", $word, "`")]
                    $variant,
                )*
            }

            impl $name {
                /// All of them.
                pub const ALL: &[Self] = &[$(Self::$variant),*];

                /// The word on the wire.
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self {
                        $(Self::$variant => $word,)*
                    }
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        )*
    };
}

words! {
    /// Which end comes first.
    Direction { Ascending "asc", Descending "desc", }

    /// Coins with a chain of their own, or tokens.
    CoinType { All "all", Coins "coins", Tokens "tokens", }

    /// The states of coins and exchanges.
    ListingStatus { Active "active", Inactive "inactive", Untracked "untracked", }

    /// The orders of latest listings.
    ListingSort {
        MarketCap "market_cap", MarketCapStrict "market_cap_strict", Name "name",
        Symbol "symbol", DateAdded "date_added", Price "price",
        CirculatingSupply "circulating_supply", TotalSupply "total_supply",
        MaxSupply "max_supply", NumMarketPairs "num_market_pairs", Volume24h "volume_24h",
        Volume7d "volume_7d", Volume30d "volume_30d", PercentChange1h "percent_change_1h",
        PercentChange24h "percent_change_24h", PercentChange7d "percent_change_7d",
        MarketCapByTotalSupplyStrict "market_cap_by_total_supply_strict",
    }

    /// The orders of past listings.
    PastListingSort {
        CmcRank "cmc_rank", Name "name", Symbol "symbol", MarketCap "market_cap",
        Price "price", CirculatingSupply "circulating_supply", TotalSupply "total_supply",
        MaxSupply "max_supply", NumMarketPairs "num_market_pairs", Volume24h "volume_24h",
        PercentChange1h "percent_change_1h", PercentChange24h "percent_change_24h",
        PercentChange7d "percent_change_7d",
    }

    /// The orders of the map of coins.
    CoinMapSort { Id "id", CmcRank "cmc_rank", }

    /// The orders of the table of fiats.
    FiatSort { Id "id", Name "name", }

    /// The orders of the map of exchanges.
    ExchangeMapSort { Id "id", Volume24h "volume_24h", }

    /// The orders of exchanges.
    ExchangeSort {
        Volume24h "volume_24h", Name "name", Volume24hAdjusted "volume_24h_adjusted",
        ExchangeScore "exchange_score",
    }

    /// What exchanges trade.
    ExchangeCategory {
        All "all", Spot "spot", Derivatives "derivatives", Dex "dex", Lending "lending",
    }

    /// Whether exchanges take fees.
    MarketType { All "all", Fees "fees", NoFees "no_fees", }

    /// The orders of market pairs.
    PairSort {
        Volume24hStrict "volume_24h_strict", CmcRank "cmc_rank",
        CmcRankAdvanced "cmc_rank_advanced", EffectiveLiquidity "effective_liquidity",
        MarketScore "market_score", MarketReputation "market_reputation",
    }

    /// The kinds of market pairs.
    PairCategory {
        All "all", Spot "spot", Derivatives "derivatives", Otc "otc", Futures "futures",
        Perpetual "perpetual",
    }

    /// How market pairs are charged.
    FeeType {
        All "all", Percentage "percentage", NoFees "no-fees",
        TransactionalMining "transactional-mining", Unknown "unknown",
    }

    /// The length of a candle.
    CandleSize { Daily "daily", Hourly "hourly", }

    /// The periods of trending lists.
    TrendPeriod { Hour "1h", Day "24h", Week "7d", Month "30d", }

    /// The order of gainers and losers.
    GainerSort { PercentChange24h "percent_change_24h", }

    /// The periods of performance.
    Period {
        AllTime "all_time", Yesterday "yesterday", Day "24h", Week "7d", Month "30d",
        Quarter "90d", Year "365d",
    }

    /// The periods of the altcoin season.
    Timeframe { Week "7d", Month "30d", Quarter "90d", }

    /// The states of airdrops.
    AirdropStatus { Ongoing "ONGOING", Upcoming "UPCOMING", Ended "ENDED", }

    /// The distance of two points in time. The named ones start with the calendar's period.
    Interval {
        Yearly "yearly", Monthly "monthly", Weekly "weekly", Daily "daily", Hourly "hourly",
        Minutes5 "5m", Minutes10 "10m", Minutes15 "15m", Minutes30 "30m", Minutes45 "45m",
        Hours1 "1h", Hours2 "2h", Hours3 "3h", Hours4 "4h", Hours6 "6h", Hours12 "12h",
        Hours24 "24h", Days1 "1d", Days2 "2d", Days3 "3d", Days7 "7d", Days14 "14d",
        Days15 "15d", Days30 "30d", Days60 "60d", Days90 "90d", Days365 "365d",
    }

    /// The orders of liquidations.
    LiquidationSort {
        Total24h "total_liquidations_24h", Total4h "total_liquidations_4h",
        Total1h "total_liquidations_1h",
    }

    /// Where derivatives are traded.
    CenterType { All "all", Centralised "cex", Decentralised "dex", }

    /// The kinds of real-world assets.
    AssetType {
        Stock "stock", Commodity "commodity", Currency "currency",
        GovernmentSecurity "government_security", Etf "etf", RealEstate "real_estate",
    }
}
