//! The workspace's own chores, run as `cargo xtask <command>`.
//!
//! Mental model: a command is one function that takes the [`Workspace`](workspace::Workspace) and
//! stops at the first thing that is wrong. Nothing here knows the product's code: the tool builds
//! in seconds and tells the truth even when the product does not compile.
#![expect(clippy::print_stderr, reason = "a chore reports to a terminal")]

mod bench;
mod ci;
mod docs;
mod features;
mod operating;
mod servers;
mod tests_cmd;
mod tidy;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;

use servers::Technology;
use workspace::{Missing, Workspace, say};

const HELP: &str = "\
cargo xtask <command>

  test                      everything: unit, doc and integration tests
  ci                        test, fmt, tidy, clippy, docs, deny, features; stops at the first red
  tidy                      the laws of the house
  integration [SUITE]       the integration tests, or one suite of them (api, reading, sdk, …);
                            everything that they need must be there
              [--only NAME] those whose name contains NAME; or of technologies (redis,mysql,…)
                            those that need no other, the tests of their stores included
  docs [--check]            write docs/reference from the code, or check that it is current
  operating [--quick]       check the examples of docs/operating: the program reads each of them
  bench [NAME] [--quick]    list the benches, or run one (bench http)
  servers up [--only …]     private servers on free loopback ports, and their addresses for `eval`;
                            of redis, valkey, memcached, mysql, postgres those that are listed,
                            or all
  servers down|status       stops them, lists them
  features                  every feature of every crate, alone and without the others
  help                      this text";

/// What was typed, with its options resolved.
#[derive(Debug, Default, PartialEq, Eq)]
struct Typed {
    words: Vec<String>,
    only: Option<String>,
    check: bool,
    quick: bool,
}

fn main() -> ExitCode {
    match parse(lexopt::Parser::from_env()).and_then(|typed| run(&typed)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut parser: lexopt::Parser) -> Result<Typed> {
    let mut typed = Typed::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Value(word) => typed.words.push(word.string()?),
            Long("only") => typed.only = Some(parser.value()?.string()?),
            Long("check") => typed.check = true,
            Long("quick") => typed.quick = true,
            Short('h') | Long("help") => typed.words.insert(0, "help".to_owned()),
            other => return Err(other.unexpected()).context("see `cargo xtask help`"),
        }
    }
    Ok(typed)
}

fn run(typed: &Typed) -> Result<()> {
    let words: Vec<&str> = typed.words.iter().map(String::as_str).collect();
    if matches!(words[..], [] | ["help", ..]) {
        say(HELP);
        return Ok(());
    }
    if let ["servers", "guard", record, kinds] = words[..] {
        return servers::keep_watch(record, kinds);
    }
    let workspace = Workspace::open()?;
    match words[..] {
        ["ci"] => ci::run(&workspace),
        ["test"] => tests_cmd::run(&workspace, Missing::Skip),
        ["integration"] => tests_cmd::integration(&workspace, None, typed.only.as_deref()),
        ["integration", suite] => {
            tests_cmd::integration(&workspace, Some(suite), typed.only.as_deref())
        }
        ["tidy"] => tidy::run(&workspace),
        ["docs"] => docs::run(&workspace, typed.check),
        ["operating"] => operating::run(&workspace, typed.quick),
        ["bench"] => bench::list(&workspace),
        ["bench", name] => bench::run(&workspace, name, typed.quick),
        ["servers", "up"] => servers::up(&workspace, &Technology::asked(typed.only.as_deref())?),
        ["servers", "down"] => servers::down(&workspace),
        ["servers", "status"] => servers::status(&workspace),
        ["features"] => features::run(&workspace),
        _ => bail!("no command `{}`; see `cargo xtask help`", words.join(" ")),
    }
}

#[cfg(test)]
mod tests;
