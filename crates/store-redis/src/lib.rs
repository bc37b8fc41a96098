#![doc = include_str!("../README.md")]

mod backplane;
mod config;
mod error;
mod leases;
pub mod limits;
mod link;
mod meter;
pub mod metrics;
pub mod names;
mod scripts;
mod store;
mod tier;

pub use backplane::RedisBackplane;
pub use config::{Invalidation, RedisConfig, RedisConfigError};
pub use leases::RedisLeases;
pub use meter::RedisMeter;
pub use store::RedisStore;
pub use tier::RedisTier;
