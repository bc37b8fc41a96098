//! What the other instances tell, and what follows from it here.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;
use cache_tiers::{Entry, Flags, Key, Listener, Mark, Meta, Note, Refreshed, Scope, Version};
use clock::Timestamp;

use crate::{entity::Entity, fetch::Crew, limits, sweep::Sweep};

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The work that never ends by itself: to be run by the one who owns the tasks.
pub(crate) fn work(crew: &Arc<Crew>) -> Vec<Work> {
    let mut work: Vec<Work> = Vec::new();
    if let Some(backplane) = crew.common.backplane() {
        // Now, not when the work is first polled: what is told meanwhile shall be heard.
        work.push(Box::pin(hear(Arc::clone(crew), backplane.listen())));
    }
    if crew.stack.is_shared() {
        work.push(Box::pin(keep_marks(Arc::clone(crew))));
    }
    work
}

async fn hear(crew: Arc<Crew>, mut listener: Box<dyn Listener>) {
    loop {
        let notes = listener.hear().await;
        crew.learn(notes).await;
    }
}

/// Who missed a mark reads it here, at the latest.
async fn keep_marks(crew: Arc<Crew>) {
    loop {
        tokio::time::sleep(limits::MARKS_EVERY).await;
        crew.sync_marks().await;
    }
}

impl Crew {
    /// Takes in what other instances told.
    async fn learn(&self, notes: Vec<Note>) {
        self.metrics.notes_heard.increment(notes.len() as u64);
        let mut doubtful: Vec<Entity> = Vec::new();
        for note in notes {
            match note {
                Note::Filled(key, version) => {
                    self.versions.observe(version);
                    if let Some(page) = Sweep::read(&key, &self.namespace) {
                        let now = self.clock.now();
                        self.sweeps.flown_elsewhere(page, version.started(), now);
                    }
                    self.common.ring(&key);
                    doubtful.extend(self.older_than(&key, version));
                }
                Note::Released(key) => self.common.ring(&key),
                Note::Changed(key) => {
                    self.common.ring(&key);
                    doubtful.extend(self.older_than(&key, Version::from_bits(u64::MAX)));
                }
                Note::Removed(key, fence) => {
                    self.versions.observe(fence);
                    self.common.ring(&key);
                    self.forget(&key, fence).await;
                }
                Note::Marked(mark) => self.apply(&mark),
                Note::Gap => {
                    self.sync_marks().await;
                    doubtful.extend(self.hot.entities());
                }
            }
        }
        for some in doubtful.chunks(limits::RECHECK_MAX) {
            self.refresh(some).await;
        }
    }

    /// What is held of the key, if that is older.
    fn older_than(&self, key: &Key, version: Version) -> Option<Entity> {
        let entity = self.common.entity_of(key, &self.namespace)?;
        let held = self.hot.hold(&entity)?;
        (held.meta.version < version).then_some(entity)
    }

    /// Another instance removed it.
    async fn forget(&self, key: &Key, fence: Version) {
        if let Some(entity) = self.common.entity_of(key, &self.namespace) {
            self.flights.detach(&entity);
            self.hot.invalidate(&entity, fence, self.clock.now());
        }
        self.looks.part();
        self.stack.forget(std::slice::from_ref(key), fence).await;
    }

    /// Reads what the shared tiers hold of `entities`, and takes it in where it is newer.
    pub(crate) async fn refresh(&self, entities: &[Entity]) {
        let keys: Vec<Key> = entities.iter().map(|entity| entity.key(&self.namespace)).collect();
        let found = self.stack.refresh(&keys, self.clock.now()).await;
        for (entity, Refreshed { found, newest }) in entities.iter().zip(found) {
            self.versions.observe(newest);
            match found {
                Some(found) => drop(self.adopt(entity, &found)),
                // Removed, unless nobody has anything: a shared tier may have lost what we hold.
                None if self.hot.hold(entity).is_some_and(|held| held.meta.version < newest) => {
                    self.hot.invalidate(entity, newest, self.clock.now());
                }
                None => {}
            }
        }
    }

    /// Whatever the scope covers is dead, here and everywhere.
    pub(crate) async fn mark(&self, scope: Scope) -> Mark {
        let mark = Mark { scope, fence: self.versions.next(self.clock.now()) };
        self.apply(&mark);
        self.common.tell(&[Note::Marked(mark.clone())]).await;
        self.sync_marks().await;
        mark
    }

    fn apply(&self, mark: &Mark) {
        self.versions.observe(mark.fence);
        // Before the flights: a value that lands in between is either fenced or removed below.
        if !self.stack.mark(mark.clone()) {
            return;
        }
        let key = |entity: &Entity| entity.key(&self.namespace);
        // The class of what is under way is not known: it is loaded, but not kept.
        self.flights.detach_where(|entity| match &mark.scope {
            Scope::Prefix(_) => mark.scope.covers(&key(entity), 0),
            Scope::Class(..) => true,
        });
        self.hot.drop_where(|entity, meta| mark.covers(&key(entity), meta));
        self.looks.part();
    }

    /// Brings the marks of this instance and those in the shared tiers together.
    pub(crate) async fn sync_marks(&self) {
        if !self.stack.is_shared() {
            return;
        }
        let key = Key::new(&format!("{}{}", self.namespace, limits::MARKS_KEY));
        let found = self.stack.refresh(std::slice::from_ref(&key), self.clock.now()).await;
        let entry = found.into_iter().find_map(|seen| seen.found).map(|found| found.entry);
        let stored = entry.as_ref().map(read).unwrap_or_default();
        stored.iter().for_each(|mark| self.apply(mark));
        let own = self.stack.marks();
        if own.iter().any(|mark| !stored.contains(mark)) {
            let now = self.clock.now();
            if let Some(entry) = entry {
                self.versions.observe(entry.meta.version);
            }
            let entry = write(&own, self.versions.next(now), now);
            self.stack.fill_through(&[(key, entry)]).await;
        }
    }
}

fn read(entry: &Entry) -> Vec<Mark> {
    let text = std::str::from_utf8(&entry.body).unwrap_or_default();
    text.lines().filter_map(Mark::read).collect()
}

fn write(marks: &[Mark], version: Version, now: Timestamp) -> Entry {
    let lines: Vec<String> = marks.iter().map(Mark::write).collect();
    own_entry(lines.join("\n"), version, now, limits::MARKS_LIFE)
}

/// What the house itself writes into the tiers: fresh and usable for all of `life`.
pub(crate) fn own_entry(text: String, version: Version, now: Timestamp, life: Duration) -> Entry {
    let until = now.after(life);
    let meta = Meta {
        version,
        fetched_at: now,
        fresh_until: until,
        usable_until: until,
        flags: Flags::NONE,
        ..Meta::default()
    };
    Entry { body: Bytes::from(text), meta }
}
