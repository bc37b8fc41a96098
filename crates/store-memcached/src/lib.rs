#![doc = include_str!("../README.md")]

mod config;
mod cost;
mod due;
mod leases;
mod life;
pub mod limits;
pub mod metrics;
pub mod names;
mod pool;
mod sealed;
mod server;
mod store;
mod tier;
mod trouble;

pub use config::{MemcachedConfig, MemcachedConfigError};
pub use leases::MemcachedLeases;
pub use store::MemcachedStore;
pub use tier::MemcachedTier;
