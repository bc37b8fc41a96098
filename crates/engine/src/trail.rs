//! Which spans belong together: a flight, and those who wait for it.
//!
//! Spans are those of `tracing`, of the target [`TRACED`]. Whoever exports traces listens to it;
//! while nobody does, none of them exists and nothing is kept here.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;
use tracing::{Span, span::Id};

use crate::limits;

/// The target of spans that tell where the time of a request goes. No module has that name, so that
/// no filter of the log means it.
pub const TRACED: &str = "traced";

/// Of one key: who waits for it, and what brings it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// Those who came before the departure.
    askers: SmallVec<[Id; 1]>,
    flight: Option<Id>,
}

impl Trail {
    /// Somebody joins, within the span of that name.
    pub(crate) fn join(&self, asker: Option<&Id>) {
        let Some(asker) = asker else { return };
        let flight = {
            let mut known = self.lock();
            let has_room = known.askers.len() < limits::LINKED_MAX;
            if known.flight.is_none() && has_room && !known.askers.contains(asker) {
                known.askers.push(asker.clone());
            }
            known.flight.clone()
        };
        if let Some(flight) = flight {
            Span::current().follows_from(flight);
        }
    }

    /// The flight departs: puts those who wait for it into `all`, and whoever joins from now on
    /// follows it.
    pub(crate) fn depart(&self, flight: &Id, all: &mut Vec<Id>) {
        let mut known = self.lock();
        known.flight = Some(flight.clone());
        for asker in std::mem::take(&mut known.askers) {
            if all.len() < limits::LINKED_MAX && !all.contains(&asker) {
                all.push(asker);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
