//! MariaDB, for everything that speaks MySQL.

use anyhow::Result;

use super::site::Site;
use crate::tools::{MARIADB_CLIENT, MARIADB_INSTALL, MARIADB_SERVER};

/// Tests make databases of their own: a user that may.
const WELCOME: &str = "create user if not exists 'cmc'@'127.0.0.1' identified by 'pw'; \
                       grant all on *.* to 'cmc'@'127.0.0.1' with grant option";

/// Small and forgetful: nothing here outlives the tests. Many tests hold a pool each.
const SETTINGS: [&str; 5] = [
    "--skip-name-resolve",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-buffer-pool-size=64M",
    "--performance-schema=OFF",
    "--max-connections=500",
];

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let folder = site.folder_of_server("mysql")?;
    let user = site.is_root.then_some("--user=nobody");
    let data = format!("--datadir={}", folder.display());
    // The temporary folder of whoever started us may be closed to it.
    let scratch = format!("--tmpdir={}", site.folder_of_server("scratch")?.display());
    let install = ["--auth-root-authentication-method=normal", "--skip-test-db"];
    let mut command = site.command(MARIADB_INSTALL)?;
    command.args(["--no-defaults", "--skip-name-resolve", &data, &scratch]);
    command.args(user).args(install);
    site.run(&mut command)?;

    let port = super::ports::free()?;
    let mut command = site.command(MARIADB_SERVER)?;
    command.args(["--no-defaults", &data, &scratch, "--bind-address=127.0.0.1"]);
    command.args(user).args(SETTINGS);
    command.arg(format!("--port={port}"));
    // A path of a socket is at most 107 bytes long: relative to the folder of the data.
    command.args(["--socket=s.sock", "--pid-file=pid"]);
    site.spawn("mariadbd", command)?;
    // The first argument must be this one.
    let client = ["--no-defaults", "-h127.0.0.1", "-uroot", "-e", WELCOME];
    site.until("MariaDB serves", || {
        let mut command = site.command(MARIADB_CLIENT)?;
        Ok(site.run(command.args(client).arg(format!("-P{port}"))).is_ok())
    })?;
    Ok(vec![("CMCACHE_TEST_MYSQL", format!("mysql://cmc:pw@127.0.0.1:{port}"))])
}
