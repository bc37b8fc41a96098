//! One flight per key; a short boarding window lets askers share a call; the work outlives them.
//!
//! Askers only ever wait on a ticket. The desk gathers what opened within the boarding window,
//! packs it into calls and sends each off as a task of its own, which nobody can drop.

use std::{collections::HashMap, sync::Arc, time::Duration};

use cache_tiers::{Key, Version};
use clock::Timestamp;
use credits::Client;
use smallvec::SmallVec;
use tokio::{
    sync::{mpsc, watch},
    time::Instant,
};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    entity::{Entity, Want},
    error::FlightError,
    fetch::Crew,
    held::Held,
    limits, notes,
    seat::{Askers, Seat},
    spent::{Flown, Spent},
};

mod boarding;
mod depart;
mod passengers;
mod table;

/// The primitives of the table; its loom test puts others here.
mod sync {
    pub(super) use std::sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    };
}

use boarding::Boarding;
pub(crate) use boarding::now as instant;
pub(crate) use depart::Holding;
use depart::Page;
pub(crate) use passengers::Passengers;
pub(crate) use table::{Interest, Joined, Table};

/// What a flight brought, for everyone who waited for it.
pub(crate) type Landed = Result<Arc<Held>, FlightError>;

/// A landing: what it brought, and what the flight did until then.
#[derive(Clone, Debug)]
pub(crate) struct Landing {
    landed: Landed,
    flown: Arc<Flown>,
}

/// The end of a flight as one asker saw it.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) landed: Landed,
    /// How long the asker waited; zero for who did not board.
    pub(crate) waited: Duration,
    pub(crate) spent: Spent,
}

/// What askers of one key have in common.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    landed: watch::Receiver<Option<Landing>>,
    askers: Askers,
}

impl Ticket {
    pub(crate) fn issue(askers: Askers) -> (watch::Sender<Option<Landing>>, Self) {
        let (sender, landed) = watch::channel(None);
        (sender, Self { landed, askers })
    }
}

pub(crate) type Flights = Table<Entity, Ticket>;

/// A flight that waits for departure.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) want: Want,
    pub(crate) generation: u64,
    pub(crate) outlet: watch::Sender<Option<Landing>>,
    /// A value fetched at or after this is good enough: no call is needed if one came meanwhile.
    pub(crate) newer_than: Timestamp,
    /// Who shares what it costs.
    pub(crate) askers: Askers,
}

/// The jobs that somebody boards with: they depart together.
#[derive(Debug)]
struct Party {
    jobs: Vec<Job>,
    /// How long they can wait for company.
    patience: Duration,
}

/// Where askers board.
#[derive(Debug)]
pub(crate) struct Desk {
    flights: Arc<Flights>,
    parties: mpsc::Sender<Party>,
    /// Ends the listening with the desk.
    _listening: DropGuard,
}

/// A place on a flight. Dropping it is leaving.
#[derive(Debug)]
pub(crate) struct Boarded {
    ticket: Ticket,
    opened: bool,
    _interest: Interest,
}

impl Desk {
    /// Opens the desk; its loop and its flights live on `tracker` and end when the desk is dropped
    /// and all flights have landed.
    pub(crate) fn open(crew: Arc<Crew>, window: Duration, tracker: &TaskTracker) -> Self {
        let (parties, queue) = mpsc::channel(limits::BOARDING_MAX);
        let flights = Arc::clone(&crew.flights);
        let closed = CancellationToken::new();
        for work in notes::work(&crew) {
            tracker.spawn(closed.clone().run_until_cancelled_owned(work));
        }
        tracker.spawn(attend(queue, crew, window, tracker.clone()));
        Self { flights, parties, _listening: closed.drop_guard() }
    }

    /// Joins the flight of each of `wants`, or opens one, and takes `seat` in it. What is opened
    /// departs together; `newer_than` says for each of what age a value needs no call.
    pub(crate) fn board(
        &self,
        wants: &[Want],
        newer_than: impl Fn(&Want) -> Timestamp,
        patience: Duration,
        seat: &Arc<Seat>,
    ) -> Vec<Result<Boarded, FlightError>> {
        let mut jobs = Vec::new();
        let mut boarded: Vec<_> =
            wants.iter().map(|want| self.join(want, newer_than(want), seat, &mut jobs)).collect();
        if let Err(party) = self.send(jobs, patience) {
            for job in party.jobs {
                self.flights.land(&job.want.entity, job.generation);
            }
            let is_opened =
                |one: &&mut Result<Boarded, _>| one.as_ref().is_ok_and(|one| one.opened);
            boarded
                .iter_mut()
                .filter(is_opened)
                .for_each(|one| *one = Err(FlightError::Overloaded));
        }
        boarded
    }

