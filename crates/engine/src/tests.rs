//! The engine as a whole, on a small market.

mod answers;
mod coalesce;
mod dropped;
mod failures;
mod families;
mod flights;
mod instances;
mod laws;
mod market;
mod money;
mod month;
mod pacing;
mod ready;
mod refresh;
mod rig;
mod shares;
mod spent;
mod sweeps;
mod warm;
mod wire;
