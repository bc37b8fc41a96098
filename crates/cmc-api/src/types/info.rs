//! The metadata of coins.

use super::{Flag, coins::Platform, wire};
use crate::{CoinId, Number};

wire! {
    /// The links of a coin, by kind.
    CoinUrls {
        website: Vec<String>,
        technical_doc: Vec<String>,
        explorer: Vec<String>,
        source_code: Vec<String>,
        message_board: Vec<String>,
        chat: Vec<String>,
        announcement: Vec<String>,
        reddit: Vec<String>,
        twitter: Vec<String>,
        facebook: Vec<String>,
    }

    /// The coin of a contract's platform.
    PlatformCoin {
        /// a string, as a rule.
        id: Option<Number>,
        name: Option<String>,
        symbol: Option<String>,
        slug: Option<String>,
    }

    /// The platform of a contract.
    ContractPlatform {
        name: Option<String>,
        coin: Option<PlatformCoin>,
    }

    /// A contract of a token.
    ContractAddress {
        contract_address: String,
        platform: Option<ContractPlatform>,
    }

    /// The metadata of a coin.
    CoinInfo {
        id: CoinId,
        name: String,
        symbol: String,
        slug: String,
        /// (`coin`, `token`)
        category: Option<String>,
        logo: Option<String>,
        description: Option<String>,
        date_added: Option<String>,
        date_launched: Option<String>,
        notice: Option<String>,
        tags: Vec<String>,
        #[serde(rename = "tag-names")]
        tag_names: Vec<String>,
        #[serde(rename = "tag-groups")]
        tag_groups: Vec<String>,
        platform: Option<Platform>,
        contract_address: Vec<ContractAddress>,
        urls: Option<CoinUrls>,
        subreddit: Option<String>,
        twitter_username: Option<String>,
        is_hidden: Option<Flag>,
        status: Option<String>,
        self_reported_circulating_supply: Option<Number>,
        self_reported_market_cap: Option<Number>,
        self_reported_tags: Vec<String>,
        infinite_supply: Option<bool>,
    }
}
