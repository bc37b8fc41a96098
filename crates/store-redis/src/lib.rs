#![doc = include_str!("../README.md")]

mod config;
pub mod limits;
pub mod names;

pub use config::{RedisConfig, RedisConfigError};
