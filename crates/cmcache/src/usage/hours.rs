use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use clock::Timestamp;
use credits::{Figures, Tally};

/// Sums that wait for a book that is away; then the oldest go.
const WAITING_MAX: usize = 65_536;
const HOUR_MS: i64 = 3_600_000;

/// Hour, operation, client.
type Place = (Timestamp, Arc<str>, Arc<str>);

/// The sums of the hours that may still grow, or are not written yet.
#[derive(Debug)]
pub(super) struct Hours {
    account: Arc<str>,
    instance: Arc<str>,
    sums: BTreeMap<Place, Figures>,
    /// Grown since they were written.
    grown: BTreeSet<Place>,
    /// What the engine had counted of calls when it was asked last.
    calls: HashMap<Arc<str>, Figures>,
}

impl Hours {
    pub(super) fn new(account: Arc<str>, instance: Arc<str>) -> Self {
        let (sums, grown) = (BTreeMap::new(), BTreeSet::new());
        Self { account, instance, sums, grown, calls: HashMap::new() }
    }

    pub(super) fn add(
        &mut self,
        at: Timestamp,
        (operation, client): (Arc<str>, Arc<str>),
        figures: &Figures,
    ) {
        if figures.is_zero() {
            return;
        }
        let place = (Tally::hour_of(at), operation, client);
        self.sums.entry(place.clone()).or_default().absorb(figures);
        self.grown.insert(place);
        while self.sums.len() > WAITING_MAX {
            if let Some((oldest, _)) = self.sums.pop_first() {
                self.grown.remove(&oldest);
            }
        }
    }

    /// Adds what the counters of calls have grown by.
    pub(super) fn add_calls(&mut self, now: Timestamp, calls: Vec<(Arc<str>, Figures)>) {
        for (operation, figures) in calls {
            let before = self.calls.insert(Arc::clone(&operation), figures).unwrap_or_default();
            self.add(now, (operation, "".into()), &figures.since(&before));
        }
    }

    /// What has grown since it was written.
    pub(super) fn grown(&self) -> Vec<Tally> {
        let tally = |place: &Place| {
            let (hour, operation, client) = place;
            Some(Tally {
                hour: *hour,
                account: Arc::clone(&self.account),
                instance: Arc::clone(&self.instance),
                operation: Arc::clone(operation),
                client: Arc::clone(client),
                figures: *self.sums.get(place)?,
            })
        };
        self.grown.iter().filter_map(tally).collect()
    }

    /// All of that is written.
    pub(super) fn written(&mut self, now: Timestamp) {
        self.grown.clear();
        // Late minutes of the hour before may still come.
        let growing = Tally::hour_of(now).as_millis() - HOUR_MS;
        self.sums.retain(|(hour, ..), _| hour.as_millis() >= growing);
    }
}
