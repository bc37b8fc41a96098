//! reserve → fetch → settle → fill: the only place where credits leave the house.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use cache_tiers::{Entry, Found, Key, Note, Stack, Version, Versions, freshness};
use clock::{Clock, Timestamp};
use cmc_api::{
    Call, Charge, CoinId, KeyInfo, Ranking, Reply, Tariff, Upstream, UpstreamError,
    UpstreamErrorKind,
};
use credits::{Account, Clients, Credits, Purpose, Reservation, Settled};
use smallvec::SmallVec;
use tokio_util::task::TaskTracker;

use crate::{
    absent,
    commons::Common,
    demand::Popularity,
    entity::{Entity, How, Want},
    error::FlightError,
    flight::{Flights, Holding, Job, Passengers},
    gate::Gates,
    harvest::{self, Crop, Lives},
    held::{Content, Held},
    hot::Hot,
    limits,
    looks::Looks,
    metrics::Metrics,
    pacing::Pacing,
    pack::{Load, LoadKind},
    prepared::PreparedPlans,
    refresh::Refresher,
    spending::{self, Bought, Spending},
    sweep::SweepLog,
    tags::TagBook,
};

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
    while let Some((load, mut aboard)) = queue.pop() {
        let path = Arc::clone(&load.call.operation().path);
        if let Some(error) = crew.gates.closed(&path, &load.carries, crew.clock.now()) {
            queue.extend(turned_away(crew, &load, aboard, &error));
            continue;
        }
        let unripe = crew.unripe(&load, &aboard);
        let fetched = fetch(crew, &load, &aboard).await;
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
                let (some, again) = fill(crew, &load, paid, aboard, holding);
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
    store(crew, &stored).await;
}

/// Reserves, calls, settles; in this order, with nothing between.
async fn fetch(crew: &Crew, load: &Load, aboard: &Passengers) -> Result<Paid, FlightError> {
    let operation = Arc::clone(&load.call.operation().path);
    let n_keys = u32::try_from(load.carries.len()).unwrap_or(u32::MAX);
    let purpose = Purpose { operation, n_keys };
    let _held = crew.hold_for_house(load, aboard, &purpose).await?;
    let reservation = crew.account.reserve(load.price, purpose.clone()).await?;
    let started = crew.clock.now();
    // Taken before the call: whatever is invalidated from now on is newer than what it brings.
    let version = crew.versions.next(started);
    let answered = crew.upstream.call(&load.call).await;
    let elapsed = crew.clock.now().since(started);
    match answered {
        Ok(reply) => {
            let charged = settle(reservation, reply.charge, elapsed, "ok", load.price).await;
            let how = Settled { elapsed, outcome: "ok" };
            crew.share_out(load, aboard, reply.charge, (&purpose, how));
            crew.metrics.charged(load.price, charged);
            crew.pacing.charge(load.carries.first(), charged);
            Ok(Paid { reply, charged, started, version })
        }
        Err(error) => {
            let how = Settled { elapsed, outcome: error.kind.name() };
            let charged = settle(reservation, error.charge, elapsed, how.outcome, load.price).await;
            crew.share_out(load, aboard, error.charge, (&purpose, how));
            crew.pacing.charge(load.carries.first(), charged);
            Err(FlightError::Upstream(Box::new(error)))
        }
    }
}

/// Ends a reservation with what is known of the charge; what is unknown counts as spent.
async fn settle(
    reservation: Reservation,
    charge: Charge,
    elapsed: Duration,
    outcome: &'static str,
    price: Credits,
) -> Credits {
    let how = Settled { elapsed, outcome };
    match charge {
        Charge::Exactly(charged) => {
            reservation.settle(charged, how).await;
            charged
        }
        Charge::Nothing => {
            reservation.release(how).await;
            Credits::ZERO
        }
        Charge::Unknown => {
            reservation.assume(how).await;
            price
        }
    }
}

