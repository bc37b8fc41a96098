//! A Redis Cluster of three masters.

use anyhow::Result;

use super::redis;
use super::site::Site;

const N_MASTERS: usize = 3;

const SETTINGS: [&str; 6] = [
    "--cluster-enabled",
    "yes",
    "--cluster-config-file",
    "nodes.conf",
    "--cluster-node-timeout",
    "2000",
];

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let names = (0..N_MASTERS).map(|at| format!("node-{at}"));
    let ports =
        names.map(|name| redis::spawn(site, &name, &SETTINGS)).collect::<Result<Vec<_>>>()?;
    let nodes: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    let mut create = site.command(redis::CLIENT)?;
    create.args(["--cluster", "create"]).args(&nodes);
    site.run(create.args(["--cluster-replicas", "0", "--cluster-yes"]))?;
    site.until("all nodes see the whole cluster", || {
        let mut states = ports.iter().map(|port| state(site, *port));
        Ok(states.all(|state| state.is_ok_and(|text| text.contains("cluster_state:ok"))))
    })?;
    let urls: Vec<String> = nodes.iter().map(|node| format!("redis://{node}")).collect();
    Ok(vec![("CMCACHE_TEST_REDIS_CLUSTER", urls.join(","))])
}

fn state(site: &Site<'_>, port: u16) -> Result<String> {
    let port = port.to_string();
    site.run(site.command(redis::CLIENT)?.args(["-p", &port, "cluster", "info"]))
}
