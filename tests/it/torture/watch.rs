//! A clock that somebody keeps setting.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use clock::{Clock, SystemClock, Timestamp};
use fastrand::Rng;

/// The noon at which every run begins: the middle of a day and of a month.
pub(super) const NOON: Timestamp = Timestamp::from_millis(1_791_979_200_000);
/// How far it is set at most: longer than a block is held, so that others believe it lost.
const STEP_MS_MAX: i64 = 400_000;

/// The system's clock, moved to a noon in the middle of a month, and then here and there.
#[derive(Debug)]
pub(super) struct Watch {
    began: Timestamp,
    offset_ms: AtomicI64,
}

impl Watch {
    /// Of a run that began at `began_ms` by the system's clock.
    pub(super) const fn since(began_ms: i64) -> Self {
        Self { began: Timestamp::from_millis(began_ms), offset_ms: AtomicI64::new(0) }
    }

    /// Sets it again and again, for ever: most of the time it is right.
    pub(super) async fn keep_setting(&self, mut rng: Rng) {
        loop {
            tokio::time::sleep(Duration::from_millis(rng.u64(50..250))).await;
            let offset = match rng.u8(..3) {
                0 => rng.i64(-STEP_MS_MAX..STEP_MS_MAX),
                _ => 0,
            };
            self.offset_ms.store(offset, Ordering::Relaxed);
        }
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        let passed = SystemClock.now().as_millis() - self.began.as_millis();
        let offset = self.offset_ms.load(Ordering::Relaxed);
        Timestamp::from_millis(NOON.as_millis() + passed + offset)
    }
}
