//! One Valkey, which has to be as good as a Redis.

use anyhow::Result;

use super::redis;
use super::site::Site;
use crate::tools::VALKEY_SERVER;

pub(super) fn start(site: &Site<'_>) -> Result<Vec<(&'static str, String)>> {
    let port = redis::spawn_program(site, VALKEY_SERVER, "valkey", &[])?;
    Ok(vec![("CMCACHE_TEST_VALKEY", format!("redis://127.0.0.1:{port}"))])
}
