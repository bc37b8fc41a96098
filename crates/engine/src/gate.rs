//! The memory of errors: upstream is left alone after a failure, and a refusal is believed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use clock::Timestamp;
use cmc_api::{UpstreamError, UpstreamErrorKind};

use crate::{entity::Entity, error::FlightError, limits};

/// What is closed: a whole endpoint, or one entity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Gate {
    Endpoint(Arc<str>),
    Entity(Entity),
}

#[derive(Debug)]
struct Closed {
    until: Timestamp,
    attempts: u32,
    error: UpstreamError,
}

/// The closed gates, bounded.
#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<HashMap<Gate, Closed>>);

impl Gates {
    /// The error that is still believed for this call, if any. When the time of an endpoint's
    /// gate is over, one call may try; the gate stays for the others until it answers.
    pub(crate) fn closed(
        &self,
        path: &Arc<str>,
        carries: &[Entity],
        now: Timestamp,
    ) -> Option<FlightError> {
        if let [entity] = carries
            && let Some(error) = self.refusal(entity, now)
        {
            return Some(error);
        }
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = gates.get_mut(&Gate::Endpoint(Arc::clone(path)))?;
        if now < closed.until {
            let error = Box::new(closed.error.clone());
            return Some(FlightError::Paused { until: closed.until, error });
        }
        closed.until = now.after(pause(closed.attempts, None));
        None
    }

    /// The refusal of `entity` that is still believed, if any.
    pub(crate) fn refusal(&self, entity: &Entity, now: Timestamp) -> Option<FlightError> {
        let gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = gates.get(&Gate::Entity(entity.clone()))?;
        let error = || FlightError::Upstream(Box::new(closed.error.clone()));
        (now < closed.until).then(error)
    }

    /// The endpoint answered, be it with a refusal.
    pub(crate) fn opened(&self, path: &Arc<str>) {
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gates.remove(&Gate::Endpoint(Arc::clone(path)));
    }

    /// Remembers a failure: an outage closes the endpoint for a growing while, a refusal only
    /// what was refused. What the budget denied is not upstream's fault.
    pub(crate) fn remember(
        &self,
        path: &Arc<str>,
        carries: &[Entity],
        error: &FlightError,
        now: Timestamp,
    ) {
        let FlightError::Upstream(error) = error else { return };
        let mut gates = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if gates.len() >= limits::GATES_MAX {
            gates.retain(|_, closed| now < closed.until);
        }
        let (gate, length) = match error.kind {
            UpstreamErrorKind::Refused => match carries {
                [entity] => (Gate::Entity(entity.clone()), limits::REFUSED_TTL),
                _ => return,
            },
            UpstreamErrorKind::PlanGate => {
                (Gate::Endpoint(Arc::clone(path)), limits::PLAN_GATE_TTL)
            }
            _ => {
                let gate = Gate::Endpoint(Arc::clone(path));
                let attempts = gates.get(&gate).map_or(0, |closed| closed.attempts);
                (gate, pause(attempts, error.retry_after))
            }
        };
        if gates.len() >= limits::GATES_MAX {
            return;
        }
        let attempts = gates.get(&gate).map_or(0, |closed| closed.attempts) + 1;
        gates.insert(gate, Closed { until: now.after(length), attempts, error: (**error).clone() });
    }
}

/// Doubles with each failed attempt, counted from now; the server's own hint wins if it is longer.
fn pause(attempts: u32, hint: Option<Duration>) -> Duration {
    let doubled = limits::OUTAGE_PAUSE_MIN.saturating_mul(1 << attempts.min(8));
    hint.unwrap_or(Duration::ZERO).max(doubled.min(limits::OUTAGE_PAUSE_MAX))
}

#[cfg(test)]
mod tests;
