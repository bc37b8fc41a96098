#![doc = include_str!("../README.md")]

mod alarms;
mod allowance;
mod background;
mod books;
pub mod clients;
mod cmcache;
pub mod config;
pub mod demand;
mod delivery;
mod error;
pub mod events;
mod invalidation;
mod keeping;
mod key;
mod metrics;
mod prices;
mod pace;
mod probes;
pub mod reports;
mod requests;
pub mod status;
mod telling;
mod typed;
mod usage;
mod watching;
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
pub use clients::Caller;
pub use cmcache::{Cmcache, Options};
pub use config::Config;
pub use delivery::{Trial, TrialError, try_webhook};
pub use error::StartError;
pub use invalidation::{Invalidated, Invalidation};
pub use status::Drained;
