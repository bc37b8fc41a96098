use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{
    Capability, Entry, Key, Tier, TierCounters, TierError, Timestamp, limits::KEY_BYTES_MAX,
};

use crate::{
    database::{Database, FrameRow},
    error, limits,
};

/// A table of entries: survives restarts, and costs a disk access.
#[derive(Clone, Debug)]
pub struct SqlTier {
    name: &'static str,
    database: Arc<dyn Database>,
    counters: Arc<TierCounters>,
}

impl SqlTier {
    pub(crate) fn new(name: &'static str, database: Arc<dyn Database>) -> Self {
        Self { name, database, counters: Arc::new(TierCounters::new(name)) }
    }

    /// Forgets at most `max_rows` entries that nobody may use any more, and says how many those
    /// were. It goes in small steps that let writers in between; fewer than `max_rows` means that
    /// there are no more, or that others are busy with them.
    ///
    /// # Errors
    /// The database does not let us; steps done so far stay done.
    pub async fn prune(&self, now: Timestamp, max_rows: usize) -> Result<u64, TierError> {
        let mut n_left = max_rows;
        let mut n_pruned = 0;
        while n_left > 0 {
            let step = n_left.min(limits::PRUNE_STEP_ROWS_MAX);
            let pruned = match self.database.prune_frames(now, step).await {
                // They go the next time.
                Err(error) if error::is_busy(&error) && self.database.is_shared() => break,
                pruned => pruned.map_err(|error| error::tier(self.name, error))?,
            };
            n_pruned += pruned;
            if pruned < step as u64 {
                break;
            }
            n_left -= step;
        }
        Ok(n_pruned)
    }

    /// What cannot be read is a miss: the next put replaces it if it is newer, pruning removes it.
    fn decode(&self, frame: Vec<u8>) -> Option<Entry> {
        let entry = Entry::decode(Bytes::from(frame)).ok();
        if entry.is_none() {
            self.counters.undecodable.increment(1);
        }
        entry
    }
}

#[async_trait]
impl Tier for SqlTier {
    fn name(&self) -> &str {
        self.name
    }

    fn capability(&self) -> Capability {
        Capability {
            local: false,
            shared: self.database.is_shared(),
            persistent: true,
            max_key_bytes: KEY_BYTES_MAX,
            max_value_bytes: self.database.frame_bytes_max(),
        }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        let rows = self.database.frames(keys).await;
        let rows = rows.map_err(|error| error::tier(self.name, error))?;
        let held: HashMap<String, Option<Entry>> =
            rows.into_iter().map(|(key, frame)| (key, self.decode(frame))).collect();
        Ok(keys.iter().map(|key| held.get(key.as_str()).cloned().flatten()).collect())
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let capability = self.capability();
        let fitting = items.iter().filter(|(key, entry)| capability.takes(key, entry));
        let put = self.database.put_frames(&newest(fitting)).await;
        put.map_err(|error| error::tier(self.name, error))
    }

    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        let removed = self.database.remove_frames(keys).await;
        removed.map_err(|error| error::tier(self.name, error))
    }
}

/// One row per key, the newest, of equals the last, in the order of keys: who locks rows in one
/// order locks nobody out who does the same.
fn newest<'a>(items: impl Iterator<Item = &'a (Key, Entry)>) -> Vec<FrameRow> {
    let mut newest = BTreeMap::<&Key, &Entry>::new();
    for (key, entry) in items {
        let kept = newest.entry(key).or_insert(entry);
        if entry.meta.version >= kept.meta.version {
            *kept = entry;
        }
    }
    newest.into_iter().map(|(key, entry)| row(key, entry)).collect()
}

fn row(key: &Key, entry: &Entry) -> FrameRow {
    FrameRow {
        key: key.clone(),
        version: i64::try_from(entry.meta.version.to_bits()).unwrap_or(i64::MAX),
        usable_until: entry.meta.usable_until.as_millis(),
        frame: entry.encode().to_vec(),
    }
}
