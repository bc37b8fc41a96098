//! What was typed.

mod asked;
mod bench;
mod credits;
mod get;
mod parameters;

use std::{ffi::OsString, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args as ClapArgs, CommandFactory, FromArgMatches, Parser, Subcommand};

use cmcache::credits::{Part, Priority};

pub(crate) use asked::{Asked, Priced};
pub(crate) use bench::{Bench, BenchCredits, BenchWhat, Prior};
pub(crate) use credits::{CoinsOf, Credits, CreditsWhat, LedgerOf, ReportOf, Span, WhatIfOf};
pub(crate) use get::{Get, Output, Price};

use crate::failure::{self, Failure};

/// A cache and a budget in front of the CoinMarketCap Pro API.
#[derive(Debug, Parser)]
#[command(name = "cmcache", version, about, max_term_width = 100, after_help = failure::CODES)]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// See it work: simulator, gateway and a realistic demand, with nothing to set up
    Demo(Demo),
    /// Run the gateway: clients change their base URL to it, and nothing else
    Serve(Serve),
    /// Run the simulator of the paid API alone
    Sim(Sim),
    /// Ask one thing, through the same cache and budget
    Get(Get),
    /// Say what a request would cost, now and without a cache
    Price(Price),
    /// Fetch before anybody asks: through a running gateway, else into the configured stores
    Warm(Warm),
    /// Have a running gateway, and all that share its store, make no paid calls: what is cached is
    /// served
    Pause(Pause),
    /// Let paid calls go out again
    Resume(Pause),
    /// Say what is asked for most at a running gateway
    Popularity(Popularity),
    /// Say what is spent, what for, and what is to be expected: asks a running gateway, else reads
    /// its books
    Credits(Credits),
    /// Say how a running gateway is
    Health(Health),
    /// Give out, list and revoke client tokens; a running gateway follows within a second
    Client(Client),
    /// Say what is worth an alert and where alerts go; try whether they arrive
    Alerts(Alerts),
    /// Measure, without an API: in simulated time, against the simulator
    Bench(Bench),
    /// Watch a running gateway in the terminal: q ends, p pauses
    Watch(Watch),
    /// Check or show the configuration
    Config(Config),
    /// Print what makes a shell complete words after `cmcache`
    Completions(Completions),
    /// Print or write manual pages
    Man(Man),
    /// Write the reference pages
    #[command(name = "__reference", hide = true)]
    Reference {
        /// Where to
        dir: PathBuf,
    },
}

/// Where settings come from.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Settings {
    /// Configuration file (TOML); also CMCACHE_CONFIG
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The paid API: pro, keyless, sandbox, sim (in this process), or a URL
    #[arg(long, global = true, value_name = "WHERE")]
    pub(crate) upstream: Option<String>,
    /// Where the books and the embedded database live; also CMCACHE_DATA_DIR
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Any setting: key=value, may be given several times
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
}

/// `demo`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Demo {
    /// Play for this long, report and exit; without it, report and stay up
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) seconds: Option<u64>,
}

/// `serve`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Listen here; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,
}

/// `sim`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Sim {
    /// Listen here; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8090")]
    pub(crate) listen: SocketAddr,
    /// The market is a pure function of this number
    /// [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Plan of the keys: basic, builder, startup, growth, professional, enterprise
    /// [default: startup]
    #[arg(long, value_name = "NAME")]
    pub(crate) plan: Option<String>,
    /// A key that is accepted, may be given several times [default: sim-key]
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Vec<String>,
    /// Credits a month, instead of the plan's
    #[arg(long, value_name = "N")]
    pub(crate) credits: Option<u64>,
    /// Requests a minute, instead of the plan's
    #[arg(long, value_name = "N")]
    pub(crate) rpm: Option<u64>,
    /// Milliseconds that each answer takes
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub(crate) latency: u64,
    /// Simulated seconds per second [default: 1]
    #[arg(long, value_name = "X")]
    pub(crate) speed: Option<f64>,
    /// Stand still at the present instant
    #[arg(long)]
    pub(crate) frozen: bool,
    /// Play a scenario: calm, bad-day, rate-limited, outage, price-change, liar, or a TOML file;
    /// options beside it win over how it starts
    #[arg(long, value_name = "FILE|NAME")]
    pub(crate) scenario: Option<String>,
    /// Read the API in another way where it is uncertain: name=value, may be given several times
    #[arg(long = "quirk", value_name = "NAME=VALUE")]
    pub(crate) quirk: Vec<String>,
    /// Write every request and answer to the end of this file, one line of JSON each
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Answer from this recording what it holds
    #[arg(long, value_name = "FILE")]
    pub(crate) replay: Option<PathBuf>,
}

/// `completions`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Completions {
    /// For which shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// `man`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Man {
    /// Write a page per command into this folder; without it, print the first page
    pub(crate) dir: Option<PathBuf>,
}

/// `client`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Client {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: ClientAction,
}

/// What is done with clients.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ClientAction {
    /// Add a client and print its token, which is shown this once
    Add(ClientAdd),
    /// List clients with their quotas, and what they used where a gateway runs
    List(At),
    /// Refuse a client's token from now on
    Revoke(ClientRevoke),
}

