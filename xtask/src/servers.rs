//! `servers`: private Redis and memcached for trying things by hand.
//!
//! Everything lives below `target/servers`. A server is remembered by its process id *and* the
//! moment it was born, so a recycled id is never mistaken for ours and nothing else is stopped.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use xshell::cmd;

use crate::tools::{self, MEMCACHED, REDIS};
use crate::workspace::{Workspace, say, stopwatch};

const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A server that we started, as remembered in `state.json`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Server {
    name: String,
    pid: u32,
    born: String,
    port: u16,
}

/// Starts what is not running yet, and prints the addresses.
pub(crate) fn up(workspace: &Workspace) -> Result<()> {
    tools::ensure(workspace, &[REDIS, MEMCACHED])?;
    let mut running = alive(workspace)?;
    for name in ["redis", "memcached"] {
        if !running.iter().any(|server| server.name == name) {
            running.push(start(workspace, name)?);
            remember(workspace, &running)?;
        }
    }
    status(workspace)
}

/// Stops what we started.
pub(crate) fn down(workspace: &Workspace) -> Result<()> {
    for server in alive(workspace)? {
        let pid = server.pid.to_string();
        cmd!(workspace.sh, "kill -TERM {pid}").quiet().ignore_stderr().ignore_status().run()?;
        let gone = wait(|| birth(server.pid).as_deref() != Some(&server.born));
        if !gone {
            bail!("{} (process {pid}) does not stop", server.name);
        }
        say(format!("{:<10} stopped", server.name));
    }
    workspace.sh.remove_path(folder(workspace))?;
    Ok(())
}

/// Prints one line per running server.
pub(crate) fn status(workspace: &Workspace) -> Result<()> {
    let running = alive(workspace)?;
    for Server { name, pid, port, .. } in &running {
        let scheme = if name == "redis" { "redis" } else { "memcache" };
        say(format!("{name:<10} {scheme}://127.0.0.1:{port}  process {pid}"));
    }
    if running.is_empty() {
        say("no server is running; start with `cargo xtask servers up`");
    }
    Ok(())
}

fn start(workspace: &Workspace, name: &str) -> Result<Server> {
    let folder = folder(workspace).join(name);
    workspace.sh.create_dir(&folder)?;
    // The port may be taken between looking and starting: the readiness check would tell.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = command(workspace, name, port, &folder.display().to_string());
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Its own group: Ctrl-C in this terminal is not meant for the server.
        .process_group(0)
        .spawn()
        .with_context(|| format!("start {name}"))?;
    let (question, reply) = greeting(name);
    if !wait(|| ask(port, question).is_some_and(|text| text.starts_with(reply))) {
        bail!("{name} does not answer on port {port}; see {}", folder.display());
    }
    let born = birth(child.id()).with_context(|| format!("{name} ended at once"))?;
    Ok(Server { name: name.to_owned(), pid: child.id(), born, port })
}

fn command(workspace: &Workspace, name: &str, port: u16, folder: &str) -> Command {
    let program = if name == "redis" { REDIS.0 } else { MEMCACHED.0 };
    let mut command = Command::new(workspace.find(program).unwrap_or_else(|| program.into()));
    let port = port.to_string();
    if name == "redis" {
        command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]);
        command.args(["--dir", folder, "--logfile", "redis.log"]);
    } else {
        command.args(["-l", "127.0.0.1", "-p", &port, "-U", "0", "-m", "64"]);
        if workspace.is_root() {
            command.args(["-u", "nobody"]);
        }
    }
    command
}

/// What a healthy server is asked, and how its reply begins: an open port alone proves nothing.
fn greeting(name: &str) -> (&'static str, &'static str) {
    if name == "redis" { ("PING\r\n", "+PONG") } else { ("version\r\n", "VERSION") }
}

fn ask(port: u16, question: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
    stream.write_all(question.as_bytes()).ok()?;
    let mut reply = [0; 64];
    let n_read = stream.read(&mut reply).ok()?;
    Some(String::from_utf8_lossy(&reply[..n_read]).into_owned())
}

fn wait(mut is_done: impl FnMut() -> bool) -> bool {
    let started = stopwatch();
    while started.elapsed() < PATIENCE {
        if is_done() {
            return true;
        }
        std::thread::sleep(POLL);
    }
    false
}

/// When the process was born, in the kernel's ticks; `None` when it is gone.
fn birth(pid: u32) -> Option<String> {
    birth_in(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn birth_in(stat: &str) -> Option<String> {
    // The second field is the program's name in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let is_dead = matches!(fields.next()?, "Z" | "X");
    if is_dead { None } else { fields.nth(18).map(str::to_owned) }
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("servers")
}

fn remember(workspace: &Workspace, servers: &[Server]) -> Result<()> {
    let state: Vec<Value> = servers
        .iter()
        .map(|s| json!({"name": s.name, "pid": s.pid, "born": s.born, "port": s.port}))
        .collect();
    let text = serde_json::to_string_pretty(&state)?;
    Ok(workspace.sh.write_file(folder(workspace).join("state.json"), text)?)
}

/// The servers of `state.json` that still run.
fn alive(workspace: &Workspace) -> Result<Vec<Server>> {
    let Ok(text) = std::fs::read_to_string(folder(workspace).join("state.json")) else {
        return Ok(Vec::new());
    };
    let servers = recall(&text).context("target/servers/state.json")?;
    Ok(servers.into_iter().filter(|s| birth(s.pid).as_deref() == Some(&s.born)).collect())
}

fn recall(text: &str) -> Result<Vec<Server>> {
    let state: Vec<Value> = serde_json::from_str(text)?;
    let servers = state.iter().map(|entry| {
        Some(Server {
            name: entry["name"].as_str()?.to_owned(),
            pid: u32::try_from(entry["pid"].as_u64()?).ok()?,
            born: entry["born"].as_str()?.to_owned(),
            port: u16::try_from(entry["port"].as_u64()?).ok()?,
        })
    });
    servers.collect::<Option<_>>().context("a field is missing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_birth_whatever_its_name() {
        // Breaks: `servers down` would stop a stranger that was given the same process id.
        let fields: Vec<String> = (4..=30).map(|field| field.to_string()).collect();
        let running = format!("77 (odd ) name) S {}", fields.join(" "));
        assert_eq!(birth_in(&running).as_deref(), Some("22"));
        assert_eq!(birth_in(&running.replace(") S ", ") Z ")), None);
        assert!(birth(std::process::id()).is_some());
    }

    #[test]
    fn a_broken_state_is_an_error_and_not_an_empty_list() {
        // Breaks: servers that run forever because their record could not be read.
        assert!(recall("[{\"name\": \"redis\"}]").is_err());
        let good = r#"[{"name": "redis", "pid": 7, "born": "22", "port": 6001}]"#;
        assert_eq!(recall(good).unwrap()[0].port, 6001);
    }
}
