//! PostgreSQL. It refuses to run as root, so root starts it as nobody.

use anyhow::Result;

use super::ports;
use super::site::Site;

/// Small and forgetful: nothing here outlives the tests. Many tests hold a pool each.
const SETTINGS: [&str; 5] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=32MB",
    "max_connections=300",
];

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let folder = site.folder_of_server("postgres")?;
    let data = folder.join("data");
    let init = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
    site.run(site.command_as_nobody("initdb")?.arg("-D").arg(&data).args(init))?;

    let port = ports::free()?.to_string();
    let mut command = site.command_as_nobody("postgres")?;
    command.arg("-D").arg(&data).args(["-h", "127.0.0.1", "-p", &port]).arg("-k").arg(&folder);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", setting]));
    site.spawn("postgres", command)?;
    site.until("PostgreSQL serves", || {
        let mut client = site.command("psql")?;
        client.args(["-X", "-h", "127.0.0.1", "-U", "postgres", "-p", &port, "-c", "select 1"]);
        Ok(site.run(&mut client).is_ok())
    })?;
    Ok(vec![("CMCACHE_TEST_POSTGRES", format!("postgres://postgres@127.0.0.1:{port}"))])
}
