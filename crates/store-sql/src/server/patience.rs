use std::time::Duration;

use crate::{error, limits};

/// Bears being the victim of a deadlock, a few times.
#[derive(Debug, Default)]
pub(crate) struct Patience {
    n_borne: u32,
}

impl Patience {
    /// Waits a little and says yes if the same is worth trying again at once.
    pub(crate) async fn bears(&mut self, error: &sqlx::Error) -> bool {
        self.n_borne += 1;
        if !error::is_deadlock(error) || self.n_borne >= limits::DEADLOCK_TRIES_MAX {
            return false;
        }
        // Those who met would otherwise meet again.
        let spread = fastrand::u64(0..=u64::from(self.n_borne * self.n_borne) * 2);
        tokio::time::sleep(Duration::from_millis(spread)).await;
        true
    }
}
