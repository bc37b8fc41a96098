use std::{net::SocketAddr, time::Duration};

/// Where the gateway listens.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// How long requests under way may take to end when the gateway is told to stop.
    pub grace: Duration,
}

impl GatewayConfig {
    /// Listens on `listen`.
    #[must_use]
    pub const fn on(listen: SocketAddr) -> Self {
        Self { listen, grace: Duration::from_secs(20) }
    }
}
