#![doc = include_str!("../README.md")]

mod act;
mod admin;
mod ask;
mod body;
mod clients;
mod dashboard;
mod config;
mod dressed;
mod headers;
mod limited;
mod ledger;
pub mod limits;
mod feed;
mod live;
mod openapi;
mod quota;
mod respond;
mod router;
mod serve;

pub use config::GatewayConfig;
pub use serve::{Bound, Drained, Gateway};