/// `client add`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ClientAdd {
    /// Its name: letters, digits, `.`, `_`, `-`
    pub(crate) name: String,
    /// Credits a billing month, at most [default: no limit]
    #[arg(long, value_name = "N")]
    pub(crate) month: Option<u64>,
    /// Credits a day (UTC), at most [default: no limit]
    #[arg(long, value_name = "N")]
    pub(crate) day: Option<u64>,
    /// Requests a minute, at most, cached ones included [default: no limit]
    #[arg(long, value_name = "N")]
    pub(crate) minute: Option<u32>,
    /// Who goes on spending when the budget is short: low, normal, essential
    #[arg(long, value_name = "NAME", default_value_t = Priority::Normal)]
    pub(crate) priority: Priority,
    /// The part of the budget that all others leave to it, such as 20%
    #[arg(long, value_name = "PART", default_value_t = Part::NONE)]
    pub(crate) reserved: Part,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `client revoke`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ClientRevoke {
    /// Its name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `warm`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Warm {
    /// Coins by id, slug or symbol; without them, as `--coins` or the configuration says
    #[arg(value_name = "COIN", value_delimiter = ',')]
    pub(crate) names: Vec<String>,
    /// How many coins
    #[arg(long, value_name = "N", conflicts_with = "names")]
    pub(crate) coins: Option<usize>,
    /// Which ones: popularity, as measured, or rank
    #[arg(long, value_name = "WHAT", value_parser = ["popularity", "rank"])]
    pub(crate) by: Option<String>,
    /// In which currencies
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) convert: Vec<String>,
    /// How much of the credits that are left it may take, from 0 to 1
    #[arg(long, value_name = "SHARE")]
    pub(crate) share: Option<f64>,
    /// Only say what it would cost in the configured stores
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) at: At,
}

/// `popularity`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Popularity {
    #[command(flatten)]
    pub(crate) at: At,
}

/// `pause` and `resume`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Pause {
    #[command(flatten)]
    pub(crate) at: At,
}

/// `health`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Health {
    #[command(flatten)]
    pub(crate) at: At,
    /// Only these checks: live, ready, upstream, budget, or deep, which is all of them
    #[arg(long, value_name = "NAME", default_value = "deep",
          value_parser = ["live", "ready", "upstream", "budget", "deep"])]
    pub(crate) group: String,
}

/// `watch`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Watch {
    #[command(flatten)]
    pub(crate) at: At,
    /// Look every N seconds
    #[arg(long, value_name = "N", default_value_t = 2,
          value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(crate) every: u64,
    /// Print one look and end; so does a standard output that is no terminal
    #[arg(long)]
    pub(crate) once: bool,
}

/// A running gateway.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct At {
    /// The gateway's URL [default: the configured listen address]
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// `alerts`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Alerts {
    /// What to do
    #[command(subcommand)]
    pub(crate) action: AlertsAction,
}

/// What is done about alerts.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AlertsAction {
    /// Send a trial event to the webhook and print what the receiver says
    Test(Shown),
    /// Print every kind of event, whether it is told and sent, and the levels
    List(Shown),
    /// Print rules for Prometheus
    Rules,
}

/// `config`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Config {
    /// What to do with it
    #[command(subcommand)]
    pub(crate) action: ConfigAction,
}

/// What is done with the configuration.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Say whether it can run
    Check(Shown),
    /// Print every value and where it came from
    Show(Shown),
}

/// The configuration that is looked at.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Shown {
    #[command(flatten)]
    pub(crate) settings: Settings,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Args {
    /// Reads what was typed; else says with which code to end. Help that was asked for is no
    /// mistake, and a mistake is told as JSON where JSON was asked for.
    pub(crate) fn read(typed: &[OsString]) -> Result<Self, ExitCode> {
        let command = asked::with_paths(Self::command(), typed);
        let matches = command.try_get_matches_from(typed);
        matches.and_then(|matches| Self::from_arg_matches(&matches)).map_err(|error| {
            let json = typed.iter().any(|word| word == "--json");
            if error.use_stderr() && json {
                let text = error.render().to_string();
                let message = text.lines().next().unwrap_or_default().to_owned();
                return Failure::usage(message.trim_start_matches("error: ")).told(true);
            }
            // Nobody is left to tell if this fails.
            drop(error.print());
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        })
    }

    /// Whether results and errors are wanted as JSON.
    pub(crate) const fn json(&self) -> bool {
        match &self.command {
            Command::Get(get) => get.output.json,
            Command::Price(price) => price.json,
            Command::Credits(credits) => credits.at.json,
            Command::Health(health) => health.at.json,
            Command::Client(client) => match &client.action {
                ClientAction::Add(add) => add.json,
                ClientAction::List(at) => at.json,
                ClientAction::Revoke(revoke) => revoke.json,
            },
            Command::Alerts(alerts) => match &alerts.action {
                AlertsAction::Test(shown) | AlertsAction::List(shown) => shown.json,
                AlertsAction::Rules => false,
            },
            Command::Bench(bench) => match &bench.what {
                BenchWhat::Credits(credits) => credits.json,
            },
            Command::Watch(watch) => watch.at.json,
            Command::Warm(warm) => warm.at.json,
            Command::Pause(pause) | Command::Resume(pause) => pause.at.json,
            Command::Popularity(popularity) => popularity.at.json,
            Command::Config(config) => match &config.action {
                ConfigAction::Check(shown) | ConfigAction::Show(shown) => shown.json,
            },
            Command::Demo(_)
            | Command::Serve(_)
            | Command::Sim(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Reference { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests;
