//! `bench`: what a demand costs.

use std::{process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context;
use cmcache::Config;

use crate::{
    args::{Bench, BenchCredits, BenchWhat, Prior},
    bench::{Scene, Source, Stock, Summary, Terms, report, svg, through},
    failure::Failure,
    print,
    simulated::{Setup, apart},
};

/// What is run for a first look.
const QUICK_RATE: f64 = 10.0;
const QUICK_MINUTES: u64 = 2;
/// How many answers are compared with what upstream gave: of a first look, and of a whole run.
const QUICK_COMPARED: u64 = 300;
const COMPARED: u64 = 20_000;
/// No demand is denser: it would not fit into milliseconds.
const RATE_MAX: f64 = 20_000.0;

pub(crate) async fn run(args: &Bench) -> Result<ExitCode, Failure> {
    match &args.what {
        BenchWhat::Credits(args) => credits(args).await,
    }
}

async fn credits(args: &BenchCredits) -> Result<ExitCode, Failure> {
    let given = args.clone();
    let (summaries, stock, first) = apart(move || summaries(&given)).await?;
    let installed = match args.installed {
        Some(seconds) => {
            let requests = stock.first(&first, seconds);
            Some(through(&requests, stock.coins(), seconds).await?)
        }
        None => None,
    };
    if let Some(file) = &args.svg {
        let written = std::fs::write(file, svg(&summaries));
        written.map_err(|error| Failure::file(&file.display().to_string(), &error))?;
    }
    if args.json {
        let json = serde_json::json!({
            "bench": "credits", "rates": summaries, "installed": installed,
        });
        let text = serde_json::to_string_pretty(&json).context("the bench as JSON")?;
        print::line(&text);
        return Ok(ExitCode::SUCCESS);
    }
    for table in report(&summaries, installed.as_ref()) {
        print::line(&format!("\n{}\n", table.title));
        let is_right: Vec<bool> = (0..table.heading.len()).map(|column| column > 0).collect();
        print::fitted(&table.heading, table.rows, &is_right);
        print::line("");
        table.lines.iter().for_each(|line| print::line(line));
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs each source with each seed; gives back what it was run on, and the first source, too.
fn summaries(args: &BenchCredits) -> Result<(Vec<Summary>, Stock, Source), Failure> {
    let setup = setup(args)?;
    // Before what takes a while.
    let (rates, log) = (rates(args)?, log(args)?);
    let mut stock = Stock::of(&setup)?;
    let demands = match log {
        Some(log) => vec![vec![recorded(&log, &stock)?]],
        None => rates.into_iter().map(|rate| drawn(args, &setup, rate)).collect(),
    };
    let first = demands.iter().flatten().next().cloned();
    let first = first.ok_or_else(|| Failure::usage("--rate: at least one"))?;
    let length = demands.iter().flatten().map(Source::length).max().unwrap_or_default();
    stock.rank(&setup, length)?;
    let mut summaries = Vec::with_capacity(demands.len());
    for demand in demands {
        let rate = demand.first().map_or(0.0, Source::rate);
        let outcomes = demand.into_iter().zip(&args.seeds.0).map(|(source, seed)| {
            if print::is_watched() {
                print::error(&format!("{rate} requests/s, seed {seed} …"));
            }
            let scene = Scene {
                source,
                setup: Setup { seed: *seed, ..setup.clone() },
                max_age: args.max_age,
                has_rules: !args.no_rules,
                n_compared: if args.quick { QUICK_COMPARED } else { COMPARED },
            };
            scene.run(&stock)
        });
        summaries.push(Summary::of(rate, &outcomes.collect::<Result<Vec<_>, _>>()?));
    }
    Ok((summaries, stock, first))
}

fn rates(args: &BenchCredits) -> Result<Vec<f64>, Failure> {
    if args.quick {
        return Ok(vec![QUICK_RATE]);
    }
    let is_wrong = |rate: &&f64| !(**rate > 0.0 && **rate <= RATE_MAX);
    match args.rate.iter().find(is_wrong) {
        None => Ok(args.rate.clone()),
        Some(rate) => {
            Err(Failure::usage(format!("--rate {rate}: more than 0, at most {RATE_MAX}")))
        }
    }
}

/// The text of the log, if one is replayed.
fn log(args: &BenchCredits) -> Result<Option<String>, Failure> {
    let Some(file) = &args.log else { return Ok(None) };
    let read = std::fs::read_to_string(file);
    read.map(Some).map_err(|error| Failure::file(&file.display().to_string(), &error))
}

fn recorded(log: &str, stock: &Stock) -> Result<Source, Failure> {
    let recorded = stock.read(log)?;
    if recorded.n_left_out > 0 {
        print::error(&format!("cmcache: lines left out: {}", recorded.n_left_out));
    }
    Ok(Source::Recorded(Arc::new(recorded)))
}

/// A demand of each seed.
fn drawn(args: &BenchCredits, setup: &Setup, rate: f64) -> Vec<Source> {
    let midnight = setup.began.as_millis().rem_euclid(86_400_000) / 1_000;
    let minutes = if args.quick { QUICK_MINUTES } else { args.minutes };
    let terms = |seed| Terms {
        seed,
        rate,
        length: Duration::from_secs(60 * minutes),
        zipf: args.zipf,
        shifts: args.shift,
        is_ranked: args.prior == Prior::Rank,
        bursts: args.burst,
        began_s: u64::try_from(midnight).unwrap_or(0),
    };
    args.seeds.0.iter().map(|seed| Source::Drawn(terms(*seed))).collect()
}

fn setup(args: &BenchCredits) -> Result<Setup, Failure> {
    // The age that is allowed is the same for all schemes: none may stretch it to spare credits.
    let flags = ["data_dir=", "tiers=memory", "pace.mode=off"];
    let mut flags: Vec<String> = flags.map(str::to_owned).to_vec();
    flags.extend(args.set.iter().cloned());
    let config = Config::load(None, &[], &flags)?;
    Ok(Setup { config, plan: args.plan, ..Setup::default() })
}
