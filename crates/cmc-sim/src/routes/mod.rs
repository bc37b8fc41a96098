//! One file per endpoint family: resolve, count what will be charged, write the data.

pub(crate) mod airdrops;
pub(crate) mod candles;
pub(crate) mod categories;
pub(crate) mod chains;
pub(crate) mod coin;
pub(crate) mod community;
pub(crate) mod content;
pub(crate) mod conversion;
pub(crate) mod dex;
pub(crate) mod exchange_quotes;
pub(crate) mod exchange_series;
pub(crate) mod exchanges;
pub(crate) mod fiats;
pub(crate) mod global;
pub(crate) mod global_series;
pub(crate) mod index;
pub(crate) mod info;
pub(crate) mod key;
pub(crate) mod keyed;
pub(crate) mod listings;
pub(crate) mod map;
pub(crate) mod multiplier;
pub(crate) mod pairs;
pub(crate) mod past_listings;
pub(crate) mod performance;
pub(crate) mod postman;
pub(crate) mod quote_series;
pub(crate) mod quotes;
pub(crate) mod scores;
pub(crate) mod seasons;
pub(crate) mod sentiment;
pub(crate) mod simple;
pub(crate) mod trending;
pub(crate) mod v5;
pub(crate) mod window;
pub(crate) mod write;

#[cfg(test)]
mod tests;
