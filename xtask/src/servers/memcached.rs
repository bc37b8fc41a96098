//! Three memcached servers: keys are spread over them, and one may be missed.

use anyhow::Result;

use super::ask::answers;
use super::ports;
use super::site::Site;

const N_SERVERS: usize = 3;

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let mut addresses = Vec::new();
    for _ in 0..N_SERVERS {
        let port = ports::free()?;
        let mut command = site.command("memcached")?;
        command.args(["-l", "127.0.0.1", "-p", &port.to_string(), "-U", "0", "-m", "64"]);
        // It refuses to run as root without being told what else.
        command.args(site.is_root.then_some(["-u", "nobody"]).into_iter().flatten());
        site.spawn("memcached", command)?;
        site.until("memcached serves", || Ok(answers(port, "version\r\n", "VERSION")))?;
        addresses.push(format!("127.0.0.1:{port}"));
    }
    Ok(vec![("CMCACHE_TEST_MEMCACHED", addresses.join(","))])
}
