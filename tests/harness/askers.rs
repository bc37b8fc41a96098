//! Many who ask at once.

use std::sync::Arc;

use anyhow::Result;
use futures_util::StreamExt;
use futures_util::stream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::client::{Client, Reply};

/// Every target has its own asker, and none asks before all are connected.
///
/// The connection is opened by a free request first, so that the questions leave together.
///
/// # Panics
/// When an asker panics, or is not answered at all.
pub async fn ask_all_at_once(client: &Client, targets: &[String]) -> Vec<Reply> {
    let barrier = Arc::new(Barrier::new(targets.len()));
    let mut askers = JoinSet::new();
    for (index, target) in targets.iter().cloned().enumerate() {
        let (client, barrier) = (client.clone(), Arc::clone(&barrier));
        askers.spawn(async move {
            client.get("/livez").await;
            barrier.wait().await;
            (index, client.get(&target).await)
        });
    }
    let mut replies = askers.join_all().await;
    replies.sort_by_key(|(index, _)| *index);
    replies.into_iter().map(|(_, reply)| reply).collect()
}

/// Asks all targets, `n_askers` at a time; the replies are in the order of the targets.
pub async fn ask_all(client: &Client, targets: &[String], n_askers: usize) -> Vec<Result<Reply>> {
    stream::iter(targets)
        .map(|target| client.try_get(target))
        .buffered(n_askers.max(1))
        .collect()
        .await
}
