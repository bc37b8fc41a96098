use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use clock::{ManualClock, Timestamp};

use super::*;
use crate::{MemoryLeases, limits};

/// Leases that hang while they are told to.
#[derive(Debug)]
struct Hanging {
    inner: MemoryLeases,
    hangs: AtomicBool,
    n_calls: AtomicUsize,
}

#[async_trait]
impl Leases for Hanging {
    fn name(&self) -> &str {
        "hanging"
    }
    async fn take_many(
        &self,
        keys: &[Key],
        proposed: Version,
        length: Duration,
    ) -> Result<Vec<Lease>, TierError> {
        self.n_calls.fetch_add(1, Ordering::Relaxed);
        if self.hangs.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        self.inner.take_many(keys, proposed, length).await
    }
    async fn renew_many(&self, _: &[(Key, Version)], _: Duration) -> Result<Vec<bool>, TierError> {
        Ok(Vec::new())
    }
    async fn release_many(&self, _: &[(Key, Version)]) -> Result<(), TierError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn leases_that_hang_are_not_asked_for_a_while_and_then_again() {
    // Breaks: a frozen store adds its deadline to every load of every instance.
    let clock = ManualClock::at(Timestamp::from_millis(1_790_000_000_000));
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let hanging = Arc::new(Hanging {
        inner: MemoryLeases::new(Arc::clone(&shared)),
        hangs: AtomicBool::new(true),
        n_calls: AtomicUsize::new(0),
    });
    let inner = Arc::<Hanging>::clone(&hanging);
    let leases = GuardedLeases::new(inner, Duration::from_millis(100), shared);
    let key = [Key::new("k")];
    let take = || leases.take_many(&key, Version::ZERO, Duration::from_secs(1));
    for _ in 0..20 {
        assert!(take().await.is_err());
    }
    let n_calls = hanging.n_calls.load(Ordering::Relaxed);
    assert_eq!(n_calls, limits::TIER_FAILURES_TO_OPEN as usize);
    assert_eq!(take().await.unwrap_err().kind, TierErrorKind::Open);
    hanging.hangs.store(false, Ordering::Relaxed);
    clock.advance(limits::TIER_OPEN_FOR_MAX + limits::TIER_OPEN_JITTER);
    assert!(matches!(take().await.unwrap()[..], [Lease::Taken { .. }]));
}
