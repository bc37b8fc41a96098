use std::process::ExitCode;

use clap::CommandFactory;

use crate::{
    args::{Args, Completions},
    print,
};

/// Prints the script that makes a shell complete what is typed after `cmcache`.
pub(crate) fn run(args: &Completions) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "cmcache", &mut script);
    print::text(&script);
    ExitCode::SUCCESS
}
