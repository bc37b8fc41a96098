use std::{
    net::{Ipv4Addr, SocketAddr},
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use cmc_sim::{KeyConfig, Plan, SimConfig};
use cmcache::{Cmcache, Config, Opening, cmc_api::Secret};
use gateway::{Gateway, GatewayConfig};
use indicatif::{ProgressBar, ProgressStyle};

use super::serve;
use crate::{
    args::Demo,
    demo::{self, Facts},
    failure::Failure,
    print, setup,
};

/// How long the demand is played unless a length is given.
const LENGTH: Duration = Duration::from_secs(10);
/// What an answer of the paid API takes.
const LATENCY: Duration = Duration::from_millis(60);
const JITTER: Duration = Duration::from_millis(60);

pub(crate) async fn run(args: &Demo) -> Result<ExitCode, Failure> {
    let length = args.seconds.map_or(LENGTH, Duration::from_secs);
    let sim = setup::simulator(SimConfig {
        keys: vec![KeyConfig::new(cmc_sim::DEFAULT_KEY, Plan::Startup)],
        latency: LATENCY,
        latency_jitter: JITTER,
        ..SimConfig::default()
    });
    let sim = sim.await?;
    let dir = tempfile::tempdir().context("a temporary data directory")?;
    let mut config = Config { data_dir: dir.path().to_owned(), ..Config::default() };
    config.upstream.url = sim.url();
    config.upstream.key = Some(Secret::new(cmc_sim::DEFAULT_KEY));
    let running = setup::start(config).await?;
    let gateway = bind()?;
    let opened = gateway.door().open(running.cmcache.clone());
    opened.context("a gateway on loopback")?;
    let url = format!("http://{}", gateway.addr());
    print::line(&format!("simulator of the paid API   {}", sim.url()));
    print::line(&format!("cmcache gateway             {url}"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    #[expect(clippy::disallowed_methods, reason = "awaited below: the demo asks its own gateway")]
    let serving = tokio::task::spawn(gateway.run(async move { drop(stopped.await) }));
    let played = watched(&url, length).await?;
    let facts = facts(&running.cmcache, &sim, url).await?;
    print::line(&demo::report(&played, &facts));
    if args.seconds.is_none() {
        print::line("It stays up. Ctrl-C ends it.");
        serve::stop().await;
    }
    drop(stop);
    drop(serving.await);
    running.end().await;
    sim.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The documented port if it is free, else any.
fn bind() -> Result<Gateway, Failure> {
    for port in [8080, 0] {
        let config = GatewayConfig::on(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        if let Ok(gateway) = Gateway::bind(&config, Opening::default()) {
            return Ok(gateway);
        }
    }
    Err(Failure::unavailable("there is no free port on loopback"))
}

/// Plays the demand; a person sees how far it is.
async fn watched(url: &str, length: Duration) -> Result<demo::Played, Failure> {
    let n_asked = Arc::new(AtomicU64::new(0));
    let playing = demo::play(url, length, Arc::clone(&n_asked));
    if !print::is_terminal() {
        return Ok(playing.await?);
    }
    let seconds = length.as_secs().max(1);
    let style = ProgressStyle::with_template("playing a demand  {wide_bar} {msg}");
    let bar = ProgressBar::new(seconds * 10);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    tokio::pin!(playing);
    let mut ticks = tokio::time::interval(Duration::from_millis(100));
    let played = loop {
        tokio::select! {
            played = &mut playing => break played,
            _ = ticks.tick() => {
                bar.inc(1);
                bar.set_message(format!("{} requests", n_asked.load(Ordering::Relaxed)));
            }
        }
    };
    bar.finish_and_clear();
    Ok(played?)
}

async fn facts(cmcache: &Cmcache, sim: &cmc_sim::Sim, url: String) -> Result<Facts, Failure> {
    let listing = cmcache.get("/v3/cryptocurrency/listings/latest?limit=8").await?;
    let bill = sim.bill();
    let status = cmcache.status();
    let mut tiers = vec![("hot".to_owned(), status.hot.hits + status.ready_answers)];
    tiers.extend(status.tiers.into_iter().map(|tier| (tier.name, tier.hits)));
    tiers.push(("upstream".to_owned(), status.fetched));
    Ok(Facts {
        listing: listing.data.to_vec(),
        tiers,
        bill: (bill.credits, bill.calls),
        ledger: cmcache.credits().await.ledger.credits,
        health: cmcache.checks().await,
        url,
    })
}
