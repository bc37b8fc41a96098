use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared, join_all},
};
use tokio::sync::watch;

use crate::{Check, CheckReport, Effect, Finding, Group, Report, Status};

/// Where the process stands in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Not ready yet.
    Starting,
    /// Serving.
    #[default]
    Serving,
    /// Going down: no new work, please.
    Draining,
}

/// Runs checks, remembers what they found, and judges groups of them.
pub struct Registry {
    parts: Vec<Part>,
    holds: Duration,
    phase: watch::Sender<Phase>,
}

struct Part {
    check: Arc<dyn Check>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<(Finding, Duration)>,
    /// The run under way: whoever asks meanwhile waits for the same one.
    running: Option<Run>,
}

/// One look at a part. It stands still while nobody waits for it.
#[derive(Clone)]
struct Run {
    started: Duration,
    result: Shared<BoxFuture<'static, Finding>>,
}

impl Registry {
    /// Without checks; a finding holds for `holds` unless its check says otherwise.
    #[must_use]
    pub fn new(holds: Duration) -> Self {
        Self { parts: Vec::new(), holds, phase: watch::Sender::default() }
    }

    /// With a further check.
    #[must_use]
    pub fn with(mut self, check: impl Check) -> Self {
        self.parts.push(Part { check: Arc::new(check), state: Mutex::default() });
        self
    }

    /// Of a process that is not ready before [`Registry::begin`].
    #[must_use]
    pub fn starting(self) -> Self {
        self.enter(Phase::Starting);
        self
    }

    /// Ends the start, if it has not ended yet: a process that is going down already does not come
    /// back. Says whether it has ended now.
    pub fn begin(&self) -> bool {
        self.phase.send_if_modified(|phase| {
            let is_starting = *phase == Phase::Starting;
            if is_starting {
                *phase = Phase::Serving;
            }
            is_starting
        })
    }

    /// Waits for the end of the start; at once, where it has ended.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing.
    pub async fn started(&self) {
        let mut phase = self.phase.subscribe();
        // It cannot close: the sender is ours.
        drop(phase.wait_for(|phase| *phase != Phase::Starting).await);
    }

    /// Says where the process stands. While it starts or drains, it is alive but not ready. While
    /// it drains nothing is looked at any more, and looks that nobody waits for are dropped: one
    /// that stands still would hold what it looks at, a connection for instance, for ever.
    pub fn enter(&self, phase: Phase) {
        self.phase.send_replace(phase);
        if phase == Phase::Draining {
            let left = self.parts.iter().map(|part| part.state().running.take());
            // Together, and not under a lock.
            drop(left.collect::<Vec<_>>());
        }
    }

    /// Where the process stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        *self.phase.borrow()
    }

    /// Judges `group` at `now`. Checks whose finding still holds are not run again, and however
    /// many ask at once, each check runs once.
    ///
    /// # Cancel safety
    ///
    /// Dropping it loses nothing: a run that was begun is continued by the next asker, or begun
    /// afresh if its deadline is over.
    pub async fn report(&self, group: Group, now: Duration) -> Report {
        let members: Vec<(&Part, Effect)> =
            self.parts.iter().filter_map(|part| Some((part, part.effect_on(group)?))).collect();
        let runs = members.iter().map(|(part, _)| part.find(now, self.holds, &self.phase));
        let findings = join_all(runs).await;
        let judged = members.into_iter().zip(findings).map(|((part, effect), (finding, at))| {
            let status = match (effect, finding.status) {
                (Effect::Warning, Status::Unhealthy) => Status::Degraded,
                (_, status) => status,
            };
            CheckReport {
                name: part.check.name().to_owned(),
                status,
                finding,
                age: now - at.min(now),
            }
        });
        Report::new(self.own(group), judged.collect())
    }

    /// What the phase alone makes of a group.
    fn own(&self, group: Group) -> (Status, &'static str) {
        match (group, self.phase()) {
            (Group::Ready, Phase::Starting) => (Status::Unhealthy, "starting"),
            (Group::Ready, Phase::Draining) => (Status::Unhealthy, "draining"),
            _ => (Status::Healthy, ""),
        }
    }
}

impl Part {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn effect_on(&self, group: Group) -> Option<Effect> {
        let stated = self.check.groups().iter().find(|(known, _)| *known == group);
        match (stated, group) {
            (Some((_, effect)), _) => Some(*effect),
            // The whole picture shows everything; only what is fatal to readiness is fatal here.
            (None, Group::Deep) => Some(self.effect_on(Group::Ready).unwrap_or(Effect::Warning)),
            (None, _) => None,
        }
    }

    /// The finding that holds at `now`, and when it was made.
    async fn find(
        &self,
        now: Duration,
        holds: Duration,
        phase: &watch::Sender<Phase>,
    ) -> (Finding, Duration) {
        let holds = self.check.holds().unwrap_or(holds);
        let run = match self.join(now, holds, phase) {
            Ok(held) => return held,
            Err(run) => run,
        };
        let finding = run.result.clone().await;
        let mut state = self.state();
        // A run that was replaced meanwhile must not overwrite what its successor finds.
        if state.running.as_ref().is_some_and(|running| running.result.ptr_eq(&run.result)) {
            state.running = None;
            state.last = Some((finding.clone(), run.started));
        }
        (finding, run.started)
    }

    /// The finding that still holds, or the run to wait for.
    fn join(
        &self,
        now: Duration,
        holds: Duration,
        phase: &watch::Sender<Phase>,
    ) -> Result<(Finding, Duration), Run> {
        let mut state = self.state();
        // Under the lock: whoever ends all looks has said so before.
        if *phase.borrow() == Phase::Draining {
            let nothing = || (Finding::unknown("going down"), now);
            return Ok(state.last.clone().unwrap_or_else(nothing));
        }
        if let Some((finding, at)) = &state.last
            && now.abs_diff(*at) < holds
        {
            return Ok((finding.clone(), *at));
        }
        // An unfinished run beyond its deadline was left by all its askers: its timer has long
        // fired, and would call a part ill that is well.
        if let Some(run) = &state.running
            && now.abs_diff(run.started) < self.check.deadline()
        {
            return Err(run.clone());
        }
        let run = Run { started: now, result: within_deadline(&self.check) };
        state.running = Some(run.clone());
        Err(run)
    }
}

/// A check that takes too long has found that its part does not answer; one that panics, that it
/// cannot be looked at.
fn within_deadline(check: &Arc<dyn Check>) -> Shared<BoxFuture<'static, Finding>> {
    let check = Arc::clone(check);
    async move {
        let deadline = check.deadline();
        let looked = std::panic::AssertUnwindSafe(check.check()).catch_unwind();
        match tokio::time::timeout(deadline, looked).await {
            Ok(Ok(finding)) => finding,
            Ok(Err(_)) => Finding::unhealthy("the check itself failed"),
            Err(_) => Finding::unhealthy(format!("no answer within {deadline:?}")),
        }
    }
    .boxed()
    .shared()
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.parts.iter().map(|part| part.check.name());
        f.debug_list().entries(names).finish()
    }
}

#[cfg(test)]
mod tests;
