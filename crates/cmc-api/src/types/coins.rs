//! Coins: quotes, listings, trending, the map.

use super::{
    Flag, Items, Quotes, Tag,
    quote::{Quote, SimpleQuote},
    wire,
};
use crate::{CoinId, Number};

wire! {
    /// The chain that a token lives on.
    Platform {
        /// a number, or a string in some answers.
        id: Option<Number>,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
        token_address: Option<String>,
    }

    /// A coin with its latest quotes: quotes/latest, listings/*, trending/*, category.
    Coin {
        id: CoinId,
        name: String,
        symbol: String,
        slug: String,
        quote: Quotes<Quote>,
        tags: Vec<Tag>,
        platform: Option<Platform>,
        is_active: Option<Flag>,
        is_fiat: Option<Flag>,
        infinite_supply: Option<bool>,
        is_market_cap_included_in_calc: Option<Flag>,
        circulating_supply: Option<Number>,
        total_supply: Option<Number>,
        max_supply: Option<Number>,
        date_added: Option<String>,
        num_market_pairs: Option<Number>,
        cmc_rank: Option<Number>,
        last_updated: Option<String>,
        tvl_ratio: Option<Number>,
        market_cap_by_total_supply: Option<Number>,
        minted_market_cap: Option<Number>,
        self_reported_circulating_supply: Option<Number>,
        self_reported_market_cap: Option<Number>,
        unlocked_circulating_supply: Option<Number>,
        unlocked_market_cap: Option<Number>,
    }

    /// A coin of the map of all coins.
    MapEntry {
        id: CoinId,
        rank: Option<Number>,
        name: String,
        symbol: String,
        slug: String,
        is_active: Option<Flag>,
        /// (`active`, `inactive`, `untracked`)
        status: Option<String>,
        first_historical_data: Option<String>,
        last_historical_data: Option<String>,
        platform: Option<Platform>,
    }

    /// A coin of simple/price, of both versions.
    SimplePrice {
        id: CoinId,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
        /// by currency (v2)
        quotes: Quotes<SimpleQuote>,
        /// in US dollars (v1)
        price: Option<Number>,
        market_cap: Option<Number>,
        volume_24h: Option<Number>,
        percent_change_24h: Option<Number>,
        last_updated: Option<String>,
    }

    /// A category of coins; `coins` only where one is asked for.
    Category {
        id: String,
        name: String,
        title: Option<String>,
        description: Option<String>,
        num_tokens: Option<Number>,
        avg_price_change: Option<Number>,
        market_cap: Option<Number>,
        market_cap_change: Option<Number>,
        volume: Option<Number>,
        volume_change: Option<Number>,
        last_updated: Option<String>,
        coins: Vec<Coin>,
    }

    /// A coin that an airdrop gives away.
    AirdropCoin {
        id: CoinId,
        name: Option<String>,
        slug: Option<String>,
        symbol: Option<String>,
    }

    /// An airdrop.
    Airdrop {
        id: String,
        project_name: Option<String>,
        description: Option<String>,
        /// (`ONGOING`, `UPCOMING`, `ENDED`)
        status: Option<String>,
        coin: Option<AirdropCoin>,
        start_date: Option<String>,
        end_date: Option<String>,
        total_prize: Option<Number>,
        winner_count: Option<Number>,
        link: Option<String>,
    }

    /// How many underlying units one token stands for.
    Multiplier {
        crypto_id: Option<Number>,
        crypto_slug: Option<String>,
        name: Option<String>,
        symbol: Option<String>,
        multiplier: Option<Number>,
        effective_at: Option<String>,
        token_address: Option<String>,
        platform_id: Option<Number>,
    }

    /// A page of multipliers.
    Multipliers {
        total_size: Option<Number>,
        has_more: Option<bool>,
        items: Vec<Multiplier>,
    }

    /// A score of a partner, long dead.
    FcasScore {
        id: CoinId,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
        score: Option<Number>,
        grade: Option<String>,
        percent_change_24h: Option<Number>,
        point_change_24h: Option<Number>,
        last_updated: Option<String>,
    }
}

impl Items for Multipliers {
    type Item = Multiplier;

    fn into_items(self) -> Vec<Multiplier> {
        self.items
    }
}
