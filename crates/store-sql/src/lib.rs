#![doc = include_str!("../README.md")]

mod config;
mod database;
mod error;
mod leases;
mod ledger;
pub mod limits;
mod maintain;
mod meter;
pub mod metrics;
mod mysql;
mod postgres;
mod questions;
mod reads;
mod reports;
mod rows;
mod server;
mod sqlite;
mod store;
mod tallies;
mod tier;

pub use config::SqlConfig;
pub use error::SqlError;
pub use leases::SqlLeases;
pub use ledger::SqlLedger;
pub use maintain::Maintained;
pub use meter::SqlMeter;
pub use questions::Question;
pub use reports::{DayUse, OperationUse, SqlReports};
pub use store::SqlStore;
pub use tallies::SqlTallies;
pub use tier::SqlTier;
