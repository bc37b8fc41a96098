//! Redis counts.

use harness::RedisServer;

use super::{bears, store::Store};

#[tokio::test(flavor = "multi_thread")]
async fn four_processes_never_overspend_what_redis_counts() {
    // Breaks: a kill, a cut line or a wrong clock at the wrong moment, and the bill is too high.
    let server = RedisServer::start().await;
    bears(&Store::redis(&server), 6).await;
}
