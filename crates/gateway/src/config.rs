use std::{net::SocketAddr, time::Duration};

use cmcache::cmc_api::Secret;

/// Where and for whom the gateway listens.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Name and token of each client. Empty: any key or none is accepted, on loopback only.
    pub clients: Vec<(String, Secret)>,
    /// How long requests under way may take to end when the gateway is told to stop.
    pub grace: Duration,
}

impl GatewayConfig {
    /// Listens on `listen` for anybody.
    #[must_use]
    pub const fn on(listen: SocketAddr) -> Self {
        Self { listen, clients: Vec::new(), grace: Duration::from_secs(20) }
    }

    /// Whether it would let strangers spend.
    #[must_use]
    pub fn is_open_to_strangers(&self) -> bool {
        !self.listen.ip().is_loopback() && self.clients.is_empty()
    }
}
