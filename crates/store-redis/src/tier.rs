//! Entries in Redis: a batch is one question.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{
    Capability, Clock, Entry, Key, SystemClock, Tier, TierCounters, TierError,
    limits::KEY_BYTES_MAX,
};
use futures_util::future::try_join_all;
use redis::RedisResult;

use crate::{
    error::{self, NAME},
    limits,
    link::Link,
    names,
    scripts::{self, Item},
};

/// The tier in Redis.
#[derive(Clone, Debug)]
pub struct RedisTier {
    link: Arc<Link>,
    prefix: Arc<str>,
    compress_min_bytes: usize,
    counters: Arc<TierCounters>,
}

impl RedisTier {
    pub(crate) fn new(link: Arc<Link>, prefix: Arc<str>, compress_min_bytes: usize) -> Self {
        Self { link, prefix, compress_min_bytes, counters: Arc::new(TierCounters::new(NAME)) }
    }

    /// The values under these names, as they are.
    async fn values(&self, keys: &[Key]) -> RedisResult<Vec<Option<Vec<u8>>>> {
        let mget = |some: &[Key]| {
            let mut command = redis::cmd("MGET");
            some.iter().for_each(|key| {
                command.arg(names::entry(&self.prefix, key));
            });
            command
        };
        let chunks = keys.chunks(limits::KEYS_PER_COMMAND_MAX).map(mget);
        let values: Vec<Vec<Option<Vec<u8>>>> = if self.link.is_cluster() {
            let commands: Vec<_> = chunks.collect();
            try_join_all(commands.iter().map(|command| self.link.run(command))).await?
        } else {
            let mut pipe = redis::pipe();
            chunks.for_each(|command| {
                pipe.add_command(command);
            });
            self.link.run_all(&pipe).await?
        };
        Ok(values.into_iter().flatten().collect())
    }

    /// What cannot be read is a miss and goes, so that it is not read again and again.
    async fn drop_unreadable(&self, odd: Vec<Item>) {
        if odd.is_empty() {
            return;
        }
        self.counters.undecodable.increment(odd.len() as u64);
        let dropped: RedisResult<Vec<i64>> =
            scripts::run(&self.link, &scripts::DROP, &[], &odd).await;
        if let Err(error) = dropped {
            tracing::debug!(%error, "unreadable entries stay until somebody replaces them");
        }
    }

    fn item(&self, key: &Key, entry: &Entry) -> Item {
        let left = entry.meta.usable_until.since(SystemClock.now());
        let life = left.clamp(Duration::from_millis(1), limits::LIFE_MAX);
        let frame = entry.encode_with(self.compress_min_bytes);
        Item {
            name: names::entry(&self.prefix, key),
            arguments: vec![frame.to_vec(), life.as_millis().to_string().into_bytes()],
        }
    }
}

#[async_trait]
impl Tier for RedisTier {
    fn name(&self) -> &str {
        NAME
    }

    fn capability(&self) -> Capability {
        Capability {
            local: false,
            shared: true,
            persistent: false,
            max_key_bytes: KEY_BYTES_MAX,
            max_value_bytes: limits::FRAME_BYTES_MAX,
        }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let values = self.values(keys).await.map_err(error::tier)?;
        let (mut held, mut odd) = (Vec::with_capacity(keys.len()), Vec::new());
        for (key, value) in keys.iter().zip(values) {
            let bytes = value.map(Bytes::from);
            let entry = bytes.clone().and_then(|bytes| Entry::decode(bytes).ok());
            if let (Some(bytes), None) = (bytes, &entry) {
                let name = names::entry(&self.prefix, key);
                odd.push(Item { name, arguments: vec![bytes.to_vec()] });
            }
            held.push(entry);
        }
        self.drop_unreadable(odd).await;
        Ok(held)
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let capability = self.capability();
        let now = SystemClock.now();
        let fitting = items
            .iter()
            .filter(|(key, entry)| capability.takes(key, entry) && entry.meta.usable_until > now);
        let items: Vec<Item> = fitting.map(|(key, entry)| self.item(key, entry)).collect();
        let kept: RedisResult<Vec<i64>> =
            scripts::run(&self.link, &scripts::PUT, &[], &items).await;
        kept.map(drop).map_err(error::tier)
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut command = redis::cmd("DEL");
        keys.iter().for_each(|key| {
            command.arg(names::entry(&self.prefix, key));
        });
        self.link.run::<i64>(&command).await.map(drop).map_err(error::tier)
    }
}
