//! One operation with one outcome: where recording happens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::exemplar::Latest;
use crate::histogram::{Dense, Sample, Sketch};
use crate::limits::N_SHARDS;
use crate::monitor::Core;
use crate::rings::{self, Rings};
use crate::slow::{Slow, SlowCause};
use crate::timer::Timer;
use crate::window::Window;

/// A registered operation and outcome. Look it up once, keep it, clone it freely.
#[derive(Debug, Clone)]
pub struct Operation {
    pub(crate) core: Arc<Core>,
    pub(crate) series: Arc<Series>,
}

impl Operation {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.series.operation
    }

    /// Its outcome.
    #[must_use]
    pub fn outcome(&self) -> &str {
        &self.series.outcome
    }

    /// It took `elapsed` and ended `now`.
    pub fn record(&self, elapsed: Duration, now: Duration) {
        self.record_sample(Sample { elapsed, bytes: None }, now, SlowCause::default());
    }

    /// As [`record`](Self::record), with the memory it held at most, in bytes.
    pub fn record_sized(&self, elapsed: Duration, bytes: u64, now: Duration) {
        self.record_sample(Sample { elapsed, bytes: Some(bytes) }, now, SlowCause::default());
    }

    /// As [`record`](Self::record), with what is known of where the time went.
    pub fn record_split(&self, elapsed: Duration, cause: SlowCause, now: Duration) {
        self.record_sample(Sample { elapsed, bytes: None }, now, cause);
    }

    /// Starts a timer that will record here.
    pub fn start(&self, now: Duration) -> Timer {
        Timer::new(self.clone(), now)
    }

    fn record_sample(&self, sample: Sample, now: Duration, cause: SlowCause) {
        self.series.record(sample, now);
        if let Some(traces) = &self.core.config.traces {
            self.series.exemplar.offer(sample.elapsed.as_secs_f64(), traces);
        }
        if sample.elapsed >= self.core.config.slow_threshold {
            self.core.slow.push(Slow {
                operation: Arc::clone(&self.series.operation),
                outcome: Arc::clone(&self.series.outcome),
                elapsed: sample.elapsed,
                at: now,
                cause,
            });
        }
    }
}

/// The current slot as one group of threads fills it.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Shard {
    slot: u64,
    dense: Dense,
}

/// All that is known of one operation and outcome.
///
/// Locks are taken in one order: rings, then a shard. Recording takes a shard alone.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) operation: Arc<str>,
    pub(crate) outcome: Arc<str>,
    pub(crate) exemplar: Latest,
    shards: [Mutex<Shard>; N_SHARDS],
    rings: Mutex<Rings>,
}

impl Series {
    pub(crate) fn new(operation: &str, outcome: &str) -> Self {
        Self {
            operation: operation.into(),
            outcome: outcome.into(),
            exemplar: Latest::default(),
            shards: Default::default(),
            rings: Mutex::default(),
        }
    }

    fn record(&self, sample: Sample, now: Duration) {
        let slot = rings::slot_of(now);
        let shard = &self.shards[shard_of_this_thread()];
        let mut open = lock(shard);
        if open.slot < slot {
            drop(open);
            drop(self.advanced(slot));
            open = lock(shard);
        }
        open.dense.add(sample);
    }

    /// What `window` holds.
    pub(crate) fn read(&self, window: Window, now: Duration) -> Sketch {
        let rings = self.advanced(rings::slot_of(now));
        let mut sketch = Sketch::default();
        for shard in &self.shards {
            lock(shard).dense.read_into(&mut sketch);
        }
        rings.read_into(window, &mut sketch);
        sketch
    }

    /// Count and sum of its whole life.
    pub(crate) fn lifetime(&self) -> (u64, Duration) {
        let rings = lock(&self.rings);
        let mut sketch = Sketch::default();
        for shard in &self.shards {
            lock(shard).dense.read_into(&mut sketch);
        }
        let (count, sum) = rings.finished();
        (count.saturating_add(sketch.count()), sum.saturating_add(sketch.sum()))
    }

    /// Finishes the slot under recording if `slot` is a later one.
    fn advanced(&self, slot: u64) -> MutexGuard<'_, Rings> {
        let mut rings = lock(&self.rings);
        if rings.slot() < slot {
            let mut sketch = Sketch::default();
            for shard in &self.shards {
                let mut shard = lock(shard);
                shard.dense.drain_into(&mut sketch);
                shard.slot = slot;
            }
            rings.advance(slot, sketch);
        }
        rings
    }
}

/// A panic while holding one of these locks leaves counts that are at worst one short.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads differ in where their thread-local memory lies: no counter needs to be shared for this.
fn shard_of_this_thread() -> usize {
    thread_local!(static HERE: u8 = const { 0 });
    let address = HERE.with(|here| std::ptr::from_ref(here).addr() as u64);
    let mixed = (address >> 6).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
    usize::try_from(mixed).expect("16 bits fit") % N_SHARDS
}
