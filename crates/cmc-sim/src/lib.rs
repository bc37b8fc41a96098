#![doc = include_str!("../README.md")]

mod bill;
mod clock;
mod config;
mod control;
mod core;
mod depth;
mod detached;
mod envelope;
mod faults;
mod http_body;
mod json;
mod latency;
mod market;
mod meter;
mod nearest;
mod operations;
mod params;
mod query;
mod quirks;
mod recording;
mod refusal;
mod repeats;
mod reply;
mod resolve;
mod routes;
mod scenario;
mod server;
mod settings;
mod tariff;
#[cfg(test)]
mod testing;
mod time;
mod timeline;

pub use bill::{Bill, Line};
pub use config::{DEFAULT_KEY, KeyConfig, KeyState, Plan, SimConfig};
pub use control::{Control, ControlError, KeyControl, PriceRule};
pub use detached::{Asked, Detached, Heard};
pub use faults::{FailNext, FailRate, FaultKind};
pub use latency::Latency;
pub use quirks::{
    Code, ErrorNotice, KeyPlace, NullKeys, OverLimit, QueryUnknown, QuirkChanges, QuirkError,
    Quirks, RateLimitHeaders, SymbolKeys, Tariff, UnknownPath, Unranked, Unrecorded, Unresolved,
};
pub use recording::{Ended, Exchange, RecordingError};
pub use scenario::{Length, Scenario, ScenarioError, Start, StartKey, Step, WrongCharge};
pub use server::Sim;
