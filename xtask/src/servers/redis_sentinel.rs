//! A master, its replica, and a sentinel that makes the one the other when it dies.

use anyhow::Result;

use super::ask::answers;
use super::ports;
use super::redis;
use super::site::Site;

/// By this name clients ask the sentinel for the master.
const MASTER: &str = "cmc";

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let prompt = ["--repl-diskless-sync-delay", "0"];
    let master = redis::spawn(site, "master", &prompt)?;
    let of_master = format!("127.0.0.1 {master}");
    redis::spawn(site, "replica", &["--replicaof", &of_master, prompt[0], prompt[1]])?;
    site.until("the replica follows", || {
        let port = master.to_string();
        let mut ask = site.command(redis::CLIENT)?;
        let text = site.run(ask.args(["-p", &port, "info", "replication"]))?;
        Ok(text.contains("state=online"))
    })?;
    let port = sentinel(site, master)?;
    site.until("the sentinel knows both", || {
        let mut ask = site.command(redis::CLIENT)?;
        let text = site.run(ask.args(["-p", &port.to_string(), "info", "sentinel"]))?;
        Ok(text.contains("status=ok") && text.contains("slaves=1"))
    })?;
    Ok(vec![("CMCACHE_TEST_REDIS_SENTINEL", format!("redis://127.0.0.1:{port}"))])
}

fn sentinel(site: &Site<'_>, master: u16) -> Result<u16> {
    let port = ports::free()?;
    let folder = site.new_folder("sentinel")?;
    // It writes what it learns into its own configuration.
    let settings = format!(
        "port {port}\nbind 127.0.0.1\ndir {}\n\
         sentinel monitor {MASTER} 127.0.0.1 {master} 1\n\
         sentinel down-after-milliseconds {MASTER} 500\n\
         sentinel failover-timeout {MASTER} 2000\n",
        folder.display()
    );
    let file = folder.join("sentinel.conf");
    std::fs::write(&file, settings)?;
    let mut command = site.command(redis::SERVER)?;
    command.arg(file).arg("--sentinel");
    site.spawn("sentinel", command)?;
    site.until("the sentinel serves", || Ok(answers(port, "PING\r\n", "+PONG")))?;
    Ok(port)
}
