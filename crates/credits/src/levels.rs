use clock::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Credits, limits};

/// Shares of a window, in percent, that are worth telling when they are passed; rising.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Levels(Vec<u8>);

/// How far a window was when it was looked at last; to be kept, so that nothing is told twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelState {
    /// When the window began, in milliseconds.
    period: i64,
    /// The highest level that was told in it; 0 for none.
    told: u8,
}

/// A level that has just been passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The highest.
    pub level: u8,
    /// All that were passed since the last look, rising.
    pub passed: Vec<u8>,
}

impl Levels {
    /// These levels, in whatever order.
    #[must_use]
    pub fn of(levels: impl IntoIterator<Item = u8>) -> Self {
        let mut levels: Vec<u8> = levels.into_iter().filter(|level| *level > 0).collect();
        levels.sort_unstable();
        levels.dedup();
        Self(levels)
    }

    /// They themselves.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Looks at a window that began at `period`. Each level is told once in it, however often one
    /// looks; again only after the use has fallen well below it, as when the limit is raised.
    /// Levels passed at once are told together.
    pub fn judge(
        &self,
        state: &mut LevelState,
        period: Timestamp,
        used: Credits,
        limit: Credits,
    ) -> Option<Passed> {
        if state.period != period.as_millis() {
            *state = LevelState { period: period.as_millis(), told: 0 };
        }
        if limit.is_zero() {
            return None;
        }
        let is_reached =
            |level: u8| u128::from(used.get()) * 100 >= u128::from(limit.get()) * u128::from(level);
        let rearm = |level: u8| !is_reached(level.saturating_sub(limits::LEVEL_HYSTERESIS));
        while state.told > 0 && rearm(state.told) {
            let below = self.0.iter().rev().find(|level| **level < state.told);
            state.told = below.copied().unwrap_or(0);
        }
        let new = self.0.iter().copied().filter(|level| *level > state.told && is_reached(*level));
        let passed: Vec<u8> = new.collect();
        let level = *passed.last()?;
        state.told = level;
        Some(Passed { level, passed })
    }
}

#[cfg(test)]
mod tests;
