#![doc = include_str!("../README.md")]

mod config;
mod tier;

pub use config::MokaConfig;
pub use tier::MokaTier;
