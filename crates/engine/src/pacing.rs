//! Where pacing meets what is served: lots are counted here, and how old each may be stands here.
//!
//! How old that should be is decided in [`credits::Pacer`]; this only measures and remembers. Ages
//! are judged when an answer is composed, never written into an entry: a stretch that changes
//! holds at once for everything that is stored, and no life is ever renewed.

use std::{
    cmp::Reverse,
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use clock::Timestamp;
use cmc_api::{CoinId, Part, Ranking};
use credits::{Credits, Denied, Funds, Paced, Pacer, Reason, Refusal, Seen, Step};

use crate::{entity::Entity, limits, policy::Ages, stale::Demand};

/// The lots that are asked for, and how old each may be. Shared by all that judge ages.
#[derive(Debug)]
pub struct Pacing {
    is_on: bool,
    /// Whether any lot has an age that is not its own.
    is_moved: AtomicBool,
    step: AtomicU8,
    lots: RwLock<HashMap<LotKey, Arc<Lot>>>,
    /// Why nothing is bought, at the last step.
    refusal: Mutex<Option<Arc<Denied>>>,
}

/// What one call refreshes together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum LotKey {
    /// All coins in one currency: a call carries 250 of them.
    Quotes(CoinId),
    /// A ranking, bought in one currency.
    Ranking(Ranking, CoinId),
    /// Metadata of coins.
    Infos,
    /// Parts of one kind.
    Parts(Part, CoinId),
    /// One whole answer.
    Whole(Arc<str>),
}

/// A lot: how often it was asked for, what that cost, and how old it may be.
#[derive(Debug)]
pub(crate) struct Lot {
    name: Arc<str>,
    asked: AtomicU64,
    charged: AtomicU64,
    /// In milliseconds; 0: its own age.
    age: AtomicU64,
    natural: AtomicU64,
    least: AtomicU64,
    most: AtomicU64,
    n_idle: AtomicU32,
}

impl LotKey {
    /// The lot of an entity; the map is free, and in none.
    fn of(entity: &Entity) -> Option<Self> {
        Some(match entity {
            Entity::Quote { currency, .. } => Self::Quotes(*currency),
            Entity::Block { ranking, currency, .. } => Self::Ranking(ranking.clone(), *currency),
            Entity::Info { .. } => Self::Infos,
            Entity::Part { part, currency, .. } => Self::Parts(*part, *currency),
            Entity::Whole { canonical } => Self::Whole(Arc::clone(canonical)),
            Entity::Map => return None,
        })
    }

    /// Of what is found again after a restart.
    fn name(&self) -> Arc<str> {
        let name = match self {
            Self::Quotes(currency) => format!("quotes in {currency}"),
            Self::Ranking(ranking, currency) => format!("list {} in {currency}", ranking.as_str()),
            Self::Infos => "info".to_owned(),
            Self::Parts(part, currency) => format!("{} in {currency}", part.name()),
            Self::Whole(canonical) => canonical.chars().take(limits::LOT_NAME_CHARS_MAX).collect(),
        };
        name.into()
    }
}

impl Lot {
    fn new(name: Arc<str>) -> Self {
        let zero = AtomicU64::default;
        Self {
            name,
            asked: zero(),
            charged: zero(),
            age: zero(),
            natural: zero(),
            least: zero(),
            most: zero(),
            n_idle: AtomicU32::default(),
        }
    }

    /// How old it may be, within the bounds of the operation that asks.
    pub(crate) fn age(&self, ages: &Ages) -> Duration {
        match self.age.load(Ordering::Relaxed) {
            0 => ages.natural,
            millis => ages.bound(Duration::from_millis(millis)),
        }
    }

    /// One more answer needed it.
    pub(crate) fn ask(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    fn learn(&self, ages: &Ages) {
        let millis = |age: Duration| u64::try_from(age.as_millis()).unwrap_or(u64::MAX);
        self.natural.store(millis(ages.natural), Ordering::Relaxed);
        self.least.store(millis(ages.least), Ordering::Relaxed);
        self.most.store(millis(ages.most), Ordering::Relaxed);
    }

    /// What was seen since the last time.
    fn seen(&self) -> Seen {
        let asked = self.asked.swap(0, Ordering::Relaxed);
        let charged = self.charged.swap(0, Ordering::Relaxed);
        let n_idle = if asked + charged > 0 { 0 } else { self.n_idle.load(Ordering::Relaxed) + 1 };
        self.n_idle.store(n_idle, Ordering::Relaxed);
        let millis = |age: &AtomicU64| Duration::from_millis(age.load(Ordering::Relaxed));
        Seen {
            name: Arc::clone(&self.name),
            asked,
            charged: Credits::new(charged),
            natural: millis(&self.natural),
            least: millis(&self.least),
            most: millis(&self.most),
        }
    }
}

impl Pacing {
    /// One that measures nothing and moves nothing, unless it is on.
    pub(crate) fn new(is_on: bool) -> Self {
        Self {
            is_on,
            is_moved: AtomicBool::new(false),
            step: AtomicU8::new(0),
            lots: RwLock::default(),
            refusal: Mutex::default(),
        }
    }

    /// Whether ages may be moved at all.
    #[must_use]
    pub const fn is_on(&self) -> bool {
        self.is_on
    }

    /// Where the ladder stands.
    #[must_use]
    pub fn step(&self) -> Step {
        let step = usize::from(self.step.load(Ordering::Relaxed));
        Step::ALL.get(step).copied().unwrap_or_default()
    }

