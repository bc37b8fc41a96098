//! The recorded demand, played again: through the real engine, on a simulated clock, in front of
//! the simulator under one plan after the other.

mod play;
mod script;
mod verdict;

use std::{path::PathBuf, sync::Arc, time::Duration};

use cmcache::{
    Config,
    clock::{Clock, SystemClock, Timestamp},
    cmc_api::{Plan, PlanList},
    config::{Length, PaceMode},
    demand,
    reports::ReportAsk,
};
use tokio::{sync::Semaphore, task::JoinSet};

use super::report::spanned;
use crate::{
    args::{At, WhatIfOf},
    failure::Failure,
    print, setup,
    simulated::apart,
};
use script::{Extent, Span};
use verdict::{Outcome, WhatIf};

/// The longest span: within it no billing month ends.
const SPAN_MAX: Duration = Duration::from_secs(28 * 86_400);

pub(super) async fn what_if(at: &At, of: &WhatIfOf) -> Result<(), Failure> {
    let config = setup::config(&at.settings, &[])?;
    let span = span(&config, of)?;
    let extent = Extent::of(&span)?;
    if extent.n_requests == 0 {
        let folder = span.folder.display();
        return Err(Failure::unavailable(format!(
            "{folder}: nothing was recorded in that time (a gateway records what is asked while \
             demand.record is set, and keeps it for demand.retention)"
        )));
    }
    let ttl = ttl(of)?;
    let outcomes = played(&config, &plans(of)?, (&span, extent, ttl)).await?;
    let told = WhatIf::new((&span, extent), ttl, outcomes);
    if at.json {
        print::text(super::source::json(&told)?.as_bytes());
    } else {
        told.show();
    }
    Ok(())
}

fn span(config: &Config, of: &WhatIfOf) -> Result<Span, Failure> {
    if !config.is_kept() {
        return Err(Failure::usage("data_dir is empty: there is no record of what was asked"));
    }
    let ask = ReportAsk::read(&spanned(&of.span), SystemClock.now()).map_err(Failure::usage)?;
    if ask.until.since(ask.from) > SPAN_MAX {
        return Err(Failure::usage("at most 28 days can be played: within them no month ends"));
    }
    let folder = demand::folder(&config.data_dir);
    if !folder.is_dir() {
        let folder = folder.display();
        return Err(Failure::unavailable(format!("{folder}: there is no record of demand")));
    }
    Ok(Span { folder, from: ask.from, until: ask.until })
}

fn ttl(of: &WhatIfOf) -> Result<Option<Duration>, Failure> {
    let read = |text: &String| text.parse::<Length>().map(|length| length.get());
    of.ttl.as_ref().map(read).transpose().map_err(Failure::usage)
}

/// Those that were named, else all that have a price.
fn plans(of: &WhatIfOf) -> Result<Vec<Plan>, Failure> {
    let list = PlanList::embedded();
    if of.plan.is_empty() {
        return Ok(Plan::ALL.into_iter().filter(|plan| list.offer(*plan).is_some()).collect());
    }
    let read = |name: &String| {
        let priced = Plan::parse(name).filter(|plan| list.offer(*plan).is_some());
        priced.ok_or_else(|| {
            let known: Vec<&str> = list.plans.iter().map(|offer| &*offer.name).collect();
            Failure::usage(format!("--plan {name}: it must be one of {}", known.join(", ")))
        })
    };
    let mut plans = of.plan.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    plans.sort_unstable();
    plans.dedup();
    Ok(plans)
}

/// Each plan on a stage of its own, as many at a time as there are cores.
async fn played(
    config: &Config,
    plans: &[Plan],
    (span, extent, ttl): (&Span, Extent, Option<Duration>),
) -> Result<Vec<Outcome>, Failure> {
    let n_cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let cores = Arc::new(Semaphore::new(n_cores));
    let mut plays = JoinSet::new();
    for plan in plans.iter().copied() {
        let (cores, span) = (Arc::clone(&cores), span.clone());
        let scene = play::Scene { plan, config: rules(config), ttl, extent };
        plays.spawn(async move {
            let _core = cores.acquire().await;
            apart(move || play::play(&scene, &span)).await
        });
    }
    let mut outcomes = Vec::with_capacity(plans.len());
    while let Some(played) = plays.join_next().await {
        outcomes.push(played.map_err(anyhow::Error::from)??);
    }
    outcomes.sort_by_key(|outcome| outcome.usd_per_month);
    Ok(outcomes)
}

/// What of a configuration decides how demand is met; no store, no book, no budget of its own.
fn rules(config: &Config) -> Config {
    let mut rules = Config::in_memory();
    rules.preset = config.preset;
    rules.freshness.clone_from(&config.freshness);
    // At these ages and no others: pacing would stretch them until every plan would do.
    rules.pace.mode = PaceMode::Off;
    rules.upstream.boarding_window = config.upstream.boarding_window;
    rules.data_dir = PathBuf::new();
    rules
}

/// The share of a month that passes between two instants.
fn share_of_month(from: Timestamp, until: Timestamp) -> f64 {
    const MONTH_S: f64 = 365.25 / 12.0 * 86_400.0;
    until.since(from).as_secs_f64() / MONTH_S
}

#[cfg(test)]
mod tests;
