//! The options of `bench`.

use std::{path::PathBuf, time::Duration};

use clap::{Args as ClapArgs, Subcommand};

/// `bench`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Bench {
    /// What is measured
    #[command(subcommand)]
    pub(crate) what: BenchWhat,
}

/// What `bench` measures.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum BenchWhat {
    /// What a demand costs: by this cache in simulated time, by other schemes, and at least
    Credits(BenchCredits),
}

/// `bench credits`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct BenchCredits {
    /// Requests a second; several, separated by commas
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "350")]
    pub(crate) rate: Vec<f64>,
    /// Minutes of simulated time
    #[arg(long, value_name = "N", default_value_t = 20,
          value_parser = clap::value_parser!(u64).range(1..=2_880))]
    pub(crate) minutes: u64,
    /// Seeds of the demand: 1-5, or 1,4,7
    #[arg(long, value_name = "SEEDS", default_value = "1", value_parser = seeds)]
    pub(crate) seeds: Seeds,
    /// How steeply popularity falls
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    pub(crate) zipf: f64,
    /// How old quotes, listings and totals may be
    #[arg(long, value_name = "LENGTH", default_value = "60s", value_parser = length)]
    pub(crate) max_age: Duration,
    /// Bring another 500 coins to the top every three minutes
    #[arg(long)]
    pub(crate) shift: bool,
    /// Whether rank tells of popularity
    #[arg(long, value_enum, default_value_t = Prior::Rank)]
    pub(crate) prior: Prior,
    /// The plan of the key
    #[arg(long, value_name = "NAME", default_value = "startup", value_parser = plan)]
    pub(crate) plan: cmc_sim::Plan,
    /// In the middle, ask again and again for a coin that was never seen
    #[arg(long)]
    pub(crate) burst: bool,
    /// Leave the simple rules out
    #[arg(long)]
    pub(crate) no_rules: bool,
    /// Replay an access log instead: of a web server, of `sim --record`, or lines of an instant
    /// and a path
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "rate", "minutes", "seeds", "zipf", "shift", "prior", "burst", "quick",
    ])]
    pub(crate) log: Option<PathBuf>,
    /// Two minutes at 10 requests a second, for a first look
    #[arg(long, conflicts_with_all = ["rate", "minutes", "seeds"])]
    pub(crate) quick: bool,
    /// Play so many seconds of it in real time, too, through nginx and Varnish where they are
    /// installed, with a quarter of that as the maximum age
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(4..=3_600))]
    pub(crate) installed: Option<u64>,
    /// Any setting of the cache: key=value, may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Draw it, too: bars for one rate, lines over several
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

/// Whether rank tells of popularity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Prior {
    /// Popular coins rank high
    Rank,
    /// Anything may be popular
    None,
}

/// Several seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seeds(pub(crate) Vec<u64>);

fn seeds(text: &str) -> Result<Seeds, String> {
    let number =
        |text: &str| text.trim().parse::<u64>().map_err(|error| format!("{text}: {error}"));
    let seeds = match text.split_once('-') {
        Some((first, last)) => (number(first)?..=number(last)?).collect(),
        None => text.split(',').map(number).collect::<Result<Vec<_>, _>>()?,
    };
    match seeds.len() {
        1..=100 => Ok(Seeds(seeds)),
        n => Err(format!("{n} seeds; 1 to 100 are taken")),
    }
}

fn length(text: &str) -> Result<Duration, String> {
    let length: cmcache::config::Length = text.parse()?;
    Ok(length.get())
}

fn plan(text: &str) -> Result<cmc_sim::Plan, String> {
    cmc_sim::Plan::from_name(text).ok_or_else(|| {
        "it must be basic, builder, startup, growth, professional or enterprise".to_owned()
    })
}
