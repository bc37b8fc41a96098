//! A process that outlives us for a moment, to stop the servers that we would leave behind.
//!
//! It reads from a pipe that only we hold. The end of the pipe is our end, whatever brought it:
//! a red test, Ctrl-C, SIGTERM or even SIGKILL. The word [`KEEP`] before the end lets them live.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use super::kind::Kind;
use super::record::Record;

const KEEP: &str = "keep";

/// While this lives the servers do; with it they end.
pub(super) struct Guard {
    child: Child,
}

impl Guard {
    /// Watches over the servers of these kinds, those that are yet to be started included.
    pub(super) fn over(record: &Record, kinds: &[Kind]) -> Result<Self> {
        let names: Vec<&str> = kinds.iter().map(Kind::name).collect();
        // A build may have replaced our file by now; the kernel still has what we are.
        let child = Command::new(format!("/proc/{}/exe", std::process::id()))
            .args(["servers", "guard"])
            .arg(record.path())
            .arg(names.join(","))
            .stdin(Stdio::piped())
            // A reader of our output must not wait for the guard's end.
            .stdout(Stdio::null())
            // Its own group: Ctrl-C in this terminal is not meant for it.
            .process_group(0)
            .spawn()
            .context("start the guard of the servers")?;
        Ok(Self { child })
    }

    /// Lets the servers live on.
    pub(super) fn release(mut self) -> Result<()> {
        let pipe = self.child.stdin.as_mut().context("the guard has a pipe")?;
        Ok(pipe.write_all(KEEP.as_bytes())?)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if !self.child.wait().is_ok_and(|status| status.success()) {
            eprintln!("xtask: servers may still run: cargo xtask servers down");
        }
    }
}

/// The guard itself: `xtask servers guard RECORD KINDS`.
pub(crate) fn keep_watch(path: &str, kinds: &str) -> Result<()> {
    let mut said = String::new();
    // A pipe that breaks has ended, too.
    std::io::stdin().read_to_string(&mut said).ok();
    if said == KEEP {
        return Ok(());
    }
    Record::open(path.into())?.stop(|group| kinds.split(',').any(|kind| kind == group.kind))
}