    /// How many lots are counted.
    #[must_use]
    pub fn n_lots(&self) -> usize {
        self.lots.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The lots whose age is not their own, oldest first, at most `n`.
    #[must_use]
    pub fn moved(&self, n: usize) -> Vec<(Arc<str>, Duration)> {
        let lots = self.lots.read().unwrap_or_else(PoisonError::into_inner);
        let ages = lots.values().map(|lot| (lot.age.load(Ordering::Relaxed), lot));
        let moved = ages.filter(|(millis, _)| *millis > 0);
        let mut moved: Vec<_> = moved
            .map(|(millis, lot)| (Arc::clone(&lot.name), Duration::from_millis(millis)))
            .collect();
        moved.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        moved.truncate(n);
        moved
    }

    /// Hands what was seen since the last tick to `pacer`, and lets what it says hold from now on.
    pub fn tick(&self, pacer: &mut Pacer, now: Timestamp, funds: &[Funds]) -> Paced {
        let mut lots: Vec<Arc<Lot>> = {
            let mut lots = self.lots.write().unwrap_or_else(PoisonError::into_inner);
            lots.retain(|_, lot| {
                Arc::strong_count(lot) > 1
                    || lot.n_idle.load(Ordering::Relaxed) < limits::LOT_IDLE_TICKS
            });
            lots.values().cloned().collect()
        };
        lots.sort_by(|a, b| a.name.cmp(&b.name));
        let seen: Vec<Seen> = lots.iter().map(|lot| lot.seen()).collect();
        let paced = pacer.tick(now, funds, &seen);
        for (lot, age) in lots.iter().zip(&paced.ages) {
            let millis = age.map_or(0, |age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
            lot.age.store(millis, Ordering::Relaxed);
        }
        let is_moved = paced.ages.iter().any(Option::is_some);
        self.is_moved.store(is_moved, Ordering::Relaxed);
        *self.refusal.lock().unwrap_or_else(PoisonError::into_inner) = refusal(funds);
        let step = Step::ALL.iter().position(|step| *step == paced.step).unwrap_or(0);
        self.step.store(u8::try_from(step).unwrap_or(0), Ordering::Relaxed);
        paced
    }

    /// Why nothing is bought at the last step.
    pub(crate) fn refusal(&self) -> Option<Arc<Denied>> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The demand as it is towards one entity, whose lot may be older or must be younger.
    pub(crate) fn towards(&self, demand: &Demand, entity: &Entity) -> Demand {
        match &demand.ages {
            Some(ages) if self.is_moved.load(Ordering::Relaxed) => {
                let age = self.lot_of(entity).map_or(ages.natural, |lot| lot.age(ages));
                Demand { max_age: age, ..*demand }
            }
            _ => *demand,
        }
    }

    /// The lot of `entity`, made known to be served between `ages`; `None` where none is kept.
    pub(crate) fn lot_within(&self, entity: &Entity, ages: &Ages) -> Option<Arc<Lot>> {
        // What is never fresh is bought each time, whatever the age.
        if !self.is_on || ages.natural.is_zero() {
            return None;
        }
        let lot = self.lot(LotKey::of(entity)?)?;
        lot.learn(ages);
        Some(lot)
    }

    /// Books what a call took on the lot that it was made for.
    pub(crate) fn charge(&self, entity: Option<&Entity>, charged: Credits) {
        let key = entity.filter(|_| self.is_on).and_then(LotKey::of);
        let lot = match key {
            // What is asked for once is nothing to be refreshed, and no lot.
            Some(key @ LotKey::Whole(_)) => self.find(&key),
            Some(key) => self.lot(key),
            None => None,
        };
        if let Some(lot) = lot {
            lot.charged.fetch_add(charged.get(), Ordering::Relaxed);
        }
    }

    /// Whether both belong to the same lot: then they are as old as each other at most.
    pub(crate) fn is_same_lot(a: &Entity, b: &Entity) -> bool {
        match (a, b) {
            (Entity::Quote { currency: a, .. }, Entity::Quote { currency: b, .. }) => a == b,
            _ => LotKey::of(a) == LotKey::of(b),
        }
    }

    fn lot_of(&self, entity: &Entity) -> Option<Arc<Lot>> {
        self.find(&LotKey::of(entity)?)
    }

    fn find(&self, key: &LotKey) -> Option<Arc<Lot>> {
        self.lots.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn lot(&self, key: LotKey) -> Option<Arc<Lot>> {
        if let Some(lot) = self.find(&key) {
            return Some(lot);
        }
        let mut lots = self.lots.write().unwrap_or_else(PoisonError::into_inner);
        if lots.len() >= limits::LOTS_MAX && !lots.contains_key(&key) {
            return None;
        }
        let name = key.name();
        Some(Arc::clone(lots.entry(key).or_insert_with(|| Arc::new(Lot::new(name)))))
    }
}

/// What is said to who asks for more than is left: the window that opens last.
fn refusal(funds: &[Funds]) -> Option<Arc<Denied>> {
    let tightest = funds.iter().min_by_key(|funds| (funds.left(), Reverse(funds.reset)))?;
    Some(Arc::new(Denied::Budget(Refusal {
        window: tightest.window,
        limit: tightest.limit.get(),
        used: tightest.used.get(),
        reserved: 0,
        asked: 1,
        retry_at: Some(tightest.reset),
        reason: Reason::Exhausted,
    })))
}
