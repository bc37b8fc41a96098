//! reserve → fetch → settle → fill: the only place where credits leave the house.

mod brought;
mod made;
mod refused;

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicUsize},
};

use cache_tiers::{Found, Note, Stack, Version, Versions, freshness};
use clock::{Clock, Timestamp};
use cmc_api::{Call, KeyInfo, Reply, Tariff, Upstream, UpstreamError, UpstreamErrorKind};
use credits::{Account, Clients, Credits, Denied, Purpose, Settled};
use tokio_util::task::TaskTracker;
use tracing::{Instrument, trace_span};

use crate::{
    absent,
    charges::CoinCharges,
    commons::Common,
    demand::Popularity,
    entity::Entity,
    error::FlightError,
    flight::{self, Flights, Holding, Job, Passengers},
    gate::Gates,
    harvest::Lives,
    held::{Content, Held},
    hot::Hot,
    limits,
    looks::Looks,
    metrics::Metrics,
    pacing::Pacing,
    pack::Load,
    prepared::PreparedPlans,
    refresh::Refresher,
    spending::{self, Spending},
    spent::Phase,
    sweep::{Sweep, SweepLog},
    tags::TagBook,
    trail::TRACED,
};

use brought::{fill, store};
use made::{call, settle};
use refused::{halves, is_divisible, turned_away, without};

/// Everything a flight needs; shared by the desk, the flights and the engine.
#[derive(Debug)]
pub(crate) struct Crew {
    pub(crate) upstream: Arc<dyn Upstream>,
    pub(crate) account: Account,
    pub(crate) clients: Option<Clients>,
    pub(crate) namespace: Arc<str>,
    pub(crate) tariff: Tariff,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) stack: Stack,
    pub(crate) hot: Hot,
    pub(crate) flights: Arc<Flights>,
    pub(crate) looks: Looks,
    pub(crate) gates: Gates,
    pub(crate) lives: Lives,
    pub(crate) tags: TagBook,
    pub(crate) prepared: Arc<PreparedPlans>,
    pub(crate) popularity: Popularity,
    pub(crate) sweeps: SweepLog,
    pub(crate) refresher: Refresher,
    /// Most currencies in a call, as far as the plan has told.
    pub(crate) converts_max: AtomicUsize,
    /// Calls that the plan allows in a minute.
    pub(crate) calls_per_minute: AtomicU32,
    pub(crate) versions: Versions,
    pub(crate) common: Common,
    pub(crate) pacing: Arc<Pacing>,
    pub(crate) metrics: Metrics,
    pub(crate) spending: Arc<Spending>,
    pub(crate) charges: CoinCharges,
    /// Holds a token of each load, until what it brought is in the tiers and others are told.
    pub(crate) loads: TaskTracker,
}

impl Crew {
    /// A value that came while `job` was boarding, if it is new enough for it.
    pub(crate) fn already_there(&self, job: &Job) -> Option<Arc<Held>> {
        let held = self.hot.hold(&job.want.entity)?;
        let new = held.meta.fetched_at >= job.newer_than;
        let fresh = freshness::of(&held.meta, self.clock.now()) == freshness::Freshness::Fresh;
        (new && fresh).then_some(held)
    }

    /// Takes in what a tier held. `None` if it is dead, or no such entity.
    pub(crate) fn adopt(&self, entity: &Entity, found: &Found) -> Option<Arc<Held>> {
        self.versions.observe(found.entry.meta.version);
        let held = Held::decode(entity, &found.entry, Some(found.tier))?;
        if let Content::Map(catalog) = &held.content {
            self.popularity.learn_ranks(catalog);
        }
        // A tier may still hold what was invalidated while it was being filled.
        if self.hot.is_fenced(entity, held.meta.version) {
            return None;
        }
        let held = Arc::new(held);
        if self.hot.put(entity, Arc::clone(&held)) {
            self.common.remember(&entity.key(&self.namespace), entity);
        }
        Some(held)
    }

    /// How much too early a call comes for those aboard: what upstream tells more slowly than it
    /// is asked is bought twice.
    fn unripe(&self, load: &Load, aboard: &Passengers) -> u64 {
        let Some(cadence) = load.call.operation().cadence else { return 0 };
        let now = self.clock.now();
        let awaited = aboard.left();
        let left = awaited.iter().map(|entity| match self.hot.hold(entity) {
            Some(held) => spending::unripe(cadence, now.since(held.meta.fetched_at)),
            None => 0,
        });
        left.min().unwrap_or(0)
    }
}

/// What a paid call brought.
struct Paid {
    reply: Reply,
    charged: Credits,
    started: Timestamp,
    version: Version,
}

/// Flies one call: whoever is aboard gets its value or its error, the tiers get everything. A
/// refused batch is halved, so that one bad key does not cost the others their answer.
/// Its leases are renewed as long as it lasts, and end with it.
pub(crate) async fn fly(crew: Arc<Crew>, load: Load, passengers: Passengers, holding: Holding) {
    let span = passengers.span(&load);
    fly_leased(crew, load, passengers, holding).instrument(span).await;
}

async fn fly_leased(crew: Arc<Crew>, load: Load, passengers: Passengers, holding: Holding) {
    let _under_way = crew.loads.token();
    let leases = holding.leases();
    tokio::select! {
        () = fly_under(&crew, load, passengers, &holding) => {}
        () = crew.common.renew(&leases) => {}
    }
    crew.common.release(&leases).await;
    let released = leases.into_iter().map(|(key, _)| Note::Released(key));
    crew.common.tell(&released.collect::<Vec<_>>()).await;
}

