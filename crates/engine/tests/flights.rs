//! Every interleaving of the flight table: the very file of the engine, on loom's primitives.

mod sync {
    pub(super) use loom::sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    };
    pub(super) use std::sync::PoisonError;
}

#[expect(dead_code, reason = "not every door of the table is tried here")]
#[path = "../src/flight/table.rs"]
mod table;

use loom::{sync::Arc, thread};
use table::{Interest, Joined, Table};

fn open(table: &Table<u8, u8>) -> (u64, Interest) {
    match table.join(&1, || 7) {
        Joined::Opened(generation, _, interest) => (generation, interest),
        Joined::Shared(..) | Joined::Full => panic!("the table was empty"),
    }
}

#[test]
fn two_askers_open_one_flight() {
    // Two flights for one key would be paid for twice.
    loom::model(|| {
        let table = Arc::new(Table::new(8));
        let other = Arc::clone(&table);
        let asker = thread::spawn(move || matches!(other.join(&1, || 7), Joined::Opened(..)));
        let here = matches!(table.join(&1, || 7), Joined::Opened(..));
        assert!(here ^ asker.join().unwrap());
    });
}

#[test]
fn nobody_joins_a_flight_that_was_withdrawn() {
    // An asker on a withdrawn flight would wait for ever. Either the flight departs with the
    // late asker, or the asker finds no flight and opens another.
    loom::model(|| {
        let table = Arc::new(Table::new(8));
        let (generation, interest) = open(&table);
        let other = Arc::clone(&table);
        let late = thread::spawn(move || match other.join(&1, || 7) {
            Joined::Shared(_, interest) => (true, interest),
            Joined::Opened(_, _, interest) => (false, interest),
            Joined::Full => panic!("there is room"),
        });
        drop(interest);
        let departs = table.depart(&1, generation);
        let (joined, _interest) = late.join().unwrap();
        assert!(!joined || departs, "joined a withdrawn flight");
    });
}

#[test]
fn a_value_of_an_invalidated_key_is_not_stored() {
    // A late value would bring the old one back.
    loom::model(|| {
        let table = Arc::new(Table::new(8));
        let (generation, _interest) = open(&table);
        let other = Arc::clone(&table);
        let invalidator = thread::spawn(move || other.detach(&1));
        let stored = table.land(&1, generation);
        let detached = invalidator.join().unwrap();
        assert!(stored ^ detached, "exactly one of landing and invalidating ends the flight");
        assert_eq!(table.len(), 0);
    });
}

#[test]
fn who_comes_after_an_invalidation_opens_a_new_flight() {
    // Joining the old flight would deliver what was just declared wrong.
    loom::model(|| {
        let table = Arc::new(Table::new(8));
        let (old, _waits) = open(&table);
        table.detach(&1);
        let other = Arc::clone(&table);
        let landing = thread::spawn(move || other.land(&1, old));
        let (new, _waits_too) = open(&table);
        assert!(!landing.join().unwrap());
        assert!(table.land(&1, new), "the old landing must not end the new flight");
    });
}
