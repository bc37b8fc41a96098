//! All servers: who has which name, and what their outcomes mean together.

use std::{future::Future, time::Duration};

use cache_tiers::TierError;
use futures_util::future::join_all;

use crate::{
    MemcachedConfig, due::Due, metrics::Counters, names::Name, server::Server, trouble::Trouble,
};

/// All servers.
#[derive(Debug)]
pub(crate) struct Pool {
    pub(crate) config: MemcachedConfig,
    pub(crate) counters: Counters,
    servers: Vec<Server>,
}

impl Pool {
    pub(crate) fn new(config: MemcachedConfig) -> Self {
        let servers = (0..config.servers.len()).map(|index| Server::new(&config, index)).collect();
        Self { servers, counters: Counters::new(), config }
    }

    /// When a call that begins now has to be over.
    pub(crate) fn due(&self) -> Due {
        Due::within(Duration::from_millis(self.config.deadline_ms))
    }

    /// Asks each server about its names, side by side; the outcomes in the order of the names.
    pub(crate) async fn spread<'a, T, F>(
        &'a self,
        names: &[Name],
        ask: impl Fn(&'a Server, Vec<usize>) -> F,
    ) -> Vec<Result<T, Trouble>>
    where
        F: Future<Output = Vec<Result<T, Trouble>>>,
    {
        let mut shares: Vec<Vec<usize>> = vec![Vec::new(); self.servers.len()];
        for (index, name) in names.iter().enumerate() {
            shares[self.server_of(name)].push(index);
        }
        let asked = self.servers.iter().zip(&shares).filter(|(_, share)| !share.is_empty());
        let answers = join_all(asked.map(|(server, share)| ask(server, share.clone()))).await;
        let places = shares.into_iter().filter(|share| !share.is_empty()).flatten();
        let mut outcomes: Vec<(usize, Result<T, Trouble>)> =
            places.zip(answers.into_iter().flatten()).collect();
        outcomes.sort_unstable_by_key(|(index, _)| *index);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// What went wrong with all of it is an error, what went wrong with some keys is a count. While
    /// any server answers, the others cost their own keys only, even where a call was about no
    /// other.
    pub(crate) fn conclude<T>(&self, outcomes: &[Result<T, Trouble>]) -> Result<(), TierError> {
        let failed = || outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
        let n_failed = failed().count();
        if n_failed == outcomes.len() && !self.servers.iter().any(Server::is_alive) {
            let first = failed().next().cloned();
            return first.map_or(Ok(()), |trouble| Err(trouble.into_error()));
        }
        self.counters.of_tier.keys_failed.increment(n_failed as u64);
        Ok(())
    }

    pub(crate) async fn close(&self) {
        join_all(self.servers.iter().map(Server::close)).await;
    }

    /// Rendezvous hashing.
    fn server_of(&self, name: &Name) -> usize {
        let claims = self.servers.iter().map(|server| server.claim(name.as_str())).enumerate();
        claims.max_by_key(|(_, claim)| *claim).map_or(0, |(index, _)| index)
    }
}