    fn join(
        &self,
        want: &Want,
        newer_than: Timestamp,
        seat: &Arc<Seat>,
        jobs: &mut Vec<Job>,
    ) -> Result<Boarded, FlightError> {
        let mut outlet = None;
        let joined = self.flights.join(&want.entity, || {
            let (sender, ticket) = Ticket::issue(Askers::none_yet());
            outlet = Some(sender);
            ticket
        });
        match joined {
            Joined::Shared(ticket, interest) => {
                ticket.askers.add(seat);
                Ok(Boarded { ticket, opened: false, _interest: interest })
            }
            Joined::Full => Err(FlightError::Overloaded),
            Joined::Opened(generation, ticket, interest) => {
                let outlet = outlet.ok_or(FlightError::Overloaded)?;
                ticket.askers.add(seat);
                let askers = ticket.askers.clone();
                jobs.push(Job { want: want.clone(), generation, outlet, newer_than, askers });
                Ok(Boarded { ticket, opened: true, _interest: interest })
            }
        }
    }

    /// Whether `client` is waiting for `entity` already.
    pub(crate) fn is_aboard(&self, entity: &Entity, client: &Client) -> bool {
        self.flights.ticket(entity).is_some_and(|ticket| ticket.askers.include(client))
    }

    /// Lets the desk believe that many board, so that it waits for company.
    #[cfg(test)]
    pub(crate) fn seem_busy(&self) {
        for _ in 0..4 {
            let party = Party { jobs: Vec::new(), patience: Duration::MAX };
            assert!(self.parties.try_send(party).is_ok());
        }
    }

    fn send(&self, jobs: Vec<Job>, patience: Duration) -> Result<(), Party> {
        if jobs.is_empty() {
            return Ok(());
        }
        let sent = self.parties.try_send(Party { jobs, patience });
        sent.map_err(mpsc::error::TrySendError::into_inner)
    }

    /// Has `wants` fetched without anybody waiting for it.
    pub(crate) fn send_for(&self, wants: &[Want], newer_than: Timestamp) {
        let job = |want: &Want| {
            let (outlet, ticket) = Ticket::issue(Askers::none_yet());
            let askers = ticket.askers.clone();
            let generation = self.flights.claim(&want.entity, || ticket)?;
            Some(Job { want: want.clone(), generation, outlet, newer_than, askers })
        };
        let jobs = wants.iter().filter_map(job).collect();
        if let Err(party) = self.send(jobs, Duration::MAX) {
            for job in party.jobs {
                self.flights.land(&job.want.entity, job.generation);
            }
        }
    }
}

impl Arrival {
    /// Of somebody who could not board.
    pub(crate) fn refused(error: FlightError) -> Self {
        Self { landed: Err(error), waited: Duration::ZERO, spent: Spent::default() }
    }
}

impl Boarded {
    /// Waits for the landing, at most as long as the asker's patience lasts. The flight goes on
    /// without an asker who left; what that asker waited for is not known yet.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future is leaving; nothing is lost, because the flight fills the tiers.
    pub(crate) async fn arrived(mut self, patience: Duration) -> Arrival {
        let boarded = boarding::now();
        let landed = self.ticket.landed.wait_for(Option::is_some);
        let landing = match tokio::time::timeout(patience, landed).await {
            Err(_) => return Arrival::refused(FlightError::Deadline),
            Ok(Err(_)) => None,
            Ok(Ok(landing)) => landing.clone(),
        };
        let Some(landing) = landing else { return Arrival::refused(FlightError::Lost) };
        let waited = boarding::now().saturating_duration_since(boarded);
        let spent = landing.flown.seen_within(waited);
        Arrival { landed: landing.landed, waited, spent }
    }
}

/// The desk's loop: gathers who comes within a window and sends them off.
async fn attend(
    mut queue: mpsc::Receiver<Party>,
    crew: Arc<Crew>,
    window: Duration,
    tracker: TaskTracker,
) {
    let mut boarding = Boarding::new(window);
    let mut latest = boarding::now();
    while let Some(first) = queue.recv().await {
        let mut jobs = Vec::new();
        let mut leave = boarded(first, &mut jobs, &mut boarding, &mut latest);
        // Whoever comes at the same moment comes aboard, however little the desk waits.
        tokio::task::yield_now().await;
        while let Ok(party) = queue.try_recv() {
            leave = leave.min(boarded(party, &mut jobs, &mut boarding, &mut latest));
        }
        while boarding::now() < leave && jobs.len() < limits::BOARDING_MAX {
            match tokio::time::timeout_at(leave, queue.recv()).await {
                Ok(Some(party)) => {
                    leave = leave.min(boarded(party, &mut jobs, &mut boarding, &mut latest));
                }
                Ok(None) | Err(_) => break,
            }
        }
        dispatch(jobs, &crew, &tracker);
    }
}

