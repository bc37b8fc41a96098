//! The bounded set of connections. Nothing is done before somebody asks, and nobody waits for a
//! server that has just refused: the pauses grow, and are jittered so that many do not storm it.

mod slot;
mod wire;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use cache_tiers::{Clock, SystemClock, Timestamp};
use futures_util::future::BoxFuture;
use redis::{
    Client, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisError, RedisResult,
    cluster::ClusterClient,
    io::tcp::TcpSettings,
    sentinel::{SentinelClientBuilder, SentinelServerType},
};

use crate::{
    RedisConfig, RedisConfigError,
    config::{Mode, Place},
    limits::SILENCES_MAX,
    metrics::LinkCounters,
};
use slot::Slot;

pub(crate) use slot::pause;

pub(crate) use wire::Wire;

/// How the server is found.
#[derive(Clone)]
pub(crate) enum Way {
    Single(Client),
    Sentinel { sentinels: Vec<Place>, master: String, certificates: Option<Vec<u8>> },
    Cluster { client: Box<ClusterClient>, nodes: Vec<Client> },
}

/// What it takes to connect.
#[derive(Clone)]
pub(crate) struct Opener {
    way: Way,
    deadline: Duration,
    connect_timeout: Duration,
}

/// The connections to one server, or cluster.
pub(crate) struct Link {
    opener: Opener,
    slots: Vec<Slot>,
    next: AtomicUsize,
    /// Calls in a row that nobody answered, on whichever connection.
    n_silences: AtomicU32,
    pub(crate) counters: LinkCounters,
}

impl std::fmt::Debug for Link {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Link").field("n_slots", &self.slots.len()).finish_non_exhaustive()
    }
}

impl Link {
    /// Connects to nothing yet.
    pub(crate) fn new(config: &RedisConfig) -> Result<Self, RedisConfigError> {
        config.validate()?;
        // Whoever came first has decided; ours is only for those who did not.
        drop(rustls::crypto::ring::default_provider().install_default());
        let n_slots = match config.mode() {
            // One knows all nodes, and has a connection to each.
            Mode::Cluster => 1,
            Mode::Single | Mode::Sentinel => config.connections_max,
        };
        let opener = Opener {
            way: way(config)?,
            deadline: Duration::from_millis(config.deadline_ms),
            connect_timeout: Duration::from_millis(config.connect_timeout_ms),
        };
        Ok(Self {
            opener,
            slots: (0..n_slots).map(|_| Slot::default()).collect(),
            next: AtomicUsize::new(0),
            n_silences: AtomicU32::new(0),
            counters: LinkCounters::new(),
        })
    }

    pub(crate) const fn is_cluster(&self) -> bool {
        matches!(self.opener.way, Way::Cluster { .. })
    }

    pub(crate) fn opener(&self) -> Opener {
        self.opener.clone()
    }

    /// Lets the connections go, and opens none any more.
    pub(crate) fn close(&self) {
        self.slots.iter().for_each(Slot::close);
    }

    /// Runs one command.
    pub(crate) async fn run<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        self.with(|mut wire| Box::pin(async move { command.query_async::<T>(&mut wire).await }))
            .await
    }

    /// Runs several commands as one; not for a cluster.
    pub(crate) async fn run_all<T: FromRedisValue>(&self, pipe: &Pipeline) -> RedisResult<T> {
        self.with(|mut wire| Box::pin(async move { pipe.query_async::<T>(&mut wire).await })).await
    }

    /// Runs something on a connection, which is given up if it turns out to be dead.
    pub(crate) async fn with<'a, T>(
        &self,
        call: impl FnOnce(Wire) -> BoxFuture<'a, RedisResult<T>>,
    ) -> RedisResult<T> {
        let slot = self.slot();
        let (wire, generation) = slot.wire(self).await?;
        let mut listening = Listening { link: self, since: SystemClock.now(), heard: false };
        let answered = tokio::time::timeout(self.opener.deadline, call(wire)).await;
        let answered = answered.unwrap_or_else(|_| Err(timed_out()));
        listening.heard = answered.as_ref().err().is_none_or(|error| !error.is_timeout());
        drop(listening);
        slot.judge(generation, answered.as_ref().err());
        answered
    }

    /// The next in turn. While that one rests after a refusal, one that is open: the server is
    /// there again, whatever the others have met.
    fn slot(&self) -> &Slot {
        let n_slots = self.slots.len();
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % n_slots;
        let next = &self.slots[turn];
        if !next.is_resting() {
            return next;
        }
        let mut others = (1..n_slots).map(|step| &self.slots[(turn + step) % n_slots]);
        others.find(|slot| slot.is_open()).unwrap_or(next)
    }
}

/// Who waits for an answer. Dropped late without one, it has met a silence, also if a caller with
/// less patience than ours has dropped it.
struct Listening<'a> {
    link: &'a Link,
    since: Timestamp,
    heard: bool,
}

impl Drop for Listening<'_> {
    fn drop(&mut self) {
        if self.heard {
            self.link.n_silences.store(0, Ordering::Relaxed);
            return;
        }
        let waited = SystemClock.now().since(self.since);
        // Somebody else was quicker, or the asker left: that says nothing.
        if waited < self.link.opener.deadline.mul_f32(0.75) {
            return;
        }
        // One is a slow server, several in a row are connections to nowhere.
        if self.link.n_silences.fetch_add(1, Ordering::Relaxed) + 1 >= SILENCES_MAX {
            self.link.n_silences.store(0, Ordering::Relaxed);
            self.link.slots.iter().for_each(Slot::give_up);
        }
    }
}

