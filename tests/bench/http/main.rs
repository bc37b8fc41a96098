//! `bench-http`: CPU per cached answer, beside a bare hyper server and an nginx `proxy_cache`.
//!
//! Three servers, each pinned to one core, send the same bytes for 1, 10 and 100 coins; wrk asks
//! from the other core. They take turns within each round, so that a noisy neighbour disturbs all
//! of them, and every ratio is taken within its round. What is measured is CPU seconds of the
//! server's processes per 100,000 requests: the one figure that does not depend on who waits.
//!
//! Goals: at most 1.5 times the bare server everywhere, less than nginx at 1 and 10 coins. The
//! exit code is 1 when one is missed.
//!
//! `--exporting` measures by the same means what it costs that spans are exported.

mod arguments;
mod bytes_server;
mod contest;
mod exporting;
mod load;
mod nginx;
mod report;

use std::process::ExitCode;

use anyhow::Result;
use arguments::{Arguments, HELP, Role};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            say(&format!("bench-http: {error:#}"));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool> {
    let arguments = Arguments::parse(lexopt::Parser::from_env())?;
    // As many workers as cores that the process may use, which is what the gateway does.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match &arguments.role {
        Role::Help => say(HELP),
        Role::Bytes(file) => runtime.block_on(bytes_server::serve(file))?,
        Role::Sim => runtime.block_on(contest::simulate())?,
        Role::Collector => runtime.block_on(exporting::collect())?,
        Role::Exporting(plan) => say(&runtime.block_on(exporting::run(plan))?),
        Role::Contest(plan) => {
            let outcome = runtime.block_on(contest::run(plan))?;
            say(&if plan.is_json { report::json(&outcome)? } else { report::table(&outcome) });
            return Ok(report::is_passed(&outcome));
        }
    }
    Ok(true)
}

#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
fn say(text: &str) {
    println!("{}", text.trim_end());
}