/// Takes a party aboard and tells when it should leave: well before anybody loses patience.
fn boarded(
    party: Party,
    jobs: &mut Vec<Job>,
    boarding: &mut Boarding,
    latest: &mut Instant,
) -> Instant {
    let now = boarding::now();
    boarding.boards(now.saturating_duration_since(*latest));
    *latest = now;
    jobs.extend(party.jobs);
    now + boarding.window().min(party.patience / 4)
}

/// The commit point: what nobody wants any more stays, what came meanwhile is handed out, what
/// upstream just refused is refused, and the rest departs in the fewest calls; among several
/// instances each key with one of them.
fn dispatch(jobs: Vec<Job>, crew: &Arc<Crew>, tracker: &TaskTracker) {
    let mut places: HashMap<Entity, usize> = HashMap::with_capacity(jobs.len());
    let mut groups: Vec<Group> = Vec::with_capacity(jobs.len());
    for job in jobs {
        let Some(job) = still_due(job, crew) else { continue };
        let place = *places.entry(job.want.entity.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.jobs.push(job),
            None => groups.push(Group::of(job)),
        }
    }
    if crew.common.has_leases() && !groups.is_empty() {
        let crew = Arc::clone(crew);
        tracker.spawn(depart::depart(groups, crew, tracker.clone()));
    } else {
        let wanted: Vec<Want> = groups.iter().map(|group| group.want.clone()).collect();
        let pages = crew.due(&wanted).into_iter().map(Page::of).collect();
        board(groups, pages, crew, tracker);
    }
}

/// The jobs of one key: usually one; two if the key was invalidated while both boarded.
#[derive(Debug)]
struct Group {
    want: Want,
    jobs: SmallVec<[Job; 1]>,
    /// The lease under which it departs, if instances share leases.
    lease: Option<(Key, Version)>,
    /// The key of another instance's page that will bring it.
    page: Option<Key>,
}

impl Group {
    fn of(job: Job) -> Self {
        Self { want: job.want.clone(), jobs: SmallVec::from_buf([job]), lease: None, page: None }
    }
}

/// Packs and sends off, what the due pages bring with them.
fn board(groups: Vec<Group>, mut pages: Vec<Page>, crew: &Arc<Crew>, tracker: &TaskTracker) {
    if groups.is_empty() {
        return;
    }
    let wanted: Vec<Want> = groups.iter().map(|group| group.want.clone()).collect();
    let packed = crew.buy(wanted, pages.iter().map(|page| &page.sweep));
    let holdings: Vec<Holding> =
        packed.loads.iter().map(|load| Holding::of(&groups, load, &mut pages)).collect();
    let mut waiting: HashMap<Entity, Group> =
        groups.into_iter().map(|group| (group.want.entity.clone(), group)).collect();
    for (entity, error) in packed.refused {
        if let Some(group) = waiting.remove(&entity) {
            let leases = group.lease.into_iter().collect::<Vec<_>>();
            Passengers::of(group.jobs.into_vec(), Arc::clone(crew)).fail(&FlightError::from(error));
            let crew = Arc::clone(crew);
            tracker.spawn(async move { crew.common.release(&leases).await });
        }
    }
    for (load, holding) in packed.loads.into_iter().zip(holdings) {
        let jobs = load.carries.iter().flat_map(|entity| match waiting.remove(entity) {
            Some(group) => group.jobs,
            None => claim(crew, entity).into_iter().collect(),
        });
        let passengers = Passengers::of(jobs.collect(), Arc::clone(crew));
        tracker.spawn(crate::fetch::fly(Arc::clone(crew), load, passengers, holding));
    }
}

/// The job, if it needs a call: somebody wants it, and neither a value nor a refusal is at hand.
fn still_due(job: Job, crew: &Crew) -> Option<Job> {
    // The table holds a ticket of its own; once detached, only those who wait hold one.
    if !crew.flights.depart(&job.want.entity, job.generation) || job.outlet.is_closed() {
        crew.metrics.withdrawn.increment(1);
        return None;
    }
    let landed = match crew.already_there(&job) {
        Some(held) => Ok(held),
        None => match crew.gates.refusal(&job.want.entity, crew.clock.now()) {
            Some(error) => Err(error),
            None => return Some(job),
        },
    };
    crew.flights.land(&job.want.entity, job.generation);
    job.outlet.send_replace(Some(Landing { landed, flown: Arc::default() }));
    None
}

/// A filler rides along as a flight of its own, so that whoever asks for it now joins.
fn claim(crew: &Crew, entity: &Entity) -> Option<Job> {
    let askers = Askers::of_filler();
    let (outlet, ticket) = Ticket::issue(askers.clone());
    let generation = crew.flights.claim(entity, || ticket)?;
    let (want, newer_than) = (Want::of(entity.clone()), Timestamp::EPOCH);
    Some(Job { want, generation, outlet, newer_than, askers })
}
