//! The paid API, in this process, standing still.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;

use cmc_sim::{Bill, Control, KeyConfig, Plan, SimConfig};

use crate::client::Client;

/// The paid key of the tests; obviously no real one.
pub const KEY: &str = "harness-key";

/// Far beyond what a test asks, and small enough for any client's integers.
const NO_LIMIT: u64 = 1_000_000_000;

/// A running simulator whose clock stands at the moment of its start.
///
/// It derefs to [`cmc_sim::Sim`]: `bill()`, `advance(..)`, `control(..)`, `url()`.
#[derive(Debug)]
pub struct Sim {
    sim: cmc_sim::Sim,
    key: String,
}

impl Sim {
    /// Knows [`KEY`], on the largest plan and without limits to speak of.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn frozen() -> Self {
        Self::with_key(KEY).await
    }

    /// As [`Sim::frozen`], with another key.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn with_key(key: &str) -> Self {
        let account = KeyConfig {
            rpm: NO_LIMIT,
            credits_monthly: NO_LIMIT,
            ..KeyConfig::new(key, Plan::Enterprise)
        };
        Self::with(SimConfig { keys: vec![account], ..SimConfig::default() }, key).await
    }

    /// Any simulator, frozen at its start.
    ///
    /// # Panics
    /// When no loopback port is free.
    pub async fn with(config: SimConfig, key: &str) -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sim = cmc_sim::Sim::start(config, listen).await.expect("a loopback port is free");
        let sim = Self { sim, key: key.to_owned() };
        // The wall clock of the gateway and the simulator's should agree, so it starts at "now".
        sim.change(Control { freeze: Some(true), ..Control::default() });
        sim
    }

    /// Changes its behaviour.
    ///
    /// # Panics
    /// When the change makes no sense.
    pub fn change(&self, control: Control) {
        self.sim.control(control).expect("a test changes what exists");
    }

    /// The key it accepts.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// One who asks it directly.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.sim.url(), Some(&self.key))
    }

    /// Closes the listener and every connection: upstream is dead. The bill outlives it.
    pub async fn stop(self) -> Bill {
        let bill = self.sim.bill();
        self.sim.stop().await;
        bill
    }
}

impl Deref for Sim {
    type Target = cmc_sim::Sim;

    fn deref(&self) -> &Self::Target {
        &self.sim
    }
}
