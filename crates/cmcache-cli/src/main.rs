#![doc = include_str!("../README.md")]

mod args;
mod bench;
mod commands;
mod demo;
mod environment;
mod exporting;
mod failure;
mod friendly;
mod nearest;
mod print;
mod progress;
mod setup;
mod show;
mod simulated;
mod tell;
mod watch;

use std::{process::ExitCode, time::Duration};

use crate::{args::Args, failure::Failure};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the end waits for work that cannot be stopped.
const LOOKUPS_END_WITHIN: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let args = match Args::read(&environment::arguments()) {
        Ok(args) => args,
        Err(code) => return code,
    };
    cmcache::cmc_api::install_tls();
    let json = args.json();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Failure::from(anyhow::Error::from(error)).told(json),
    };
    let ended = runtime.block_on(commands::run(args));
    // Here waiting is allowed, and the runtime still carries what is sent.
    exporting::end();
    // Whatever is still being looked up, a name for instance, was waited for as long as it was
    // needed.
    runtime.shutdown_timeout(LOOKUPS_END_WITHIN);
    match ended {
        Ok(code) => code,
        Err(failure) => failure.told(json),
    }
}
