//! The three servers and their turns.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use harness::{Client, Gateway, GatewaySpec, KEY, Sim, Spawned, scratch};
use serde::Deserialize;

use crate::arguments::Plan;
use crate::bytes_server::Recorded;
use crate::load::{self, Turn};
use crate::nginx::Nginx;

/// How many coins a request asks for.
const SIZES: [usize; 3] = [1, 10, 100];
/// Longer than any contest: a refresh in the middle would not be a hit.
pub(crate) const FRESH: &str = "freshness.quotes=3600s";

/// Everything that was measured, with the size of the answer.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) subject: &'static str,
    pub(crate) sizes: Vec<SizeOutcome>,
}

/// What was measured for one number of coins; one element per round.
#[derive(Debug)]
pub(crate) struct SizeOutcome {
    pub(crate) n_coins: usize,
    pub(crate) n_bytes: usize,
    pub(crate) gateway: Vec<Turn>,
    pub(crate) hyper: Vec<Turn>,
    pub(crate) nginx: Vec<Turn>,
}

/// What is measured: the gateway, or the simulator in its place.
enum Subject {
    Gateway(Box<Gateway>),
    Sim(Spawned),
}

impl Subject {
    async fn start(plan: &Plan, upstream: &str) -> Result<Self> {
        if plan.is_sim_subject {
            return Ok(Self::Sim(own(&["--sim"], plan.server_core).await?));
        }
        let spec = GatewaySpec::before_url(upstream, KEY).set(FRESH).on_core(plan.server_core);
        Ok(Self::Gateway(Box::new(spec.start().await)))
    }

    fn url(&self) -> String {
        match self {
            Self::Gateway(gateway) => format!("http://{}", gateway.authority()),
            Self::Sim(sim) => sim.url(),
        }
    }

    fn pid(&self) -> u32 {
        match self {
            Self::Gateway(gateway) => gateway.pid(),
            Self::Sim(sim) => sim.pid(),
        }
    }
}

/// Measures everything.
pub(crate) async fn run(plan: &Plan) -> Result<Outcome> {
    let upstream = own(&["--sim"], plan.client_core).await?;
    let subject = Subject::start(plan, &upstream.url()).await?;
    let targets = targets(&upstream.url()).await?;
    let recorded = record(&subject, &targets).await?;
    let folder = scratch();
    let file = folder.path().join("answers.json");
    std::fs::write(&file, serde_json::to_vec(&recorded)?)?;
    let hyper = bytes_server(&file, plan.server_core).await?;
    let nginx = warm_nginx(&file, plan, &recorded).await?;
    let mut sizes = Vec::new();
    for ((n_coins, target), recorded) in targets.iter().zip(&recorded) {
        let mut size = SizeOutcome {
            n_coins: *n_coins,
            n_bytes: recorded.n_bytes(),
            gateway: Vec::new(),
            hyper: Vec::new(),
            nginx: Vec::new(),
        };
        for round in 0..plan.n_rounds {
            // Each goes first, second and last equally often.
            for step in 0..3 {
                let (url, pid, turns) = match (round + step) % 3 {
                    0 => (subject.url(), subject.pid(), &mut size.gateway),
                    1 => (hyper.url(), hyper.pid(), &mut size.hyper),
                    _ => (nginx.url(), nginx.pid(), &mut size.nginx),
                };
                turns.push(load::turn(plan, &format!("{url}{target}"), pid)?);
            }
        }
        sizes.push(size);
    }
    let subject = if plan.is_sim_subject { "simulator" } else { "gateway" };
    Ok(Outcome { subject, sizes })
}

/// Serves the paid API until killed.
pub(crate) async fn simulate() -> Result<()> {
    let sim = Sim::frozen().await;
    crate::say(&sim.url());
    std::future::pending().await
}

/// This very program in another role.
pub(crate) async fn own(arguments: &[&str], core: usize) -> Result<Spawned> {
    let mut command = Command::new("taskset");
    let this = std::env::current_exe()?;
    command.args(["-c", &core.to_string()]).arg(this).args(arguments);
    Ok(Spawned::announcing(command, "").await)
}

async fn bytes_server(file: &Path, core: usize) -> Result<Spawned> {
    let file = file.to_str().context("a temporary folder has a plain name")?;
    own(&["--bytes", file], core).await
}

/// The origin is gone before the contest begins: whatever nginx sends then is a hit.
async fn warm_nginx(file: &Path, plan: &Plan, recorded: &[Recorded]) -> Result<Nginx> {
    let origin = bytes_server(file, plan.client_core).await?;
    let nginx = Nginx::before(origin.authority(), plan.server_core).await?;
    let client = Client::new(nginx.url(), None);
    for recorded in recorded {
        let reply = client.get(&recorded.target).await;
        ensure!(reply.status == 200, "nginx: HTTP {} for {}", reply.status, recorded.target);
        ensure!(reply.body.len() == recorded.n_bytes(), "nginx sends other bytes");
    }
    Ok(nginx)
}

/// Asks the subject until it answers from memory, and keeps what it says.
async fn record(subject: &Subject, targets: &[(usize, String)]) -> Result<Vec<Recorded>> {
    let client = Client::new(subject.url(), Some(KEY));
    let mut recorded = Vec::new();
    for (_, target) in targets {
        client.get(target).await;
        let reply = client.get(target).await;
        ensure!(reply.status == 200, "HTTP {}: {}", reply.status, reply.text());
        if matches!(subject, Subject::Gateway(_)) {
            let state = reply.header("x-cmcache-cache");
            ensure!(state == Some("full"), "the second answer is {state:?}, not a hit");
        }
        recorded.push(Recorded::of(target, &reply)?);
    }
    Ok(recorded)
}

/// The leading coins, in the newest quotes operation.
async fn targets(upstream: &str) -> Result<Vec<(usize, String)>> {
    #[derive(Deserialize)]
    struct Coin {
        id: u64,
    }
    let ranked = "/v1/cryptocurrency/map?sort=cmc_rank&limit=100";
    let reply = Client::new(upstream, Some(KEY)).get(ranked).await;
    let coins = reply.data().context("the map has data")?;
    let coins: Vec<Coin> = serde_json::from_str(&coins)?;
    let ids: Vec<String> = coins.iter().map(|coin| coin.id.to_string()).collect();
    let target = |n_coins: usize| {
        let ids = ids.get(..n_coins).context("the market has a hundred coins")?.join(",");
        Ok((n_coins, format!("/v3/cryptocurrency/quotes/latest?id={ids}")))
    };
    SIZES.into_iter().map(target).collect()
}
