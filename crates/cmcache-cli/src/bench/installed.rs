//! HTTP caches that are installed on this machine, for real: nginx's `proxy_cache` and Varnish,
//! between the demand and a simulator with a socket, in real time, for as long as they are given.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use cmc_sim::{DEFAULT_KEY, KeyConfig, Plan, Sim, SimConfig};
use cmcache::clock::Stopwatch;
use serde::Serialize;
use tokio::task::JoinSet;

use super::{
    coins::Coins,
    models::{self, Limits, Named, UrlCache, millis},
    request::Request,
};

/// How long a cache may take to listen.
const START: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(50);

/// A cache that may be installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nginx,
    Varnish,
}

/// What was played through them, and what each paid.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Installed {
    pub(crate) seconds: u64,
    pub(crate) max_age_s: u64,
    /// What the model of a cache by URL pays for the same.
    pub(crate) modelled: u64,
    pub(crate) caches: Vec<Paid>,
}

/// What one of them paid.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Paid {
    pub(crate) name: &'static str,
    /// Of the simulator's bill.
    pub(crate) credits: u64,
    pub(crate) calls: u64,
    pub(crate) requests: u64,
    /// Requests without an answer of status 200.
    pub(crate) failed: u64,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Nginx, Self::Varnish];

    const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx proxy_cache",
            Self::Varnish => "Varnish",
        }
    }

    const fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Varnish => "varnishd",
        }
    }

    /// Where it is installed, if it is.
    fn find(self) -> Option<std::path::PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path)
            .chain(["/usr/sbin", "/usr/local/sbin"].map(Into::into))
            .map(|folder| folder.join(self.program()))
            .find(|candidate| candidate.is_file())
    }

    fn start(self, folder: &Path, origin: SocketAddr, age_s: u64) -> anyhow::Result<Running> {
        let program = self.find().context("it is not installed")?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let root = folder.to_str().context("a temporary folder has a plain name")?;
        let mut command = Command::new(program);
        match self {
            Self::Nginx => {
                let file = folder.join("nginx.conf");
                std::fs::write(&file, nginx(root, port, origin, age_s))?;
                command.args(["-p", root, "-e", &format!("{root}/error.log"), "-c"]).arg(file);
            }
            Self::Varnish => {
                let file = folder.join("cache.vcl");
                std::fs::write(&file, varnish(origin, age_s))?;
                command.args(["-F", "-n", root, "-s", "malloc,256m", "-a"]);
                command.arg(format!("127.0.0.1:{port}")).arg("-f").arg(file);
            }
        }
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| self.program())?;
        Ok(Running { child, port })
    }
}

/// A cache at work; it ends with this value.
struct Running {
    child: Child,
    port: u16,
}