/// Puts everything the reply brought where it belongs: into memory, and to the askers.
///
/// Gives back what the tiers are to store, and what the reply did not bring and has to be fetched
/// in another way.
fn fill(
    crew: &Crew,
    load: &Load,
    paid: Paid,
    mut aboard: Passengers,
    holding: &Holding,
) -> (Vec<(Key, Entry)>, Vec<(Load, Passengers)>) {
    let crop = Crop {
        load,
        data: &paid.reply.data,
        body: &paid.reply.body,
        started: paid.started,
        version: paid.version,
        elapsed: crew.clock.now().since(paid.started),
        charged: paid.charged,
    };
    let Some(harvest) = harvest::harvest(&crop, &crew.lives, &crew.tags) else {
        crew.metrics.unreadable.increment(1);
        land_odd(crew, load, &mut aboard);
        aboard.fail(&FlightError::Unreadable(harvest::noun(&load.kind)));
        return (Vec::new(), Vec::new());
    };
    crew.metrics.unreadable.increment(harvest.n_unreadable);
    let mut entries = harvest.entries;
    if harvest.n_unreadable == 0 {
        harvest::add_absent(&mut entries, &aboard.left(), &crop);
    }
    let mut places = Vec::new();
    let mut stored = Vec::with_capacity(entries.len());
    let call = (&load.call, paid.charged);
    let entities = entries.iter().map(|(entity, _)| entity);
    let bought = Bought::of(&crew.spending, &crew.tariff, call, entities);
    for (entity, mut entry) in entries {
        // A late holder of a lease is older than whoever held it after.
        entry.meta.version = holding.token(&entity).unwrap_or(entry.meta.version);
        let Some(held) = Held::decode(&entity, &entry, None) else { continue };
        if let Content::Map(catalog) = &held.content {
            crew.popularity.learn_ranks(catalog);
        }
        if is_next_of_first(&load.kind, &entity)
            && let Content::Block(coins) = &held.content
        {
            places.extend(coins);
        }
        let share = bought.as_ref().and_then(|bought| bought.share(&entity));
        let held = Arc::new(held.bought(share));
        if aboard.land(&entity, &held) {
            let key = entity.key(&crew.namespace);
            crew.common.remember(&key, &entity);
            stored.push((key, entry));
        }
    }
    if !places.is_empty() {
        crew.popularity.learn_places(&places);
    }
    land_odd(crew, load, &mut aboard);
    let again = if is_sweep(load) { by_name(crew, &mut aboard) } else { Vec::new() };
    aboard.fail(&FlightError::Unreadable(harvest::noun(&load.kind)));
    (stored, again)
}

/// Into the tiers. Where others listen, they are told when the shared ones have it.
async fn store(crew: &Crew, stored: &[(Key, Entry)]) {
    if stored.is_empty() {
        return;
    }
    if crew.common.is_alone() {
        return crew.stack.fill(stored).await;
    }
    if crew.stack.fill_through(stored).await {
        let filled =
            stored.iter().map(|(key, entry)| Note::Filled(key.clone(), entry.meta.version));
        crew.common.tell(&filled.collect::<Vec<_>>()).await;
    }
}

/// Whether it tells the order of a block of a page that begins with the first place: what the
/// places are is learned from these.
fn is_next_of_first(kind: &LoadKind, entity: &Entity) -> bool {
    match (kind, entity) {
        (
            LoadKind::Blocks { ranking, first: 0, currencies, .. },
            Entity::Block { currency, .. },
        ) => *ranking == Ranking::by_rank() && currencies.first() == Some(currency),
        _ => false,
    }
}

/// Whether it is a page of the ranking that somebody waits for a coin of.
fn is_sweep(load: &Load) -> bool {
    let is_quote = |entity: &Entity| matches!(entity, Entity::Quote { .. });
    matches!(load.kind, LoadKind::Blocks { .. }) && load.carries.iter().any(is_quote)
}

