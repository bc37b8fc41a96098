//! One Redis, and what all arrangements of Redis have in common.

use std::process::Command;

use anyhow::Result;

use super::ask::answers;
use super::ports;
use super::site::Site;

pub(super) const SERVER: &str = "redis-server";
pub(super) const CLIENT: &str = "redis-cli";

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let port = spawn(site, "redis", &[])?;
    Ok(vec![("CMCACHE_TEST_REDIS", format!("redis://127.0.0.1:{port}"))])
}

/// Starts one on a free port and waits until it serves.
pub(super) fn spawn(site: &Site<'_>, name: &str, more: &[&str]) -> Result<u16> {
    spawn_program(site, SERVER, name, more)
}

/// The same with another server that takes the same options.
pub(super) fn spawn_program(
    site: &Site<'_>,
    program: &str,
    name: &str,
    more: &[&str],
) -> Result<u16> {
    let port = ports::free()?;
    let mut command = site.command(program)?;
    // Two of them must not share the files that they write.
    command.args(["--port", &port.to_string(), "--dir"]).arg(site.new_folder(name)?);
    site.spawn(name, with_common(command, more))?;
    site.until("Redis serves", || Ok(answers(port, "PING\r\n", "+PONG")))?;
    Ok(port)
}

/// Loopback only, and nothing is kept.
pub(super) fn with_common(mut command: Command, more: &[&str]) -> Command {
    command.args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]).args(more);
    command
}
