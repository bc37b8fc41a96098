//! The words that questions are made of, from the API's documentation.

pub(super) const AUX_QUOTE: &[&str] = &[
    "num_market_pairs",
    "cmc_rank",
    "date_added",
    "tags",
    "platform",
    "max_supply",
    "circulating_supply",
    "total_supply",
    "market_cap_by_total_supply",
    "volume_24h_reported",
    "volume_7d",
    "volume_7d_reported",
    "volume_30d",
    "volume_30d_reported",
    "is_market_cap_included_in_calc",
    "is_active",
    "is_fiat",
];

pub(super) const AUX_LISTING: &[&str] = AUX_QUOTE.split_at(15).0;

pub(super) const AUX_INFO: &[&str] =
    &["urls", "logo", "description", "tags", "platform", "date_added", "notice", "status"];

pub(super) const AUX_MAP: &[&str] =
    &["platform", "first_historical_data", "last_historical_data", "is_active", "status"];

pub(super) const SORTS: &[&str] = &[
    "market_cap",
    "market_cap_strict",
    "name",
    "symbol",
    "date_added",
    "price",
    "circulating_supply",
    "total_supply",
    "max_supply",
    "num_market_pairs",
    "volume_24h",
    "volume_7d",
    "volume_30d",
    "percent_change_1h",
    "percent_change_24h",
    "percent_change_7d",
    "market_cap_by_total_supply_strict",
];

/// Fiats, coins, and a metal.
pub(super) const CURRENCIES: &[&str] = &["USD", "EUR", "GBP", "JPY", "BTC", "ETH", "USDT", "XAU"];

pub(super) const CURRENCY_IDS: &[&str] = &["2781", "2790", "2791", "2797", "1", "1027", "825"];
