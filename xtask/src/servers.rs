//! `servers`: private Redis, Valkey, memcached, MariaDB and PostgreSQL, for tests and for trying
//! things.
//!
//! Everything is private: free loopback ports, folders of our own in the temporary folder, no
//! system service. What runs is written down in a [`Record`] at the moment it is started, by
//! process id *and* birth, and a [`Guard`] outside of this process stops it when we end too early.

mod ask;
mod certificate;
mod guard;
mod kind;
mod mariadb;
mod memcached;
mod ports;
mod postgres;
mod record;
mod redis;
mod redis_cluster;
mod redis_sentinel;
mod redis_tls;
mod server;
mod site;
mod valkey;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result};
use xshell::Cmd;

use crate::workspace::{Missing, Workspace, say};
use guard::Guard;
use kind::Kind;
use record::{Group, Record};
use site::Site;

pub(crate) use guard::keep_watch;
pub(crate) use kind::Technology;

/// A variable of the environment, and what tests read there.
pub(crate) type Variable = (String, String);

/// Starts what is not running yet, and prints the addresses for `eval`.
pub(crate) fn up(workspace: &Workspace, wanted: &[Technology]) -> Result<()> {
    let kinds = kinds_of(wanted);
    kind::ensure(workspace, &kinds)?;
    let folder = folder(workspace)?;
    let _alone = alone(&folder)?;
    sweep(&folder)?;
    let record = Record::open(folder.join("up.json"))?;
    let guard = start(&record, &kinds)?;
    guard.release()?;
    for (name, value) in record.groups().iter().flat_map(|group| &group.variables) {
        say(format!("export {name}='{value}'"));
    }
    Ok(())
}

/// Stops what `up` started, and what runs left behind that were killed.
pub(crate) fn down(workspace: &Workspace) -> Result<()> {
    let folder = folder(workspace)?;
    let _alone = alone(&folder)?;
    sweep(&folder)?;
    let record = Record::open(folder.join("up.json"))?;
    let groups = record.groups();
    record.stop(|_| true)?;
    for group in groups {
        say(format!("{:<15} stopped", group.kind));
    }
    Ok(())
}

/// Prints what runs: one line per kind, with its addresses.
pub(crate) fn status(workspace: &Workspace) -> Result<()> {
    let groups = Record::open(folder(workspace)?.join("up.json"))?.groups();
    for group in &groups {
        let values: Vec<&str> = group.variables.iter().map(|(_, value)| &**value).collect();
        let word = if group.is_healthy() { "up" } else { "broken" };
        say(format!("{:<15} {word:<7} {}", group.kind, values.join("  ")));
    }
    if groups.is_empty() {
        say("no server is running; start with `cargo xtask servers up`");
    }
    Ok(())
}

/// The servers that tests were promised; those that were started for them stop with this.
pub(crate) struct Servers {
    variables: Vec<Variable>,
    /// The technologies that cannot be had here.
    pub(crate) absent: Vec<Technology>,
    /// Stops the servers of this run.
    _guard: Option<Guard>,
}

impl Servers {
    /// Takes the servers of `servers up` where they run, and starts the others for this run.
    pub(crate) fn for_tests(
        workspace: &Workspace,
        wanted: &[Technology],
        missing: Missing,
    ) -> Result<Self> {
        let (present, absent) = obtainable(workspace, wanted, missing)?;
        let folder = folder(workspace)?;
        sweep(&folder)?;
        let up: Vec<Group> = Record::open(folder.join("up.json"))?.groups();
        let reused: Vec<Group> = up.into_iter().filter(Group::is_healthy).collect();
        let is_up = |kind: &Kind| reused.iter().any(|group| group.kind == kind.name());
        let kinds: Vec<Kind> = kinds_of(&present).into_iter().filter(|k| !is_up(k)).collect();
        let record = Record::open(folder.join(record::name_of_this_run()?))?;
        let guard = if kinds.is_empty() { None } else { Some(start(&record, &kinds)?) };
        let groups = reused.into_iter().chain(record.groups());
        let variables = groups.flat_map(|group| group.variables).collect();
        Ok(Self { variables, absent, _guard: guard })
    }

    /// Hands the addresses to a command, and takes those away that are not ours.
    pub(crate) fn tell<'a>(&self, command: Cmd<'a>) -> Cmd<'a> {
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        let stale = names.filter(|name| name.starts_with("CMCACHE_TEST_"));
        let clean = stale.fold(command, |command, name| command.env_remove(name));
        self.variables.iter().fold(clean, |command, (name, value)| command.env(name, value))
    }
}

/// Those that are installed or can be, and the rest, which is said or an error.
fn obtainable(
    workspace: &Workspace,
    wanted: &[Technology],
    missing: Missing,
) -> Result<(Vec<Technology>, Vec<Technology>)> {
    if kind::ensure(workspace, &kinds_of(wanted)).is_ok() {
        return Ok((wanted.to_vec(), Vec::new()));
    }
    let (mut present, mut absent) = (Vec::new(), Vec::new());
    for technology in wanted {
        match kind::ensure(workspace, technology.kinds()) {
            Ok(()) => present.push(*technology),
            Err(error) if missing == Missing::Skip => {
                say(format!("test: skipping the tests with {}: {error:#}", technology.name()));
                absent.push(*technology);
            }
            Err(error) => return Err(error).context(technology.name()),
        }
    }
    Ok((present, absent))
}

/// Starts all kinds at once. On an error, whatever was started is stopped again.
fn start(record: &Record, kinds: &[Kind]) -> Result<Guard> {
    let is_up = |kind: &Kind| record.groups().iter().any(|g| g.kind == kind.name());
    record.stop(|group| !group.is_healthy())?;
    let kinds: Vec<Kind> = kinds.iter().copied().filter(|kind| !is_up(kind)).collect();
    let guard = Guard::over(record, &kinds)?;
    let outcomes: Vec<Result<()>> = thread::scope(|scope| {
        let started: Vec<_> =
            kinds.iter().map(|kind| scope.spawn(|| start_one(record, *kind))).collect();
        started.into_iter().map(|one| one.join().expect("starting does not panic")).collect()
    });
    outcomes.into_iter().collect::<Result<()>>()?;
    Ok(guard)
}

/// A port may be lost between looking and starting: the second time it is another one.
fn start_one(record: &Record, kind: Kind) -> Result<()> {
    let attempt = || -> Result<()> {
        let site = Site::new(record, kind)?;
        let variables = kind.start(&site)?;
        record.is_ready(kind, variables)
    };
    attempt().or_else(|_| {
        record.stop(|group| group.kind == kind.name())?;
        attempt().with_context(|| format!("start {}", kind.name()))
    })
}

fn kinds_of(technologies: &[Technology]) -> Vec<Kind> {
    technologies.iter().flat_map(|technology| technology.kinds()).copied().collect()
}

fn folder(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.target.join("servers");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// One `up` or `down` at a time; the lock ends with the file.
fn alone(folder: &Path) -> Result<File> {
    let folder = File::open(folder)?;
    folder.lock()?;
    Ok(folder)
}

/// Stops the servers of runs that ended without doing so, even their guards being killed.
fn sweep(folder: &Path) -> Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if record::is_of_a_dead_run(&path) {
            Record::open(path)?.stop(|_| true)?;
        }
    }
    Ok(())
}
