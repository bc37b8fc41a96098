//! A Redis that speaks TLS only and knows one user.

use anyhow::Result;

use super::certificate::Certificate;
use super::ports;
use super::redis;
use super::site::Site;

const USER: &str = "cmc";
const PASSWORD: &str = "pw";

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let Certificate { authority, certificate, key } = Certificate::make(site)?;
    let port = ports::free()?.to_string();
    let settings = format!(
        "port 0\ntls-port {port}\ntls-auth-clients no\ndir {}\n\
         tls-cert-file {}\ntls-key-file {}\ntls-ca-cert-file {}\n\
         user default off\nuser {USER} on >{PASSWORD} ~* &* +@all\n",
        site.folder.display(),
        certificate.display(),
        key.display(),
        authority.display(),
    );
    let file = site.folder.join("redis.conf");
    std::fs::write(&file, settings)?;
    let mut command = site.command(redis::SERVER)?;
    command.arg(file);
    site.spawn("redis-tls", redis::with_common(command, &[]))?;
    site.until("Redis serves by TLS", || {
        let mut ask = site.command(redis::CLIENT)?;
        ask.args(["-h", "localhost", "-p", &port, "--tls", "--cacert"]).arg(&authority);
        ask.args(["--user", USER, "ping"]).env("REDISCLI_AUTH", PASSWORD);
        Ok(site.run(&mut ask).is_ok_and(|text| text.contains("PONG")))
    })?;
    Ok(vec![
        ("CMCACHE_TEST_REDIS_TLS", format!("rediss://{USER}:{PASSWORD}@localhost:{port}")),
        ("CMCACHE_TEST_REDIS_CA", authority.display().to_string()),
    ])
}
