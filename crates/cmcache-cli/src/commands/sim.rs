use std::{process::ExitCode, time::Duration};

use cmc_sim::{KeyConfig, Plan, Sim, SimConfig};

use super::serve;
use crate::{args, failure::Failure, print};

pub(crate) async fn run(args: &args::Sim) -> Result<ExitCode, Failure> {
    let plan = Plan::from_name(&args.plan).ok_or_else(|| {
        Failure::usage(format!(
            "--plan {}: it must be basic, builder, startup, growth, professional or enterprise",
            args.plan
        ))
    })?;
    let default = [cmc_sim::DEFAULT_KEY.to_owned()];
    let names = if args.key.is_empty() { &default[..] } else { &args.key };
    let keys = names.iter().map(|name| {
        let mut key = KeyConfig::new(name, plan);
        key.credits_monthly = args.credits.unwrap_or(key.credits_monthly);
        key.rpm = args.rpm.unwrap_or(key.rpm);
        key
    });
    let now = cmcache::clock::Clock::now(&cmcache::clock::SystemClock);
    let config = SimConfig {
        seed: args.seed,
        keys: keys.collect(),
        latency: Duration::from_millis(args.latency),
        speed: args.speed,
        frozen_at: if args.frozen { now.to_string().parse().ok() } else { None },
        ..SimConfig::default()
    };
    let sim = Sim::start(config, args.listen).await;
    let sim = sim.map_err(|error| Failure::unavailable(format!("{}: {error}", args.listen)))?;
    let stop = serve::stop();
    print::line(&format!("cmc-sim listens on {}", sim.url()));
    print::line(&format!("its keys: {}; its bill: {}/_sim/bill", names.join(", "), sim.url()));
    stop.await;
    sim.stop().await;
    Ok(ExitCode::SUCCESS)
}
