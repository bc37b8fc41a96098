#![doc = include_str!("../README.md")]

mod allowance;
mod background;
mod books;
mod cmcache;
pub mod config;
mod error;
mod invalidation;
mod key;
mod metrics;
mod probes;
mod requests;
pub mod status;
mod telling;
mod typed;
mod warming;
mod wiring;

pub use cache_tiers;
pub use clock;
pub use cmc_api;
pub use credits;
pub use engine;
pub use health;
pub use monitor;

pub use self::metrics::metrics;
pub use allowance::Allowance;
pub use books::Books;
pub use cmcache::{Cmcache, Options};
pub use config::Config;
pub use error::StartError;
pub use invalidation::{Invalidated, Invalidation};
pub use status::Drained;
pub use warming::{Popularity, WarmOrder, WarmStatus};
