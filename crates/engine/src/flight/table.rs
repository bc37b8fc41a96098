//! Who is already asking for what: flights, generations and interest, free of any runtime.
//!
//! The same file is compiled against loom's primitives in `tests/flights.rs`, where every
//! interleaving is tried; here `super::sync` is the standard library.

use std::{collections::HashMap, hash::Hash};

use super::sync::{Arc, AtomicUsize, Mutex, MutexGuard, Ordering, PoisonError};

/// One flight per key at most. `P` is what askers wait on.
#[derive(Debug)]
pub(crate) struct Table<K, P> {
    state: Mutex<State<K, P>>,
    max: usize,
}

#[derive(Debug)]
struct State<K, P> {
    flights: HashMap<K, Flight<P>>,
    generation: u64,
}

#[derive(Debug)]
struct Flight<P> {
    generation: u64,
    interest: Arc<AtomicUsize>,
    ticket: P,
}

/// While it lives, its flight is wanted.
#[derive(Debug)]
pub(crate) struct Interest(Arc<AtomicUsize>);

impl Interest {
    fn take(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Interest {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// What joining led to.
#[derive(Debug)]
pub(crate) enum Joined<P> {
    /// Nobody was asking: the caller must see to it that the flight of this generation departs.
    Opened(u64, P, Interest),
    /// Somebody is asking already.
    Shared(P, Interest),
    /// No room for another flight.
    Full,
}

impl<K: Eq + Hash + Clone, P: Clone> Table<K, P> {
    pub(crate) fn new(max: usize) -> Self {
        let state = State { flights: HashMap::new(), generation: 0 };
        Self { state: Mutex::new(state), max }
    }

    /// Joins the flight of `key`, or opens one with the ticket that `issue` makes.
    pub(crate) fn join(&self, key: &K, issue: impl FnOnce() -> P) -> Joined<P> {
        let mut state = self.lock();
        if let Some(flight) = state.flights.get(key) {
            return Joined::Shared(flight.ticket.clone(), Interest::take(&flight.interest));
        }
        if state.flights.len() >= self.max {
            return Joined::Full;
        }
        let count = Arc::new(AtomicUsize::new(0));
        let interest = Interest::take(&count);
        let ticket = issue();
        let generation = state.open(key, count, ticket.clone());
        Joined::Opened(generation, ticket, interest)
    }

    /// Opens a flight that nobody waits for, unless there is one; it is wanted until it lands.
    pub(crate) fn claim(&self, key: &K, issue: impl FnOnce() -> P) -> Option<u64> {
        let mut state = self.lock();
        if state.flights.contains_key(key) || state.flights.len() >= self.max {
            return None;
        }
        let ticket = issue();
        Some(state.open(key, Arc::new(AtomicUsize::new(1)), ticket))
    }

    /// The commit point: says whether the flight is still wanted, and withdraws it if not. Test
    /// and removal are one step, so that nobody can join what is being withdrawn. A flight that
    /// was detached still departs if somebody waits for it.
    pub(crate) fn depart(&self, key: &K, generation: u64) -> bool {
        let mut state = self.lock();
        match state.flights.get(key) {
            Some(flight) if flight.generation == generation => {
                let wanted = flight.interest.load(Ordering::Acquire) > 0;
                if !wanted {
                    state.flights.remove(key);
                }
                wanted
            }
            _ => true,
        }
    }

    /// Ends the flight. Says whether its value may be stored: not if the key was invalidated
    /// while it was in the air.
    pub(crate) fn land(&self, key: &K, generation: u64) -> bool {
        let mut state = self.lock();
        let current = state.flights.get(key).is_some_and(|flight| flight.generation == generation);
        if current {
            state.flights.remove(key);
        }
        current
    }

    /// Detaches the flight of an invalidated key: who waits for it is still answered, who comes
    /// later opens another.
    pub(crate) fn detach(&self, key: &K) -> bool {
        self.lock().flights.remove(key).is_some()
    }

    /// As [`Table::detach`], for every key that `is_meant`.
    pub(crate) fn detach_where(&self, is_meant: impl Fn(&K) -> bool) {
        self.lock().flights.retain(|key, _| !is_meant(key));
    }

    /// What those who ask for `key` wait on.
    pub(crate) fn ticket(&self, key: &K) -> Option<P> {
        self.lock().flights.get(key).map(|flight| flight.ticket.clone())
    }

    /// Whether the flight of `key` is the one of that generation.
    pub(crate) fn is(&self, key: &K, generation: u64) -> bool {
        self.lock().flights.get(key).is_some_and(|flight| flight.generation == generation)
    }

    /// Whether somebody is asking for `key` already.
    pub(crate) fn has(&self, key: &K) -> bool {
        self.lock().flights.contains_key(key)
    }

    /// How many flights there are.
    pub(crate) fn len(&self) -> usize {
        self.lock().flights.len()
    }

    fn lock(&self) -> MutexGuard<'_, State<K, P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash + Clone, P> State<K, P> {
    fn open(&mut self, key: &K, interest: Arc<AtomicUsize>, ticket: P) -> u64 {
        self.generation += 1;
        let generation = self.generation;
        self.flights.insert(key.clone(), Flight { generation, interest, ticket });
        generation
    }
}
