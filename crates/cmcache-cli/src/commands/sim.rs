use std::{process::ExitCode, time::Duration};

use cmc_sim::{KeyConfig, Plan, Scenario, Sim, SimConfig};

use super::serve;
use crate::{args, failure::Failure, print};

pub(crate) async fn run(args: &args::Sim) -> Result<ExitCode, Failure> {
    let config = configure(args)?;
    let names: Vec<String> = config.keys.iter().map(|key| key.key.clone()).collect();
    let scenario = config.scenario.as_ref().map(|scenario| scenario.name.clone());
    let sim = Sim::start(config, args.listen).await;
    let sim = sim.map_err(|error| Failure::unavailable(format!("{}: {error}", args.listen)))?;
    let stop = serve::stop();
    print::line(&format!("cmc-sim listens on {}", sim.url()));
    print::line(&format!("its keys: {}; its bill: {}/_sim/bill", names.join(", "), sim.url()));
    if let Some(scenario) = scenario {
        print::line(&format!("it plays {scenario}; see {}/_sim/control", sim.url()));
    }
    stop.await;
    sim.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The scenario's start, and over it what the options say.
fn configure(args: &args::Sim) -> Result<SimConfig, Failure> {
    let mut config = match &args.scenario {
        Some(name) => Scenario::load(name)
            .map_err(|error| Failure::usage(format!("--scenario: {error}")))?
            .configure(SimConfig::default()),
        None => SimConfig::default(),
    };
    config.seed = args.seed.unwrap_or(config.seed);
    config.latency = Duration::from_millis(args.latency);
    config.speed = args.speed.unwrap_or(config.speed);
    if args.frozen {
        let now = cmcache::clock::Clock::now(&cmcache::clock::SystemClock);
        config.frozen_at = config.starts_at.or_else(|| now.to_string().parse().ok());
    }
    for quirk in &args.quirk {
        let (name, value) = quirk.split_once('=').ok_or_else(|| {
            Failure::usage(format!("--quirk {quirk}: write name=value, as in tariff=2022"))
        })?;
        let set = config.quirks.set(name, value);
        set.map_err(|error| Failure::usage(format!("--quirk: {error}")))?;
    }
    config.record.clone_from(&args.record);
    config.replay.clone_from(&args.replay);
    keys(args, &mut config)?;
    Ok(config)
}

/// Keys that are named replace those of the start; the rest changes whichever there are.
fn keys(args: &args::Sim, config: &mut SimConfig) -> Result<(), Failure> {
    let plan = args.plan.as_deref().map(|name| {
        Plan::from_name(name).ok_or_else(|| {
            Failure::usage(format!(
                "--plan {name}: it must be basic, builder, startup, growth, professional or \
                 enterprise"
            ))
        })
    });
    let plan = plan.transpose()?;
    if !args.key.is_empty() {
        let key = |name| KeyConfig::new(name, plan.unwrap_or(Plan::Startup));
        config.keys = args.key.iter().map(key).collect();
    } else if let Some(plan) = plan {
        config.keys = config.keys.iter().map(|key| KeyConfig::new(&key.key, plan)).collect();
    }
    for key in &mut config.keys {
        key.credits_monthly = args.credits.unwrap_or(key.credits_monthly);
        key.rpm = args.rpm.unwrap_or(key.rpm);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
