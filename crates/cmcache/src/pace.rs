//! The pacer of a running gateway: what it is told, what it sets, what it remembers.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use credits::{Client, Funds, Memory, PaceSettings, Paced, Pacer, Priority};

use crate::{cmcache::Inner, config::Config, events::What, metrics, status::PaceStatus};

/// What was learned, in the data directory.
const FILE: &str = "pace.json";
/// A file larger than this was not written by us.
const FILE_BYTES_MAX: u64 = 4 << 20;
/// How often it is written: what is lost by a sudden death is learned again.
const SAVE_EVERY: Duration = Duration::from_secs(600);
/// Lots that the status names.
const LOTS_SHOWN: usize = 20;

/// The pacer, and what it said last.
#[derive(Debug)]
pub(crate) struct Pacemaker(Mutex<State>);

#[derive(Debug)]
struct State {
    pacer: Pacer,
    last: Option<Paced>,
    saved: Option<Timestamp>,
    file: Option<PathBuf>,
}

impl Pacemaker {
    /// With what an earlier run has learned, if it can be read.
    pub(crate) fn new(config: &Config) -> Self {
        let file = config.is_kept().then(|| config.data_dir.join(FILE));
        let memory = file.as_deref().map(read).unwrap_or_default();
        let pacer = Pacer::remembering(settings(config, false), memory);
        Self(Mutex::new(State { pacer, last: None, saved: None, file }))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was learned, if there is a place for it.
    pub(crate) fn save(&self) {
        let state = self.lock();
        let Some(file) = &state.file else { return };
        if let Err(error) = write(file, state.pacer.memory()) {
            tracing::warn!(%error, "what was learned of the demand could not be written");
        }
    }
}

impl Inner {
    /// Tells the pacer what is left, and lets what it says hold. While nobody can tell what is
    /// left, what it said last holds on.
    pub(crate) async fn pace(&self) {
        let account = self.engine.account();
        let Ok(usage) = account.usage().await else { return };
        let now = self.clock.now();
        let funds = Funds::of(&account.budget(), &usage, now);
        let is_due = {
            let mut state = self.pacemaker.lock();
            state.pacer.set(settings(&self.config, self.has_essential()));
            let paced = self.engine.pacing().tick(&mut state.pacer, now, &funds);
            metrics::pace(&paced);
            if paced.step != paced.before {
                self.watching.events.publish(now, changed(&paced));
            }
            state.last = Some(paced);
            let is_due = state.saved.is_some_and(|saved| now.since(saved) >= SAVE_EVERY);
            // A clock that was set back must not keep it from being written for years.
            if is_due || state.saved.is_none_or(|saved| saved > now) {
                state.saved = Some(now);
            }
            is_due
        };
        if is_due {
            self.pacemaker.save();
        }
    }

    fn has_essential(&self) -> bool {
        let is_essential = |client: &Client| client.quota().priority == Priority::Essential;
        self.clients.all().iter().any(is_essential)
    }

    /// What pacing does at present; `None` where it is off.
    pub(crate) fn pace_status(&self) -> Option<PaceStatus> {
        if !self.engine.pacing().is_on() {
            return None;
        }
        let state = self.pacemaker.lock();
        let since = state.pacer.ladder().since();
        let ages = self.engine.pacing().moved(LOTS_SHOWN);
        Some(PaceStatus::of(&state.last.clone().unwrap_or_default(), since, ages))
    }
}

/// Nothing is kept for essential clients where there are none.
fn settings(config: &Config, has_essential: bool) -> PaceSettings {
    let essential = if has_essential { config.pace.essential } else { 0 };
    PaceSettings {
        reserve_permille: config.pace.reserve.saturating_mul(10),
        essential_permille: essential.saturating_mul(10),
    }
}

/// The ladder has moved; the numbers say why.
fn changed(paced: &Paced) -> What {
    let (planned, wanted) = (paced.outlook.planned.round(), paced.outlook.at_least.round());
    let reason = format!("{planned} credits until the reset, {wanted} wanted");
    What::PaceChanged {
        from: paced.before.name().into(),
        to: paced.step.name().into(),
        reason: reason.into(),
    }
}

fn read(file: &Path) -> Memory {
    let text = match std::fs::metadata(file) {
        Ok(file) if file.len() > FILE_BYTES_MAX => Err(io::Error::other("it is too large")),
        Ok(_) => std::fs::read(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Memory::default(),
        Err(error) => Err(error),
    };
    let memory = text.and_then(|text| serde_json::from_slice(&text).map_err(io::Error::from));
    memory.unwrap_or_else(|error| {
        tracing::warn!(%error, "what was learned of the demand cannot be read: learned anew");
        Memory::default()
    })
}

/// Into a new file that takes the place of the old one: never half of one.
fn write(file: &Path, memory: &Memory) -> io::Result<()> {
    let new = file.with_extension("new");
    std::fs::write(&new, serde_json::to_vec(memory)?)?;
    std::fs::rename(new, file)
}

#[cfg(test)]
mod tests;
