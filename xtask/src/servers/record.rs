//! What runs, written down before anything can go wrong.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Variable;
use super::kind::Kind;
use super::server::{self, Server};

/// Servers that belong together, in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) kind: String,
    pub(super) folder: PathBuf,
    pub(super) servers: Vec<Server>,
    /// How they are reached; nothing until all of them serve.
    pub(super) variables: Vec<Variable>,
}

impl Group {
    pub(super) fn is_healthy(&self) -> bool {
        !self.variables.is_empty() && self.servers.iter().all(Server::is_alive)
    }
}

/// A file that lists what runs, and is gone when nothing does.
pub(super) struct Record {
    path: PathBuf,
    groups: Mutex<Vec<Group>>,
}

impl Record {
    pub(super) fn open(path: PathBuf) -> Result<Self> {
        let groups = match std::fs::read_to_string(&path) {
            Ok(text) => read(&text).with_context(|| path.display().to_string())?,
            Err(_) => Vec::new(),
        };
        Ok(Self { path, groups: Mutex::new(groups) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn groups(&self) -> Vec<Group> {
        self.groups.lock().expect("nobody panics with the record").clone()
    }

    pub(super) fn begins(&self, kind: Kind, folder: &Path) -> Result<()> {
        self.change(|groups| {
            groups.push(Group {
                kind: kind.name().to_owned(),
                folder: folder.to_owned(),
                servers: Vec::new(),
                variables: Vec::new(),
            });
        })
    }

    pub(super) fn started(&self, kind: Kind, server: Server) -> Result<()> {
        self.change(|groups| {
            let group = groups.iter_mut().find(|group| group.kind == kind.name());
            group.expect("a group begins before its servers start").servers.push(server);
        })
    }

    pub(super) fn is_ready(&self, kind: Kind, variables: Vec<Variable>) -> Result<()> {
        self.change(|groups| {
            let group = groups.iter_mut().find(|group| group.kind == kind.name());
            group.expect("a group begins before it is ready").variables = variables;
        })
    }

    /// Stops the servers of such groups, and removes their folders.
    pub(super) fn stop(&self, is_meant: impl Fn(&Group) -> bool) -> Result<()> {
        let meant: Vec<Group> = self.groups().into_iter().filter(is_meant).collect();
        let servers: Vec<Server> = meant.iter().flat_map(|group| group.servers.clone()).collect();
        server::stop(&servers)?;
        // One that cannot be cleared must not keep the others.
        let cleared: Vec<Result<Group>> = meant.into_iter().map(cleared).collect();
        let gone: Vec<&Group> = cleared.iter().flatten().collect();
        self.change(|groups| groups.retain(|group| !gone.contains(&group)))?;
        cleared.into_iter().try_for_each(|outcome| outcome.map(drop))
    }

    /// The file is written under the lock: the kinds start at the same time.
    fn change(&self, change: impl FnOnce(&mut Vec<Group>)) -> Result<()> {
        let mut groups = self.groups.lock().expect("nobody panics with the record");
        change(&mut groups);
        if groups.is_empty() {
            std::fs::remove_file(&self.path).or_else(|error| {
                let was_none = error.kind() == std::io::ErrorKind::NotFound;
                if was_none { Ok(()) } else { Err(error) }
            })?;
            return Ok(());
        }
        // A reader sees the old list or the new one, never half of it.
        let new = self.path.with_extension("new");
        std::fs::write(&new, serde_json::to_string_pretty(&written(&groups))?)?;
        Ok(std::fs::rename(new, &self.path)?)
    }
}

/// Removes the folder of a group, after whatever was left of an interrupted start.
fn cleared(group: Group) -> Result<Group> {
    server::stop(&server::started_for(&group.folder))?;
    if group.folder.exists() {
        let folder = group.folder.display();
        std::fs::remove_dir_all(&group.folder).with_context(|| format!("remove {folder}"))?;
    }
    Ok(group)
}

/// The record of the servers that live as long as this process.
pub(super) fn name_of_this_run() -> Result<String> {
    let pid = std::process::id();
    let born = server::birth(pid).context("this process has no birth in /proc")?;
    Ok(format!("run-{pid}-{born}.json"))
}

/// Whether the run that wrote this record is gone.
pub(super) fn is_of_a_dead_run(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let parsed = name.as_deref().and_then(|name| {
        let (pid, born) = name.strip_prefix("run-")?.strip_suffix(".json")?.split_once('-')?;
        Some((pid.parse().ok()?, born.to_owned()))
    });
    parsed.is_some_and(|(pid, born)| server::birth(pid) != Some(born))
}

fn written(groups: &[Group]) -> Value {
    let server = |s: &Server| json!({"name": s.name, "pid": s.pid, "born": s.born});
    let group = |group: &Group| {
        json!({
            "kind": group.kind,
            "folder": group.folder.to_string_lossy(),
            "servers": group.servers.iter().map(server).collect::<Vec<_>>(),
            "variables": group.variables,
        })
    };
    groups.iter().map(group).collect()
}

fn read(text: &str) -> Result<Vec<Group>> {
    let groups: Vec<Value> = serde_json::from_str(text)?;
    groups.iter().map(group_in).collect::<Option<_>>().context("a field is missing")
}

fn group_in(group: &Value) -> Option<Group> {
    let server = |server: &Value| {
        Some(Server {
            name: server["name"].as_str()?.to_owned(),
            pid: u32::try_from(server["pid"].as_u64()?).ok()?,
            born: server["born"].as_str()?.to_owned(),
        })
    };
    let variable =
        |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
    Some(Group {
        kind: group["kind"].as_str()?.to_owned(),
        folder: group["folder"].as_str()?.into(),
        servers: group["servers"].as_array()?.iter().map(server).collect::<Option<_>>()?,
        variables: group["variables"].as_array()?.iter().map(variable).collect::<Option<_>>()?,
    })
}

#[cfg(test)]
mod tests;