impl Running {
    async fn listens(&self) -> anyhow::Result<()> {
        let watch = Stopwatch::start();
        loop {
            if tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.is_ok() {
                return Ok(());
            }
            anyhow::ensure!(watch.elapsed() < START, "it does not listen");
            tokio::time::sleep(POLL).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // SIGTERM, because a killed master leaves its workers behind. It may have ended already.
        drop(Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status());
        drop(self.child.wait());
    }
}

/// Plays the first seconds of a demand through each cache that is installed.
///
/// # Errors
///
/// One of them does not start.
pub(crate) async fn through(
    requests: &[Request],
    coins: &Coins,
    seconds: u64,
) -> anyhow::Result<Installed> {
    let max_age_s = (seconds / 4).max(1);
    let age = Duration::from_secs(max_age_s);
    // They know one age for all.
    let limits = Limits {
        max_age: millis(age),
        fear_age: millis(age),
        info_age: millis(age),
        latency: 0,
        joins_currencies: true,
    };
    let model = Box::new(UrlCache::new(limits));
    let mut model = [Named { name: String::new(), model }];
    let modelled = models::play(requests.iter().cloned(), coins, &mut model);
    let mut caches = Vec::new();
    for kind in Kind::ALL {
        caches.extend(play(kind, requests, coins, age).await?);
    }
    let modelled = modelled.first().map_or(0, |(_, tally)| tally.credits);
    Ok(Installed { seconds, max_age_s, modelled, caches })
}

/// Plays requests through a cache; `None` where it is not installed.
///
/// # Errors
///
/// It does not start.
async fn play(
    kind: Kind,
    requests: &[Request],
    coins: &Coins,
    age: Duration,
) -> anyhow::Result<Option<Paid>> {
    if kind.find().is_none() {
        return Ok(None);
    }
    let mut key = KeyConfig::new(DEFAULT_KEY, Plan::Enterprise);
    (key.rpm, key.credits_monthly) = (u64::MAX, u64::MAX);
    let config = SimConfig { keys: vec![key], ..SimConfig::default() };
    let sim = Sim::start(config, (Ipv4Addr::LOCALHOST, 0).into()).await?;
    let folder = tempfile::tempdir()?;
    let running = kind.start(folder.path(), sim.addr(), age.as_secs().max(1))?;
    running.listens().await.with_context(|| kind.name())?;
    let base: Arc<str> = format!("http://127.0.0.1:{}", running.port).into();
    let http = reqwest::Client::builder().no_proxy().build()?;
    let watch = Stopwatch::start();
    let mut asking = JoinSet::new();
    let mut n_served = 0;
    for request in requests {
        tokio::time::sleep(request.at.saturating_sub(watch.elapsed())).await;
        let url = format!("{base}{}", request.target(coins));
        asking.spawn(ask(http.clone(), url));
        while let Some(is_served) = asking.try_join_next() {
            n_served += u64::from(is_served.unwrap_or(false));
        }
    }
    n_served += asking.join_all().await.into_iter().filter(|is_served| *is_served).count() as u64;
    let bill = sim.bill();
    drop(running);
    sim.stop().await;
    let n = requests.len() as u64;
    Ok(Some(Paid {
        name: kind.name(),
        credits: bill.credits,
        calls: bill.calls,
        requests: n,
        failed: n - n_served,
    }))
}

async fn ask(http: reqwest::Client, url: String) -> bool {
    let Ok(response) = http.get(url).send().await else { return false };
    let is_ok = response.status() == 200;
    response.bytes().await.is_ok() && is_ok
}

/// One fetch for all who ask at once, whole answers under their URL.
fn nginx(root: &str, port: u16, origin: SocketAddr, age_s: u64) -> String {
    format!(
        "daemon off;
worker_processes 1;
pid {root}/nginx.pid;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {root}/body;
    proxy_temp_path {root}/proxy;
    fastcgi_temp_path {root}/fastcgi;
    uwsgi_temp_path {root}/uwsgi;
    scgi_temp_path {root}/scgi;
    proxy_cache_path {root}/cache levels=1:2 keys_zone=answers:64m inactive=1h max_size=2g;
    upstream origin {{ server {origin}; keepalive 32; }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://origin;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_set_header X-CMC_PRO_API_KEY {DEFAULT_KEY};
            proxy_cache answers;
            proxy_cache_key $request_uri;
            proxy_cache_lock on;
            proxy_cache_valid 200 {age_s}s;
            proxy_ignore_headers Cache-Control Expires Set-Cookie Vary X-Accel-Expires;
        }}
    }}
}}
"
    )
}

fn varnish(origin: SocketAddr, age_s: u64) -> String {
    let (host, port) = (origin.ip(), origin.port());
    format!(
        "vcl 4.1;
backend default {{ .host = \"{host}\"; .port = \"{port}\"; }}
sub vcl_recv {{
    set req.http.X-CMC_PRO_API_KEY = \"{DEFAULT_KEY}\";
    return (hash);
}}
sub vcl_backend_response {{
    if (beresp.status == 200) {{ set beresp.ttl = {age_s}s; }} else {{ set beresp.ttl = 0s; }}
    set beresp.grace = 0s;
    return (deliver);
}}
"
    )
}
