//! A cache on a stage: simulated time, the simulator in this process as its upstream, and nobody
//! else. Twenty minutes pass in seconds, and every run of a seed is the same.
//!
//! Time is tokio's, paused: it stands while anything is left to do and jumps to the next timer
//! when nothing is. The cache's clock and the simulator's follow it. [`on_stage`] builds all of it
//! and plays a closure on it:
//!
//! ```ignore
//! let charged = on_stage(Setup::default(), async |stage| {
//!     stage.cmcache.get("/v3/cryptocurrency/quotes/latest?id=1").await?;
//!     tokio::time::sleep(Duration::from_secs(3_600)).await; // takes no time
//!     Ok(stage.sim.bill().credits)
//! })?;
//! ```

mod clock;
mod stage;
mod upstream;

pub(crate) use stage::{Setup, Stage, apart, on_stage};

#[cfg(test)]
mod tests;
