use std::{collections::HashMap, sync::Arc};

use credits::Credits;

use super::{Job, Landing};
use crate::{entity::Entity, error::FlightError, fetch::Crew, held::Held};

/// The flights that one call carries. Whoever is left when it is dropped is told that the flight
/// was lost: nobody waits for ever, even if the call panics.
#[derive(Debug)]
pub(crate) struct Passengers {
    jobs: HashMap<Entity, Job>,
    crew: Arc<Crew>,
}

impl Passengers {
    pub(crate) fn of(jobs: Vec<Job>, crew: Arc<Crew>) -> Self {
        let jobs = jobs.into_iter().map(|job| (job.want.entity.clone(), job)).collect();
        Self { jobs, crew }
    }

    /// Hands `held` to everyone who waits for `entity`. Says whether the value may be stored:
    /// not if the key was invalidated meanwhile. A value nobody waits for may.
    pub(crate) fn land(&mut self, entity: &Entity, held: Arc<Held>, charged: Credits) -> bool {
        let Some(job) = self.jobs.remove(entity) else { return true };
        let stored = self.crew.flights.land(entity, job.generation) && {
            // Before the askers wake: who looks next must find it.
            self.crew.hot.put(entity, Arc::clone(&held))
        };
        job.outlet.send_replace(Some(Ok(Landing { held, charged })));
        stored
    }

    /// The entities still waited for.
    pub(crate) fn left(&self) -> Vec<Entity> {
        self.jobs.keys().cloned().collect()
    }

    /// Splits off those whose entity is in `some`.
    pub(crate) fn split(&mut self, some: &[Entity]) -> Self {
        let jobs = some.iter().filter_map(|entity| self.jobs.remove(entity)).collect();
        Self::of(jobs, Arc::clone(&self.crew))
    }

    /// Tells everyone who is left that it failed.
    pub(crate) fn fail(mut self, error: &FlightError) {
        self.end(error);
    }

    fn end(&mut self, error: &FlightError) {
        self.jobs.drain().for_each(|(entity, job)| {
            self.crew.flights.land(&entity, job.generation);
            job.outlet.send_replace(Some(Err(error.clone())));
        });
    }
}

impl Drop for Passengers {
    fn drop(&mut self) {
        self.end(&FlightError::Lost);
    }
}