async fn fly_under(crew: &Arc<Crew>, load: Load, passengers: Passengers, holding: &Holding) {
    let mut queue = vec![(load, passengers)];
    // What is stored after everybody aboard has been served: tiers may be slow.
    let mut stored = Vec::new();
    let mut n_halvings = 0;
    let mut pages = Vec::new();
    while let Some((load, mut aboard)) = queue.pop() {
        let path = Arc::clone(&load.call.operation().path);
        if let Some(error) = crew.gates.closed(&path, &load.carries, crew.clock.now()) {
            queue.extend(turned_away(crew, &load, aboard, &error));
            continue;
        }
        let unripe = crew.unripe(&load, &aboard);
        let fetched = fetch(crew, &load, &mut aboard).await;
        if let Ok(paid) = &fetched {
            crew.spending.called(&crew.tariff, &load.call, paid.charged, unripe);
        }
        if is_answer(&fetched) {
            crew.gates.opened(&path);
        }
        let fetched = match fetched {
            Err(FlightError::Upstream(error)) => {
                if let Some(again) = crew.learn_converts(&error, &load, &mut aboard) {
                    queue.extend(again);
                    aboard.fail(&FlightError::Upstream(error));
                    continue;
                }
                let unknown = absent::named_in(&error, &load);
                if !unknown.is_empty() && n_halvings < limits::HALVINGS_MAX {
                    n_halvings += 1;
                    queue.extend(without(crew, &load, &unknown, aboard));
                    continue;
                }
                Err(FlightError::Upstream(error))
            }
            other => other,
        };
        match fetched {
            Ok(paid) => {
                pages.extend(told(crew, &load, &paid, holding));
                let (some, again) = fill(crew, &load, &paid, aboard, holding);
                stored.extend(some);
                queue.extend(again);
            }
            Err(FlightError::Upstream(error))
                if n_halvings < limits::HALVINGS_MAX && is_divisible(&error, &load) =>
            {
                n_halvings += 1;
                for half in halves(crew, &load) {
                    let some = aboard.split(&half.carries);
                    queue.push((half, some));
                }
                aboard.fail(&FlightError::Upstream(error));
            }
            Err(error) => {
                crew.gates.remember(&path, &load.carries, &error, crew.clock.now());
                queue.extend(turned_away(crew, &load, aboard, &error));
            }
        }
    }
    let span = trace_span!(target: TRACED, "store", n_entries = stored.len());
    store(crew, &stored).instrument(span).await;
    // Not before what they brought can be found.
    crew.common.tell(&pages).await;
}

/// What other instances are told of a page that was bought under a lease.
fn told(crew: &Crew, load: &Load, paid: &Paid, holding: &Holding) -> Option<Note> {
    let page = Sweep::of(load).filter(|_| holding.has_page())?;
    Some(Note::Filled(page.told(&crew.namespace), paid.version))
}

/// Reserves, calls, settles; in this order, with nothing between.
async fn fetch(crew: &Crew, load: &Load, aboard: &mut Passengers) -> Result<Paid, FlightError> {
    let operation = Arc::clone(&load.call.operation().path);
    let n_keys = u32::try_from(load.carries.len()).unwrap_or(u32::MAX);
    let purpose = Purpose { operation, n_keys };
    let began = flight::instant();
    let reserved = async {
        let held = crew.hold_for_house(load, aboard, &purpose).await?;
        Ok((crew.account.reserve(load.price, purpose.clone()).await?, held))
    };
    let reserved = reserved.instrument(trace_span!(target: TRACED, "reserve")).await;
    aboard.note(Phase::Store, began.elapsed());
    let (reservation, _held) = reserved.map_err(|denied: Denied| FlightError::from(denied))?;
    let started = crew.clock.now();
    // Taken before the call: whatever is invalidated from now on is newer than what it brings.
    let version = crew.versions.next(started);
    let answered = call(crew, load, aboard).await;
    let elapsed = crew.clock.now().since(started);
    match answered {
        Ok(reply) => {
            let how = Settled { elapsed, outcome: "ok" };
            let charged = settle(reservation, reply.charge, how, (load.price, aboard)).await;
            crew.share_out(load, aboard, reply.charge, (&purpose, how));
            crew.charge_coins(load, aboard, charged);
            crew.metrics.charged(load.price, charged);
            crew.pacing.charge(load.carries.first(), charged);
            Ok(Paid { reply, charged, started, version })
        }
        Err(error) => {
            let how = Settled { elapsed, outcome: error.kind.name() };
            let charged = settle(reservation, error.charge, how, (load.price, aboard)).await;
            crew.share_out(load, aboard, error.charge, (&purpose, how));
            crew.charge_coins(load, aboard, charged);
            crew.pacing.charge(load.carries.first(), charged);
            Err(FlightError::Upstream(Box::new(error)))
        }
    }
}

/// Whether upstream is there: a refusal is an answer, too.
fn is_answer(fetched: &Result<Paid, FlightError>) -> bool {
    match fetched {
        Ok(_) => true,
        Err(FlightError::Upstream(error)) => error.kind == UpstreamErrorKind::Refused,
        Err(_) => false,
    }
}

/// Asks upstream about its own key. The one call that is made without a reservation: it is free,
/// and the account cannot be opened before its limits are known.
///
/// # Errors
///
/// [`UpstreamError`]; an answer that cannot be read is [`UpstreamErrorKind::NotJson`].
pub async fn ask_key(upstream: &dyn Upstream) -> Result<KeyInfo, UpstreamError> {
    let reply = upstream.call(&Call::key_info()).await?;
    let unreadable = || UpstreamError::new(UpstreamErrorKind::NotJson, reply.charge);
    KeyInfo::of(&reply.data).ok_or_else(unreadable)
}
