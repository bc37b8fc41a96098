//! One function per command.

mod alerts;
mod ask;
mod bench;
mod client;
mod completions;
mod config;
mod credits;
mod demo;
mod health;
mod man;
mod pause;
mod reference;
pub(crate) mod remote;
mod serve;
mod sim;
mod warm;
mod watch;

use std::process::ExitCode;

use cmcache::config::LogConfig;

use crate::{
    args::{Args, Command},
    failure::Failure,
    setup,
};

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<ExitCode, Failure> {
    if matches!(args.command, Command::Demo(_) | Command::Sim(_) | Command::Bench(_)) {
        // The others read how to log from the configuration.
        setup::logging(&LogConfig::default(), None);
    }
    match args.command {
        Command::Demo(args) => demo::run(&args).await,
        Command::Serve(args) => serve::run(&args).await,
        Command::Sim(args) => sim::run(&args).await,
        Command::Get(args) => ask::get(&args).await,
        Command::Price(args) => ask::price(&args).await,
        Command::Warm(args) => warm::run(&args).await,
        Command::Pause(args) => pause::run(&args, true).await,
        Command::Resume(args) => pause::run(&args, false).await,
        Command::Popularity(args) => warm::popularity(&args).await,
        Command::Credits(args) => credits::run(&args).await,
        Command::Bench(args) => bench::run(&args).await,
        Command::Health(args) => health::run(&args).await,
        Command::Client(args) => client::run(&args.action).await,
        Command::Alerts(args) => alerts::run(&args).await,
        Command::Watch(args) => watch::run(&args).await,
        Command::Config(args) => config::run(&args.action),
        Command::Completions(args) => Ok(completions::run(&args)),
        Command::Man(args) => man::run(&args),
        Command::Reference { dir } => reference::run(&dir),
    }
}
