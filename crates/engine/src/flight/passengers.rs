use std::{collections::HashMap, sync::Arc, time::Duration};

use smallvec::SmallVec;
use tracing::{Span, field, trace_span};

use super::{Job, Landing};
use crate::{
    entity::{Entity, Want},
    error::FlightError,
    fetch::Crew,
    held::Held,
    pack::Load,
    seat::Seats,
    spent::{Flown, Phase},
    trail::TRACED,
};

/// The flights that one call carries. Whoever is left when it is dropped is told that the flight
/// was lost: nobody waits for ever, even if the call panics.
#[derive(Debug)]
pub(crate) struct Passengers {
    /// Usually one job a key; two if the key was invalidated while both boarded.
    jobs: HashMap<Entity, SmallVec<[Job; 1]>>,
    crew: Arc<Crew>,
    /// What the flight did so far.
    flown: Arc<Flown>,
}

impl Passengers {
    pub(crate) fn of(all: Vec<Job>, crew: Arc<Crew>) -> Self {
        let mut jobs: HashMap<Entity, SmallVec<[Job; 1]>> = HashMap::with_capacity(all.len());
        for job in all {
            jobs.entry(job.want.entity.clone()).or_default().push(job);
        }
        Self { jobs, crew, flown: Arc::default() }
    }

    /// The span of their flight, which follows those of all who wait for it.
    pub(crate) fn span(&self, load: &Load) -> Span {
        let span = trace_span!(
            target: TRACED,
            parent: None,
            "flight",
            operation = field::Empty,
            n_keys = load.carries.len(),
        );
        if let Some(id) = span.id() {
            span.record("operation", &*cmc_api::metrics::operation_of(&load.call));
            let mut askers = Vec::new();
            let jobs = load.carries.iter().filter_map(|entity| self.jobs.get(entity)).flatten();
            jobs.for_each(|job| job.askers.trail.depart(&id, &mut askers));
            for asker in askers {
                span.follows_from(asker);
            }
        }
        span
    }

    /// The flight did that for so long, for all who are aboard.
    pub(crate) fn note(&mut self, phase: Phase, length: Duration) {
        Arc::make_mut(&mut self.flown).push(phase, length);
    }

    /// Keeps `held` and hands it to everyone who waits for `entity`. Says whether it was kept: not
    /// if the key was invalidated meanwhile, or if something newer is there. A value that nobody
    /// waits for may be kept.
    pub(crate) fn land(&mut self, entity: &Entity, held: &Arc<Held>) -> bool {
        let jobs = self.jobs.remove(entity).unwrap_or_default();
        let mut current = jobs.is_empty();
        for job in &jobs {
            current |= self.crew.flights.land(entity, job.generation);
        }
        // Before the askers wake: who looks next must find it.
        let kept = current && self.crew.hot.put(entity, Arc::clone(held));
        for job in jobs {
            let (landed, flown) = (Ok(Arc::clone(held)), Arc::clone(&self.flown));
            job.outlet.send_replace(Some(Landing { landed, flown }));
        }
        kept
    }

    /// What was wanted of `entity`, and by whom; `None` if it only rides along.
    pub(crate) fn wanted(&self, entity: &Entity) -> Option<(&Want, Seats)> {
        let mut jobs = self.jobs.get(entity)?.iter().filter(|job| !job.askers.is_filler());
        let first = jobs.next()?;
        let mut seats = Seats::new();
        first.askers.put_into(&mut seats);
        jobs.for_each(|job| job.askers.put_into(&mut seats));
        Some((&first.want, seats))
    }

    /// Whether somebody wanted `entity`; else it only rides along.
    pub(crate) fn is_wanted(&self, entity: &Entity) -> bool {
        let mut jobs = self.jobs.get(entity).into_iter().flatten();
        jobs.any(|job| !job.askers.is_filler())
    }

    /// The entities still waited for.
    pub(crate) fn left(&self) -> Vec<Entity> {
        self.jobs.keys().cloned().collect()
    }

    /// The entities that somebody waits for. Those that only ride along have a flight, so that
    /// whoever asks for them joins, but nobody may have done so.
    pub(crate) fn awaited(&self) -> Vec<Entity> {
        let is_awaited = |(entity, jobs): &(&Entity, &SmallVec<[Job; 1]>)| {
            // The table holds a ticket of its own, unless the flight was detached.
            let of_table = |job: &Job| usize::from(self.crew.flights.is(entity, job.generation));
            jobs.iter().any(|job| job.outlet.receiver_count() > of_table(job))
        };
        let awaited = self.jobs.iter().filter(is_awaited).map(|(entity, _)| entity.clone());
        let mut awaited: Vec<Entity> = awaited.collect();
        awaited.sort_unstable_by_key(ToString::to_string);
        awaited
    }

    /// Splits off those whose entity is in `some`.
    pub(crate) fn split(&mut self, some: &[Entity]) -> Self {
        let jobs = some.iter().filter_map(|entity| self.jobs.remove_entry(entity)).collect();
        Self { jobs, crew: Arc::clone(&self.crew), flown: Arc::clone(&self.flown) }
    }

    /// Tells everyone who is left that it failed.
    pub(crate) fn fail(mut self, error: &FlightError) {
        self.end(error);
    }

    fn end(&mut self, error: &FlightError) {
        self.jobs.drain().for_each(|(entity, jobs)| {
            for job in jobs {
                self.crew.flights.land(&entity, job.generation);
                let (landed, flown) = (Err(error.clone()), Arc::clone(&self.flown));
                job.outlet.send_replace(Some(Landing { landed, flown }));
            }
        });
    }
}

impl Drop for Passengers {
    fn drop(&mut self) {
        self.end(&FlightError::Lost);
    }
}
