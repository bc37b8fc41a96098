//! What stores may do to those who ask, and what they cost.

mod faults;
mod trips;

use harness::{Client, Database, GatewaySpec, MemcachedServer, RedisServer, Sim, TestServers};

/// A store, and what keeps it alive.
struct Backend {
    name: &'static str,
    /// `{}` is where it is.
    setting: String,
    authority: String,
    _alive: Alive,
}

enum Alive {
    Redis { _server: RedisServer },
    Memcached { _server: MemcachedServer },
    Database { _database: Database },
}

async fn redis() -> Backend {
    let server = RedisServer::start().await;
    let authority = server.authority();
    let setting = "tiers.redis.url=redis://{}".to_owned();
    Backend { name: "redis", setting, authority, _alive: Alive::Redis { _server: server } }
}

async fn memcached() -> Backend {
    let server = MemcachedServer::start().await;
    let authority = server.authority();
    let setting = "tiers.memcached.urls={}".to_owned();
    Backend { name: "memcached", setting, authority, _alive: Alive::Memcached { _server: server } }
}

fn sql(name: &'static str, database: Database) -> Backend {
    let authority = database.authority().to_owned();
    let setting = format!("tiers.{name}.url={}", database.url_through("{}"));
    Backend { name, setting, authority, _alive: Alive::Database { _database: database } }
}

async fn mysql() -> Backend {
    sql("mysql", TestServers::mysql_database().await)
}

async fn postgres() -> Backend {
    sql("postgres", TestServers::postgres_database().await)
}

impl Backend {
    /// The setting that has it at `place`.
    fn at(&self, place: &str) -> String {
        self.setting.replace("{}", place)
    }
}

/// A gateway that keeps in memory and in these, each at its place.
fn spec(sim: &Sim, stores: &[(&Backend, &str)]) -> GatewaySpec {
    let names: Vec<&str> = stores.iter().map(|(backend, _)| backend.name).collect();
    let spec = GatewaySpec::before(sim)
        .set(&format!("tiers=memory,{}", names.join(",")))
        // Nothing ends while it is measured.
        .set("freshness.quotes=1h")
        // It keeps entries here; what happens when it counts has tests of its own.
        .set("shared.meter=off");
    stores.iter().fold(spec, |spec, (backend, place)| spec.set(&backend.at(place)))
}

/// Entries that the store has taken.
async fn n_puts(client: &Client, tier: &str) -> f64 {
    let text = client.get("/metrics").await.text();
    let is_meant = |line: &&str| {
        line.starts_with("cmcache_tiers_puts_total{")
            && line.contains(&format!("tier=\"{tier}\""))
            && line.contains("outcome=\"done\"")
    };
    let line = text.lines().find(is_meant);
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
}
