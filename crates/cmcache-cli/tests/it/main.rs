//! The real binary: what it prints, where, and with which code it ends.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod asking;
mod bench;
mod codes;
mod friendly;
mod paper;
mod pretty;
mod running;
mod settings;
#[cfg(feature = "otel")]
mod traces;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

/// The binary with nothing in its environment that would decide what a test sees.
fn cmcache(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cmcache"));
    command.args(arguments).current_dir(dir).stdin(Stdio::null()).env_clear();
    // A machine that is busy with other tests may be slow to open a file; that is no finding.
    command.env("RUST_LOG", "warn,sqlx::pool=error");
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    cmcache(dir, arguments).output().unwrap()
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// The command ends with `code`, says nothing on standard output and `words` on standard error:
/// as one line, and with `--json` as one object.
fn check_refused(dir: &Path, arguments: &[&str], code: i32, words: &str) {
    let plain = run(dir, arguments);
    assert_eq!(plain.status.code(), Some(code), "{arguments:?}: {}", err(&plain));
    assert!(err(&plain).contains(words), "{arguments:?}: {}", err(&plain));
    assert_eq!(out(&plain), "", "{arguments:?}");
    let json = run(dir, &[arguments, &["--json"]].concat());
    assert_eq!(json.status.code(), Some(code), "{arguments:?} --json");
    let last = err(&json).lines().last().unwrap_or_default().to_owned();
    let error: Value = serde_json::from_str(&last).unwrap_or_else(|_| panic!("no JSON: {last}"));
    let message = error["error"]["message"].as_str().unwrap();
    assert!(message.contains(words), "{arguments:?} --json: {message}");
    assert!(error["error"]["code"].is_string());
}
