//! One file per endpoint family: resolve, count what will be charged, write the data.

pub(crate) mod coin;
pub(crate) mod conversion;
pub(crate) mod exchanges;
pub(crate) mod fiats;
pub(crate) mod global;
pub(crate) mod info;
pub(crate) mod key;
pub(crate) mod listings;
pub(crate) mod map;
pub(crate) mod quotes;
pub(crate) mod sentiment;
pub(crate) mod simple;
pub(crate) mod v5;
pub(crate) mod write;

#[cfg(test)]
mod tests;
