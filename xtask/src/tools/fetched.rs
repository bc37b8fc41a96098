//! What comes from far away, within bounds.

use anyhow::{Result, bail};
use xshell::Cmd;

/// How long one try to get something may take, in seconds.
pub(super) const FETCH_S: &str = "600";
const TRIES: usize = 2;

/// Gets something from far away. A registry that hangs or stumbles is asked once more, and then it
/// is an error with a name: never a job that stands still and says nothing.
pub(super) fn fetched<'a>(what: &str, command: impl Fn() -> Cmd<'a>) -> Result<()> {
    let mut last = String::new();
    for _ in 0..TRIES {
        let output = command().quiet().stdin("").ignore_status().output()?;
        if output.status.success() {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr);
        last = match (output.status.code(), errors.lines().last()) {
            (Some(124 | 137), _) => format!("no end after {FETCH_S} s"),
            (_, Some(line)) => line.to_owned(),
            (_, None) => output.status.to_string(),
        };
    }
    bail!("{what}: {last}")
}
