//! Fear and greed, altcoin season, indices.

use super::wire;
use crate::{CoinId, Number};

wire! {
    /// Fear and greed, now.
    FearAndGreed {
        /// 0 to 100.
        value: Option<Number>,
        value_classification: Option<String>,
        update_time: Option<String>,
    }

    /// Fear and greed of one day.
    FearAndGreedPoint {
        /// in seconds since 1970.
        timestamp: Option<Number>,
        /// 0 to 100.
        value: Option<Number>,
        value_classification: Option<String>,
    }

    /// Whether it is altcoin season, now.
    AltcoinSeason {
        altcoin_index: Option<Number>,
        altcoin_marketcap: Option<Number>,
        snapshot_time: Option<String>,
        yearly_high: Option<Number>,
        yearly_high_date: Option<String>,
        yearly_low: Option<Number>,
        yearly_low_date: Option<String>,
    }

    /// Whether it was altcoin season.
    AltcoinSeasonPoint {
        timestamp: Option<Number>,
        altcoin_index: Option<Number>,
        altcoin_marketcap: Option<Number>,
    }

    /// The altcoin season over time.
    AltcoinSeasonSeries {
        timeframe: Option<String>,
        points: Vec<AltcoinSeasonPoint>,
    }

    /// A coin of an index.
    Constituent {
        id: CoinId,
        name: String,
        symbol: String,
        url: Option<String>,
        /// in percent.
        weight: Option<Number>,
        #[serde(rename = "priceUsd")]
        price_usd: Option<Number>,
        units: Option<Number>,
    }

    /// An index of coins, now.
    Index {
        value: Option<Number>,
        value_24h_percentage_change: Option<Number>,
        last_update: Option<String>,
        next_update: Option<String>,
        constituents: Vec<Constituent>,
    }

    /// An index of coins at one instant.
    IndexPoint {
        update_time: Option<String>,
        value: Option<Number>,
        constituents: Vec<Constituent>,
    }
}
