//! Fiats and metals, and the statistics of chains.

use super::wire;
use crate::{CoinId, Number};

wire! {
    /// A fiat or a metal.
    FiatEntry {
        id: CoinId,
        name: String,
        sign: Option<String>,
        symbol: Option<String>,
        /// instead of the symbol, for metals in older answers.
        code: Option<String>,
    }

    /// Statistics of a chain; large numbers stand in strings.
    ChainStatistics {
        id: CoinId,
        slug: Option<String>,
        symbol: Option<String>,
        block_reward_static: Option<Number>,
        consensus_mechanism: Option<String>,
        difficulty: Option<Number>,
        hashrate_24h: Option<Number>,
        pending_transactions: Option<Number>,
        reduction_rate: Option<Number>,
        total_blocks: Option<Number>,
        total_transactions: Option<Number>,
        tps_24h: Option<Number>,
        first_block_timestamp: Option<String>,
    }
}
