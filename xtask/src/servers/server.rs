//! A server process: known by its id and its birth, so that no stranger is ever stopped.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::workspace::stopwatch;

/// How long a server may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);

/// A process that we started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) name: String,
    pub(super) pid: u32,
    pub(super) born: String,
}

impl Server {
    pub(super) fn is_alive(&self) -> bool {
        birth(self.pid).as_deref() == Some(&self.born)
    }

    fn signal(&self, signal: &str) {
        if self.is_alive() {
            let mut kill = Command::new("kill");
            kill.arg(format!("-{signal}")).arg(self.pid.to_string());
            // It may end between the look and the signal.
            kill.stdin(Stdio::null()).stderr(Stdio::null()).status().ok();
        }
    }

    /// What ends it fast and cleanly.
    fn farewell(&self) -> &'static str {
        match &*self.name {
            // It keeps nothing, and takes a second over a polite request.
            "memcached" => "KILL",
            // Without waiting for its clients.
            "postgres" => "INT",
            _ => "TERM",
        }
    }
}

/// Stops all of them at once, by force those that do not listen.
pub(super) fn stop(servers: &[Server]) -> Result<()> {
    for server in servers {
        server.signal(server.farewell());
        // A test may have frozen it.
        server.signal("CONT");
    }
    let all_gone = || servers.iter().all(|server| !server.is_alive());
    if wait(PATIENCE, all_gone) {
        return Ok(());
    }
    servers.iter().for_each(|server| server.signal("KILL"));
    if !wait(PATIENCE, all_gone) {
        let alive = servers.iter().find(|server| server.is_alive());
        bail!("{} does not stop", alive.map_or("a server", |server| &server.name));
    }
    Ok(())
}

/// Names the folder for which a process was started, in its environment and its children's.
pub(super) const MARK: &str = "CMCACHE_SITE";

/// All processes that were started for a folder and that still run, written down or not.
pub(super) fn started_for(folder: &Path) -> Vec<Server> {
    let mark = format!("{MARK}={}", folder.display());
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let pids = names.filter_map(|name| name.parse::<u32>().ok());
    let ours = pids.filter(|pid| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
    });
    ours.filter_map(|pid| Some(Server { name: "a start".into(), pid, born: birth(pid)? })).collect()
}

/// Whether it became so in time.
pub(super) fn wait(patience: Duration, mut is_so: impl FnMut() -> bool) -> bool {
    let started = stopwatch();
    while started.elapsed() < patience {
        if is_so() {
            return true;
        }
        std::thread::sleep(POLL);
    }
    false
}

/// When the process was born, in the kernel's ticks; `None` when it is gone.
pub(super) fn birth(pid: u32) -> Option<String> {
    birth_in(&std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

fn birth_in(stat: &str) -> Option<String> {
    // The second field is the program's name in parentheses and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let is_dead = matches!(fields.next()?, "Z" | "X");
    if is_dead { None } else { fields.nth(18).map(str::to_owned) }
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
    fn what_was_started_for_a_folder_is_found_and_nothing_else() {
        // Breaks: an interrupted start would leave the making of a database behind.
        let folder = std::env::temp_dir().join(format!("cmcache-mark-{}", std::process::id()));
        let mut sleeper = Command::new("sleep").arg("60").env(MARK, &folder).spawn().unwrap();
        assert!(wait(PATIENCE, || started_for(&folder).len() == 1));
        assert_eq!(started_for(&folder.join("below")), []);
        stop(&started_for(&folder)).unwrap();
        assert!(!sleeper.wait().unwrap().success());
    }

    #[test]
    fn a_stranger_with_the_same_id_is_left_alone() {
        // Breaks: we would end ourselves here.
        let stranger = Server { name: "redis".into(), pid: std::process::id(), born: "0".into() };
        stop(&[stranger]).unwrap();
    }
}
