//! The place where the servers of one kind are started.

use std::fs::{File, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::kind::Kind;
use super::record::Record;
use super::server::{self, Server};
use crate::tools;

/// A loaded machine may take this long over one step.
const PATIENCE: Duration = Duration::from_secs(30);
/// The user and group `nobody`, by the numbers that do not depend on names.
const NOBODY: u32 = 65_534;
/// Lines of a log that are shown when a server does not start.
const N_LOG_LINES: usize = 5;

/// A folder of our own in the temporary folder, and the record of what is started in it.
pub(super) struct Site<'a> {
    pub(super) folder: PathBuf,
    pub(super) is_root: bool,
    kind: Kind,
    record: &'a Record,
}

impl<'a> Site<'a> {
    pub(super) fn new(record: &'a Record, kind: Kind) -> Result<Self> {
        let name = format!("cmcache-{}-XXXXXX", kind.name());
        let output = Command::new("mktemp").args(["--directory", "--tmpdir", &name]).output()?;
        if !output.status.success() {
            bail!("mktemp: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let folder = PathBuf::from(String::from_utf8(output.stdout)?.trim_end());
        record.begins(kind, &folder)?;
        // Servers that are not root have to pass through.
        std::fs::set_permissions(&folder, Permissions::from_mode(0o755))?;
        Ok(Self { folder, is_root: tools::is_root(), kind, record })
    }

    /// A program, started in the folder of this site.
    pub(super) fn command(&self, program: &str) -> Result<Command> {
        let path = tools::find(program).or_else(|| self.own(program));
        let path = path.with_context(|| format!("no program {program}"))?;
        let mut command = Command::new(path);
        command.current_dir(&self.folder).env(server::MARK, &self.folder);
        Ok(command)
    }

    /// Records lie in a folder of the target folder, and so do the programs that are our own.
    fn own(&self, program: &str) -> Option<PathBuf> {
        let target = self.record.path().ancestors().nth(2)?;
        Some(tools::own(target).join(program)).filter(|path| path.is_file())
    }

    /// The same for programs that refuse root.
    pub(super) fn command_as_nobody(&self, program: &str) -> Result<Command> {
        let command = self.command(program)?;
        if !self.is_root {
            return Ok(command);
        }
        let mut dropped = self.command("setpriv")?;
        dropped.args([format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")]);
        dropped.args(["--clear-groups", "--"]).arg(command.get_program());
        Ok(dropped)
    }

    pub(super) fn new_folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        std::fs::create_dir(&folder)?;
        Ok(folder)
    }

    /// A folder that belongs to the user as whom servers run.
    pub(super) fn folder_of_server(&self, name: &str) -> Result<PathBuf> {
        let folder = self.new_folder(name)?;
        if self.is_root {
            chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        Ok(folder)
    }

    /// Runs a program to its end; what it printed.
    pub(super) fn run(&self, command: &mut Command) -> Result<String> {
        let output = command.stdin(Stdio::null()).output()?;
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            let program = command.get_program().to_string_lossy().into_owned();
            bail!("{program}: {}", last_lines(&format!("{printed}{complaint}")));
        }
        Ok(printed)
    }

    /// Starts a server and writes it down.
    pub(super) fn spawn(&self, name: &str, mut command: Command) -> Result<()> {
        let log = self.log_of(name);
        let output = File::options().create(true).append(true).open(log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        // Its own group: Ctrl-C in this terminal is not meant for the server.
        let child = command.process_group(0).spawn().with_context(|| format!("start {name}"))?;
        let born = server::birth(child.id()).with_context(|| format!("{name} ended at once"))?;
        self.record.started(self.kind, Server { name: name.to_owned(), pid: child.id(), born })
    }

    /// Waits until something is so, unless a server ends before.
    pub(super) fn until(&self, what: &str, is_so: impl Fn() -> Result<bool>) -> Result<()> {
        let mut outcome = Ok(false);
        let in_time = server::wait(PATIENCE, || {
            outcome = is_so();
            !matches!(outcome, Ok(false)) || self.dead().is_some()
        });
        if matches!(outcome, Ok(true)) {
            return Ok(());
        }
        outcome?;
        match self.dead() {
            Some(name) => bail!("{name} ended: {}", self.log(&name)),
            None if in_time => bail!("{what}: an unexpected end"),
            None => bail!("not within {} s: {what}{}", PATIENCE.as_secs(), self.logs()),
        }
    }

    fn dead(&self) -> Option<String> {
        let groups = self.record.groups();
        let ours = groups.into_iter().filter(|group| group.kind == self.kind.name());
        ours.flat_map(|group| group.servers).find(|s| !s.is_alive()).map(|server| server.name)
    }

    fn logs(&self) -> String {
        let groups = self.record.groups();
        let ours = groups.into_iter().filter(|group| group.kind == self.kind.name());
        let names = ours.flat_map(|group| group.servers).map(|server| server.name);
        names.map(|name| format!("\n{name}: {}", self.log(&name))).collect()
    }

    fn log(&self, name: &str) -> String {
        last_lines(&read(&self.log_of(name)))
    }

    fn log_of(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.log"))
    }
}

fn read(path: &Path) -> String {
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(N_LOG_LINES)..].join("; ")
}
