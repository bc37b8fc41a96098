#![doc = include_str!("../README.md")]

mod absent;
mod answer;
mod buy;
mod catalog;
mod commons;
pub mod compose;
mod counts;
mod demand;
mod engine;
mod entity;
mod error;
mod estimate;
mod fetch;
pub mod fill;
mod fingerprint;
mod flight;
pub mod forecast;
mod gate;
mod gather;
mod harvest;
mod held;
mod hot;
mod ids;
pub mod limits;
mod looks;
mod metrics;
mod notes;
mod pacing;
pub mod pack;
pub mod plan;
mod policy;
mod prepared;
pub mod ranks;
mod seat;
mod share;
mod spending;
mod stale;
pub mod sweep;
mod tags;
pub mod tally;

pub use answer::{Answer, CacheState, Terms};
pub use catalog::Catalog;
pub use commons::Commons;
pub use counts::Counts;
pub use engine::{Engine, Estimate, Parts, Size};
pub use entity::{Entity, How, Want};
pub use error::{AnswerError, FlightError};
pub use fetch::ask_key;
pub use held::{Content, Held};
pub use metrics::METRICS;
pub use pacing::Pacing;
pub use policy::{Ages, Freshness, PaceAges};
pub use stale::Demand;

#[cfg(test)]
mod tests;
