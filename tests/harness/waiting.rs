//! Waiting for values.

use std::future::Future;
use std::time::{Duration, Instant};

/// Long enough for a busy machine, short enough to be noticed.
pub const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

/// A running stopwatch.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "tests of a real process live in real time")]
pub fn stopwatch() -> Instant {
    Instant::now()
}

/// Asks again and again until `look` finds something.
///
/// # Panics
/// When nothing was found within `patience`; the message says `what` was awaited.
pub async fn eventually<T>(
    what: &str,
    patience: Duration,
    mut look: impl FnMut() -> Option<T>,
) -> T {
    eventually_async(what, patience, || std::future::ready(look())).await
}

/// As [`eventually`], for a look that must itself wait.
///
/// # Panics
/// When nothing was found within `patience`; the message says `what` was awaited.
pub async fn eventually_async<T, F>(
    what: &str,
    patience: Duration,
    mut look: impl FnMut() -> F,
) -> T
where
    F: Future<Output = Option<T>>,
{
    let started = stopwatch();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < patience, "still waiting after {patience:?}: {what}");
        tokio::time::sleep(POLL).await;
    }
}
