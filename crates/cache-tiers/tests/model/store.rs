//! A far store: frames as bytes behind a network that fails in every way.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Capability, Entry, Key, Tier, TierError, TierErrorKind, Timestamp, Version};
use tokio::time::{Instant, sleep};

use crate::dice::Dice;

/// How a store is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Fine,
    /// Nothing is done, and it says so.
    Dead,
    /// Everything is done, and the answer is lost.
    Mute,
    /// Nothing ever comes back, and nothing is done.
    Hung,
    /// Reads work, writes are refused.
    ReadOnly,
    /// It takes so many milliseconds, and does its work whether or not anybody still waits.
    Slow(u64),
}

/// What instances share.
#[derive(Debug)]
pub(crate) struct SimStore {
    name: String,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    frames: BTreeMap<Key, Bytes>,
    mode: Mode,
    /// Which instances cannot reach it.
    is_cut: [bool; 2],
    /// Writes on their way.
    late: Vec<(Instant, Vec<(Key, Bytes)>)>,
    dice: Dice,
}

impl SimStore {
    pub(crate) fn new(name: &str, dice: Dice) -> Arc<Self> {
        let state = State {
            frames: BTreeMap::new(),
            mode: Mode::Fine,
            is_cut: [false; 2],
            late: Vec::new(),
            dice,
        };
        Arc::new(Self { name: name.to_owned(), state: Mutex::new(state) })
    }

    pub(crate) fn set_mode(&self, mode: Mode) {
        self.state().mode = mode;
    }

    pub(crate) fn set_cut(&self, instance: usize, is_cut: bool) {
        self.state().is_cut[instance] = is_cut;
    }

    /// All that was on its way is lost as well.
    pub(crate) fn wipe(&self) {
        let mut state = self.state();
        state.frames.clear();
        state.late.clear();
    }

    /// Forgets one key, but no tombstone that is in force: that is what their life is for.
    pub(crate) fn evict(&self, key: &Key, now: Timestamp) {
        let mut state = self.state();
        let is_needed = state
            .entry(key)
            .is_some_and(|entry| entry.meta.is_tombstone() && entry.meta.usable_until > now);
        if !is_needed {
            state.frames.remove(key);
        }
    }

    /// As another release writes it: what it holds of its own is not for this one.
    pub(crate) fn plant_foreign(&self, key: &Key, frame: Bytes) {
        self.state().put(key.clone(), frame);
    }

    /// What it holds, if this release can read it.
    pub(crate) fn held(&self, key: &Key) -> Option<Entry> {
        let mut state = self.state();
        state.settle();
        state.entry(key)
    }

    /// Waits as the mode says; what it says about the call, and whether the read happened early.
    async fn pass(&self, instance: usize, is_write: bool) -> Result<bool, TierError> {
        let (mode, latency, is_early) = {
            let mut state = self.state();
            let mode = if state.is_cut[instance] { Mode::Dead } else { state.mode };
            let latency = match mode {
                Mode::Slow(ms) => ms,
                _ => state.dice.below(4),
            };
            (mode, latency, state.dice.percent(50))
        };
        match mode {
            Mode::Hung => std::future::pending().await,
            Mode::Dead => return Err(self.error(TierErrorKind::Unavailable)),
            Mode::ReadOnly if is_write => return Err(self.error(TierErrorKind::Rejected)),
            Mode::Fine | Mode::Mute | Mode::ReadOnly | Mode::Slow(_) => {}
        }
        if !is_early || is_write {
            sleep(Duration::from_millis(latency)).await;
        }
        Ok(mode == Mode::Mute)
    }

    async fn get(&self, instance: usize, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        let is_mute = self.pass(instance, false).await?;
        let held = {
            let mut state = self.state();
            state.settle();
            keys.iter().map(|key| state.entry(key)).collect()
        };
        // What was read may be old by the time it arrives.
        let back = self.state().dice.below(4);
        sleep(Duration::from_millis(back)).await;
        if is_mute { Err(self.error(TierErrorKind::Unavailable)) } else { Ok(held) }
    }

    async fn put(&self, instance: usize, items: &[(Key, Entry)]) -> Result<(), TierError> {
        let frames = items.iter().map(|(key, entry)| (key.clone(), entry.encode())).collect();
        self.send(instance, frames);
        let is_mute = self.pass(instance, true).await?;
        self.state().settle();
        if is_mute { Err(self.error(TierErrorKind::Unavailable)) } else { Ok(()) }
    }

    /// A write leaves, and arrives when it arrives.
    fn send(&self, instance: usize, frames: Vec<(Key, Bytes)>) {
        let mut state = self.state();
        let delay = match state.mode {
            _ if state.is_cut[instance] => return,
            Mode::Dead | Mode::Hung | Mode::ReadOnly => return,
            Mode::Slow(ms) => ms,
            Mode::Fine | Mode::Mute => 0,
        };
        state.late.push((Instant::now() + Duration::from_millis(delay), frames));
    }

    fn error(&self, kind: TierErrorKind) -> TierError {
        TierError::new(&self.name, kind)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    fn settle(&mut self) {
        let now = Instant::now();
        let (due, late): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.late).into_iter().partition(|(at, _)| *at <= now);
        self.late = late;
        for (key, frame) in due.into_iter().flat_map(|(_, frames)| frames) {
            self.put(key, frame);
        }
    }

    /// If newer: as the scripts of stores do it, by eight bytes of the frame.
    fn put(&mut self, key: Key, frame: Bytes) {
        let is_older = self.frames.get(&key).is_some_and(|held| version(held) > version(&frame));
        if !is_older {
            self.frames.insert(key, frame);
        }
    }

    fn entry(&self, key: &Key) -> Option<Entry> {
        Entry::decode(self.frames.get(key)?.clone()).ok()
    }
}

fn version(frame: &[u8]) -> Version {
    let bits = frame.get(12..20).map_or([0; 8], |bits| bits.try_into().unwrap());
    Version::from_bits(u64::from_le_bytes(bits))
}

/// One instance's way to a store.
#[derive(Debug)]
pub(crate) struct SimTier {
    pub(crate) store: Arc<SimStore>,
    pub(crate) instance: usize,
}

#[async_trait]
impl Tier for SimTier {
    fn name(&self) -> &str {
        &self.store.name
    }

    fn capability(&self) -> Capability {
        Capability {
            local: false,
            shared: true,
            persistent: true,
            max_key_bytes: 250,
            max_value_bytes: 1 << 20,
        }
    }

    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        self.store.get(self.instance, keys).await
    }

    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.store.put(self.instance, items).await
    }

    async fn remove_many(&self, _: &[Key]) -> Result<(), TierError> {
        // A stack buries in far tiers; a plain removal would lose the tombstone.
        Err(self.store.error(TierErrorKind::Broken))
    }
}
