//! Paid calls, paused by an operator: until somebody lets them go on, only what is cached is
//! served.
//!
//! It outlives a restart, and holds for all instances with a shared store: the last word counts.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use clock::{Clock, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    cmcache::{Cmcache, Inner},
    events::What,
    keeping::Keeping,
};

/// In the data directory.
const FILE: &str = "pause.json";
/// Under which name it hangs where all instances see it.
const PIN: &str = "pause";
/// How long it hangs there; instances that run put it up again.
const PIN_LIFE: Duration = Duration::from_secs(30 * 86_400);

/// What was said last of paid calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Whether they are paused.
    pub paused: bool,
    /// When that was said, in milliseconds since 1970; 0: never.
    pub since_ms: i64,
}

/// What was said, and where that is kept.
#[derive(Debug)]
pub(crate) struct Pausing {
    said: Mutex<Pause>,
    file: Keeping,
}

impl Pausing {
    /// As an earlier run has left it.
    pub(crate) fn open(dir: &Path) -> Self {
        let file = Keeping::of(dir, FILE);
        Self { said: Mutex::new(file.read()), file }
    }

    pub(crate) fn said(&self) -> Pause {
        *self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes `new` if it was said later than what is known. Says whether it was.
    fn hear(&self, new: Pause) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let is_news = new.since_ms > said.since_ms;
        if is_news {
            *said = new;
        }
        is_news
    }
}

impl Cmcache {
    /// Pauses paid calls, or lets them go on: here at once, and at other instances with the same
    /// shared store within seconds. What is under way ends; what is free is still asked for.
    ///
    /// # Cancel safety
    ///
    /// Dropped at any await, it holds here, and the others are told later.
    pub async fn pause(&self, paused: bool) -> Pause {
        let inner = self.inner();
        let known = inner.pausing.said();
        if known.paused != paused {
            // A clock that was set back must not keep the last word from being the last.
            let now = inner.clock.now().as_millis().max(known.since_ms + 1);
            inner.take_pause(Pause { paused, since_ms: now });
            inner.sync_pause().await;
        }
        inner.pausing.said()
    }

    /// Whether paid calls are paused.
    #[must_use]
    pub fn paused(&self) -> Pause {
        self.inner().pausing.said()
    }
}

impl Inner {
    /// Takes what was said, if it is news.
    fn take_pause(&self, new: Pause) {
        let before = self.pausing.said();
        if !self.pausing.hear(new) {
            return;
        }
        self.engine.account().stop(new.paused);
        self.pausing.file.write(&new);
        if before.paused != new.paused {
            let word = |pause: Pause| if pause.paused { "paused" } else { "running" };
            tracing::warn!(paused = new.paused, "an operator decided on paid calls");
            self.watching.events.publish(
                self.clock.now(),
                What::PaceChanged {
                    from: word(before).into(),
                    to: word(new).into(),
                    reason: "an operator said so".into(),
                },
            );
        }
    }

    /// Puts in force what an earlier run was told.
    pub(crate) fn resume_pause(&self) {
        self.engine.account().stop(self.pausing.said().paused);
    }

    /// Learns what other instances were told, or tells them.
    pub(crate) async fn sync_pause(&self) {
        if !self.engine.is_shared() {
            return;
        }
        let pinned = self.engine.pinned(PIN).await;
        let pinned: Option<Pause> = pinned.and_then(|text| serde_json::from_str(&text).ok());
        let own = self.pausing.said();
        match pinned {
            Some(pinned) if pinned.since_ms >= own.since_ms => self.take_pause(pinned),
            _ if own.since_ms > 0 => {
                if let Ok(text) = serde_json::to_string(&own) {
                    self.engine.pin(PIN, text, PIN_LIFE).await;
                }
            }
            _ => {}
        }
    }

    /// Since when paid calls are paused, if they are.
    pub(crate) fn paused_since(&self) -> Option<Timestamp> {
        let said = self.pausing.said();
        said.paused.then(|| Timestamp::from_millis(said.since_ms))
    }
}

#[cfg(test)]
mod tests;
