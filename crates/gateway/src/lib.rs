#![doc = include_str!("../README.md")]

mod act;
mod admin;
mod ask;
mod body;
mod clients;
mod config;
mod dashboard;
mod dressed;
mod feed;
mod hall;
mod headers;
mod ledger;
mod limited;
pub mod limits;
mod live;
pub mod metrics;
mod openapi;
mod quota;
mod respond;
mod router;
mod scrape;
mod serve;
mod traced;

pub use config::GatewayConfig;
pub use hall::Door;
pub use serve::{Drained, Gateway};
