#![doc = include_str!("../README.md")]

mod config;
mod database;
mod error;
mod ledger;
pub mod limits;
mod mysql;
mod postgres;
mod rows;
mod server;
mod sqlite;
mod store;
mod tier;

pub use config::SqlConfig;
pub use error::SqlError;
pub use ledger::SqlLedger;
pub use store::SqlStore;
pub use tier::SqlTier;