/// Remembers for a while that parts could not be read: not every question shall pay for that.
fn land_odd(crew: &Crew, load: &Load, aboard: &mut Passengers) {
    if !matches!(load.kind, LoadKind::Parts(..)) {
        return;
    }
    let now = crew.clock.now();
    for entity in aboard.left() {
        if let Some(held) = absent::held(&entity, now, crew.versions.next(now)) {
            aboard.land(&entity, &Arc::new(held.odd()));
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

/// Whether the refusal may be the fault of one key among several.
fn is_divisible(error: &UpstreamError, load: &Load) -> bool {
    error.kind == UpstreamErrorKind::Refused
        && load.carries.len() > 1
        && matches!(load.kind, LoadKind::Quotes | LoadKind::Infos | LoadKind::Parts(..))
}

/// Tells that `unknown` do not exist, and packs the rest of the call again.
fn without(
    crew: &Crew,
    load: &Load,
    unknown: &[Entity],
    mut aboard: Passengers,
) -> Vec<(Load, Passengers)> {
    let now = crew.clock.now();
    for entity in unknown {
        if let Some(held) = absent::held(entity, now, crew.versions.next(now)) {
            aboard.land(entity, &Arc::new(held));
        }
    }
    let others = load.carries.iter().filter(|entity| !unknown.contains(entity));
    let wants: Vec<Want> = others.cloned().map(Want::of).collect();
    seated(crew.pack(&wants).loads, &mut aboard)
}

/// A call that failed: a page is bought coin by coin instead, all others have failed for everyone.
fn turned_away(
    crew: &Crew,
    load: &Load,
    mut aboard: Passengers,
    error: &FlightError,
) -> Vec<(Load, Passengers)> {
    let again = match is_sweep(load) {
        true => {
            crew.sweeps.failed(crew.clock.now());
            by_name(crew, &mut aboard)
        }
        false => Vec::new(),
    };
    aboard.fail(error);
    again
}

/// What is still waited for of a page that did not bring it, coin by coin: a page may be refused
/// where single coins are not, and coins move in and out of it. Who only rode along stays behind.
fn by_name(crew: &Crew, aboard: &mut Passengers) -> Vec<(Load, Passengers)> {
    let wants: Vec<Want> = aboard.awaited().into_iter().map(Want::detailed).collect();
    seated(crew.pack(&wants).loads, aboard)
}

impl Crew {
    /// Where the plan allows fewer currencies in a call than this one had: remembers how many, and
    /// packs again. Such a refusal costs nothing.
    fn learn_converts(
        &self,
        error: &UpstreamError,
        load: &Load,
        aboard: &mut Passengers,
    ) -> Option<Vec<(Load, Passengers)>> {
        let n_converts = usize::try_from(load.call.n_converts()).unwrap_or(usize::MAX);
        let limit = converts_limit(error).filter(|limit| *limit < n_converts)?;
        self.converts_max.store(limit.max(1), Ordering::Relaxed);
        if is_sweep(load) {
            self.sweeps.refused();
            return Some(by_name(self, aboard));
        }
        let wants: Vec<Want> = match load.kind {
            LoadKind::Quotes => aboard.awaited().into_iter().map(Want::detailed).collect(),
            LoadKind::Blocks { ref currencies, .. } => {
                let all: SmallVec<[CoinId; 2]> = currencies.iter().copied().collect();
                let block = |entity| Want { entity, how: How::InCurrencies(all.clone()) };
                aboard.awaited().into_iter().map(block).collect()
            }
            _ => return None,
        };
        Some(seated(self.pack(&wants).loads, aboard))
    }
}

/// How many currencies upstream says that the plan allows in a call.
fn converts_limit(error: &UpstreamError) -> Option<usize> {
    let message = &error.answer.as_deref()?.message;
    let rest = message.strip_prefix("Your plan is limited to ")?;
    rest.strip_suffix(" convert options")?.parse().ok()
}

/// Each load with those of `aboard` that it carries.
fn seated(loads: Vec<Load>, aboard: &mut Passengers) -> Vec<(Load, Passengers)> {
    let seat = |load: Load| {
        let some = aboard.split(&load.carries);
        (load, some)
    };
    loads.into_iter().map(seat).collect()
}

/// The same keys in two calls, without fillers.
fn halves(crew: &Crew, load: &Load) -> Vec<Load> {
    let middle = load.carries.len().div_ceil(2);
    let pack_half = |half: &[Entity]| {
        let wants: Vec<Want> = half.iter().cloned().map(Want::of).collect();
        crew.pack(&wants).loads
    };
    load.carries.chunks(middle).flat_map(pack_half).collect()
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
