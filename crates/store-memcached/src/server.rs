//! One server: its connections, and whether it is worth asking.

mod health;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use cache_tiers::TierErrorKind;
use clock::Stopwatch;
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, join_all},
};
use memcache::exp::{AsyncMetaClient, Error, Operation};
use tokio::sync::{Semaphore, SemaphorePermit};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use crate::{
    MemcachedConfig, config,
    cost::Cost,
    due::Due,
    metrics::ServerCounters,
    server::health::{Health, Turn},
    trouble::{self, Trouble, Whose},
};

/// A client whose address is being looked up, or was. Whoever needs it pushes it on; it survives
/// those who stop waiting.
type Connecting = Shared<BoxFuture<'static, Result<AsyncMetaClient, Arc<Error>>>>;

/// One server. Nothing is looked up or dialled before the first exchange.
pub(crate) struct Server {
    address: String,
    seed: u64,
    connect_timeout: Duration,
    io_timeout: Duration,
    connections_max: usize,
    connections: Semaphore,
    state: Mutex<State>,
    /// Since it was named: what its health is told as now.
    watch: Stopwatch,
    counters: ServerCounters,
}

#[derive(Default)]
struct State {
    connecting: Option<Connecting>,
    health: Health,
}

impl Server {
    pub(crate) fn new(config: &MemcachedConfig, index: usize) -> Self {
        let address = config::place(&config.servers[index]).to_owned();
        Self {
            seed: xxh3_64(address.as_bytes()),
            address,
            connect_timeout: Duration::from_millis(config.connect_timeout_ms),
            io_timeout: Duration::from_millis(config.deadline_ms),
            connections_max: config.connections_max,
            connections: Semaphore::new(config.connections_max),
            state: Mutex::default(),
            watch: Stopwatch::start(),
            counters: ServerCounters::new(index),
        }
    }

    /// How much it claims a name; the server with the highest claim has it. A server that is gone
    /// gives its own names to the others and moves no further one.
    pub(crate) fn claim(&self, name: &str) -> u64 {
        xxh3_64_with_seed(name.as_bytes(), self.seed)
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn is_alive(&self) -> bool {
        self.state().health.is_alive()
    }

    /// One outcome per operation, in their order; done when it is `due`. As many exchanges as
    /// `cost` makes it, side by side.
    pub(crate) async fn run<O>(
        &self,
        operations: Vec<O>,
        cost: &Cost<O>,
        due: Due,
    ) -> Vec<Result<O::Output, Trouble>>
    where
        O: Operation + Send + Sync,
        O::Output: Send,
    {
        let parts = cost.cut(operations).into_iter();
        let exchanges = parts.map(|part| async move {
            let n_operations = part.len();
            let answers = self.exchange(part, due).await;
            answers
                .unwrap_or_else(|trouble| (0..n_operations).map(|_| Err(trouble.clone())).collect())
        });
        join_all(exchanges).await.into_iter().flatten().collect()
    }

    /// Lets calls under way end, for a while, and lets no other begin.
    pub(crate) async fn close(&self) {
        let all = u32::try_from(self.connections_max).unwrap_or(u32::MAX);
        let ended = self.connections.acquire_many(all);
        let in_time = tokio::time::timeout(self.io_timeout, ended).await.is_ok();
        self.connections.close();
        *self.state() = State::default();
        tracing::debug!(server = self.address, in_time, "closed");
    }

    async fn exchange<O>(
        &self,
        operations: Vec<O>,
        due: Due,
    ) -> Result<Vec<Result<O::Output, Trouble>>, Trouble>
    where
        O: Operation + Send + Sync,
        O::Output: Send,
    {
        let _connection = self.connection(due).await?;
        let turn = self.state().health.turn(self.watch.elapsed());
        if turn == Turn::Rest {
            return Err(Trouble::new(TierErrorKind::Unavailable, Whose::Servers));
        }
        let had = due.left();
        let asked = due.wait(self.ask(operations)).await;
        // What we have left over for it is our own fault, not the server's.
        let whose = if had * 2 < self.io_timeout { Whose::Ours } else { Whose::Servers };
        let answers = asked.unwrap_or_else(|_| Err(Trouble::new(TierErrorKind::TimedOut, whose)));
        self.note(&answers);
        answers
    }

    async fn connection(&self, due: Due) -> Result<SemaphorePermit<'_>, Trouble> {
        match due.wait(self.connections.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Trouble::new(TierErrorKind::Unavailable, Whose::Servers)),
            Err(_) => Err(Trouble::new(TierErrorKind::TimedOut, Whose::Ours)),
        }
    }

    async fn ask<O>(&self, operations: Vec<O>) -> Result<Vec<Result<O::Output, Trouble>>, Trouble>
    where
        O: Operation + Send + Sync,
        O::Output: Send,
    {
        let connecting = self.connecting();
        let client = connecting.await?;
        let answers = client.run_many(operations).await.map_err(Arc::new)?;
        Ok(trouble::settle(answers))
    }

    fn connecting(&self) -> Connecting {
        let mut state = self.state();
        state.connecting.get_or_insert_with(|| self.connect().boxed().shared()).clone()
    }

    /// Only looks the address up: connections are dialled when they are needed.
    fn connect(&self) -> impl Future<Output = Result<AsyncMetaClient, Arc<Error>>> + Send + use<> {
        let builder = AsyncMetaClient::builder()
            .connect_timeout(Some(self.connect_timeout))
            .io_timeout(Some(self.io_timeout))
            .max_idle(self.connections_max);
        let address = self.address.clone();
        async move { builder.connect_async(address).await.map_err(Arc::new) }
    }

    /// Remembers how it went. A server that begins to rest is looked up anew afterwards: it may
    /// have moved.
    fn note<T>(&self, answers: &Result<Vec<Result<T, Trouble>>, Trouble>) {
        let is_its = |trouble: &&Trouble| trouble.whose == Whose::Servers;
        let failed = match answers {
            Err(trouble) => Some(trouble),
            Ok(answers) => answers.iter().filter_map(|answer| answer.as_ref().err()).find(is_its),
        };
        let failed = failed.filter(is_its);
        let mut state = self.state();
        let Some(trouble) = failed else {
            if answers.is_ok() && state.health.went_well() {
                self.counters.resting.set(0.0);
                tracing::info!(server = self.address, "answers again");
            }
            return;
        };
        self.counters.failures.increment(1);
        let begins_to_rest = state.health.went_wrong(self.watch.elapsed());
        if state.health.is_resting() {
            state.connecting = None;
        }
        if begins_to_rest {
            self.counters.resting.set(1.0);
            tracing::warn!(server = self.address, kind = %trouble.kind, "does not answer");
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = self.state().health.clone();
        f.debug_struct("Server").field("address", &self.address).field("health", &health).finish()
    }
}