impl Opener {
    /// A connection of its own, which is told of what the server says by itself.
    pub(crate) async fn open_pushed(
        &self,
        config: &redis::AsyncConnectionConfig,
        attempt: usize,
    ) -> RedisResult<redis::aio::MultiplexedConnection> {
        let client = match &self.way {
            Way::Single(client) => client.clone(),
            Way::Sentinel { .. } => self.master().await?,
            Way::Cluster { nodes, .. } => nodes[attempt % nodes.len()].clone(),
        };
        let info = client.get_connection_info().clone();
        let settings = info.redis_settings().clone().set_protocol(redis::ProtocolVersion::RESP3);
        let client = Client::open(info.set_redis_settings(settings))?;
        client.get_multiplexed_async_connection_with_config(config).await
    }

    /// How long opening a connection may take, all steps of it together.
    pub(crate) const fn patience(&self) -> Duration {
        self.connect_timeout.saturating_mul(2)
    }

    /// Opens a connection for a slot.
    async fn open(&self) -> RedisResult<Wire> {
        let config = redis::AsyncConnectionConfig::new()
            .set_connection_timeout(Some(self.connect_timeout))
            .set_response_timeout(Some(self.deadline.max(self.connect_timeout)));
        let client = match &self.way {
            Way::Single(client) => client.clone(),
            Way::Sentinel { .. } => self.master().await?,
            Way::Cluster { client, .. } => {
                return Ok(Wire::Cluster(client.get_async_connection().await?));
            }
        };
        let wire = client.get_multiplexed_async_connection_with_config(&config).await?;
        Ok(Wire::Single(wire))
    }

    /// Where the master is now, by its sentinels.
    async fn master(&self) -> RedisResult<Client> {
        let Way::Sentinel { sentinels, master, certificates } = &self.way else {
            return Err(RedisError::from((ErrorKind::InvalidClientConfig, "no sentinels")));
        };
        let mut client = sentinel(sentinels, master, certificates.as_deref())?;
        client.async_get_client().await
    }
}

fn way(config: &RedisConfig) -> Result<Way, RedisConfigError> {
    let places = config.places()?;
    let certificates = match &config.ca_file {
        Some(path) => Some(std::fs::read(path).map_err(|error| RedisConfigError::CaFile {
            path: path.display().to_string(),
            reason: error.to_string(),
        })?),
        None => None,
    };
    let refused = |error: RedisError| match &config.ca_file {
        Some(path) => {
            RedisConfigError::CaFile { path: path.display().to_string(), reason: error.to_string() }
        }
        // The address has been read before: what the driver says may hold a password.
        None => RedisConfigError::Url(format!("{:?}", places[0])),
    };
    let client = |place: &Place| client(place, certificates.as_deref());
    Ok(match config.mode() {
        Mode::Single => Way::Single(client(&places[0]).map_err(refused)?),
        Mode::Sentinel => {
            let master = config.sentinel_master.clone().unwrap_or_default();
            sentinel(&places, &master, certificates.as_deref()).map_err(refused)?;
            Way::Sentinel { sentinels: places, master, certificates }
        }
        Mode::Cluster => {
            let nodes: RedisResult<Vec<Client>> = places.iter().map(client).collect();
            let cluster = cluster(config, &places, certificates.as_deref());
            Way::Cluster {
                client: Box::new(cluster.map_err(refused)?),
                nodes: nodes.map_err(refused)?,
            }
        }
    })
}

fn client(place: &Place, certificates: Option<&[u8]>) -> RedisResult<Client> {
    match certificates {
        Some(pem) => Client::build_with_tls(wire::info(place)?, wire::certificates(pem)),
        None => Client::open(wire::info(place)?),
    }
}

fn cluster(
    config: &RedisConfig,
    places: &[Place],
    certificates: Option<&[u8]>,
) -> RedisResult<ClusterClient> {
    let infos = places.iter().map(wire::info).collect::<RedisResult<Vec<_>>>()?;
    let deadline = Duration::from_millis(config.deadline_ms);
    let mut builder = ClusterClient::builder(infos)
        .connection_timeout(Duration::from_millis(config.connect_timeout_ms))
        .response_timeout(deadline)
        .overall_response_timeout(Some(deadline))
        .retries(2)
        .tcp_settings(TcpSettings::default().set_nodelay(true));
    if let Some(pem) = certificates {
        builder = builder.certs(wire::certificates(pem));
    }
    builder.build()
}

fn sentinel(
    places: &[Place],
    master: &str,
    certificates: Option<&[u8]>,
) -> RedisResult<redis::sentinel::SentinelClient> {
    let addresses = places.iter().map(wire::address);
    let nodelay = || TcpSettings::default().set_nodelay(true);
    let mut builder = SentinelClientBuilder::new(addresses, master, SentinelServerType::Master)?
        .set_client_to_redis_tcp_settings(nodelay())
        .set_client_to_sentinel_tcp_settings(nodelay())
        .set_client_to_redis_db(places[0].database);
    if let Some(user) = &places[0].user {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = &places[0].password {
        builder = builder.set_client_to_redis_password(password);
    }
    if places[0].is_tls {
        builder = builder
            .set_client_to_redis_tls_mode(redis::TlsMode::Secure)
            .set_client_to_sentinel_tls_mode(redis::TlsMode::Secure);
    }
    if let Some(pem) = certificates {
        builder = builder
            .set_client_to_redis_certificates(wire::certificates(pem))
            .set_client_to_sentinel_certificates(wire::certificates(pem));
    }
    builder.build()
}

/// What a server that says nothing has said.
pub(crate) fn timed_out() -> RedisError {
    RedisError::from(std::io::Error::from(std::io::ErrorKind::TimedOut))
}

/// A shared outcome of one attempt to connect.
pub(crate) type Opened = Result<Wire, Arc<RedisError>>;
