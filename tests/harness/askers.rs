//! Many who ask at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

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

/// Askers in the background; they stop when this is dropped.
#[derive(Debug)]
pub struct Load {
    askers: JoinSet<()>,
    replies: Arc<Mutex<Vec<Result<Reply>>>>,
}

impl Load {
    /// `n_askers` share the targets, each taking the next as soon as it is answered.
    #[must_use]
    pub fn start(client: &Client, targets: Vec<String>, n_askers: usize) -> Self {
        let targets = Arc::new(targets);
        let next = Arc::new(AtomicUsize::new(0));
        let replies = Arc::default();
        let mut askers = JoinSet::new();
        for _ in 0..n_askers {
            let (targets, next) = (Arc::clone(&targets), Arc::clone(&next));
            askers.spawn(ask_in_turn(client.clone(), targets, next, Arc::clone(&replies)));
        }
        Self { askers, replies }
    }

    /// Waits until every target was asked for; the replies are in the order of their arrival.
    ///
    /// # Panics
    /// When an asker panics.
    pub async fn finish(mut self) -> Vec<Result<Reply>> {
        while let Some(asker) = self.askers.join_next().await {
            asker.expect("no asker panics");
        }
        std::mem::take(&mut self.replies.lock().expect("no asker panics"))
    }
}

async fn ask_in_turn(
    client: Client,
    targets: Arc<Vec<String>>,
    next: Arc<AtomicUsize>,
    replies: Arc<Mutex<Vec<Result<Reply>>>>,
) {
    while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
        let reply = client.try_get(target).await;
        replies.lock().expect("no asker panics").push(reply);
    }
}
