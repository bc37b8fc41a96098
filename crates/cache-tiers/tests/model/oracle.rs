//! What is true, and whether an answer agrees with it.

use std::time::Duration;

use cache_tiers::{
    Clock as _, Entry, Found, Freshness, Key, Mark, Meta, Timestamp, Version, limits,
};
use tokio::time::Instant;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::clock::SimClock;

pub(crate) const N_KEYS: usize = 3;

/// Longer than all deadlines of a call, one after the other.
const CALL_MAX: Duration = Duration::from_millis(300);

pub(crate) fn key(index: usize) -> Key {
    Key::new(&format!("{}:{index}", if index.is_multiple_of(2) { "quote" } else { "map" }))
}

pub(crate) fn class(index: usize) -> u16 {
    u16::try_from(index / 2).unwrap()
}

/// One load, as it was stamped; the body of its entry is its place in the list.
#[derive(Debug)]
struct Load {
    key: usize,
    meta: Meta,
    world_ms: i64,
    skew_ms: i64,
}

/// What one instance knows, or ought to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The newest version that it was given or has written.
    seen: [Version; N_KEYS],
    /// How often it has removed the key, and so may be given anything from the fence on.
    n_removed: [u64; N_KEYS],
    /// What is older was removed: by itself, or it was told so.
    dead: [Version; N_KEYS],
    pub(crate) marks: Vec<Mark>,
}

/// A removal that no store may have forgotten when all is well again.
#[derive(Debug)]
struct Claim {
    instance: usize,
    key: usize,
    fence: Version,
    world_ms: i64,
}

/// A call that is under way.
#[derive(Debug)]
pub(crate) struct Asked {
    instance: usize,
    name: &'static str,
    pub(crate) now: Timestamp,
    begun: Instant,
    world_ms: i64,
    skew_ms: i64,
    known: Known,
}

#[derive(Debug)]
pub(crate) struct Oracle {
    loads: Vec<Load>,
    pub(crate) known: [Known; 2],
    claims: Vec<Claim>,
    shadow: Option<usize>,
    pub(crate) wrong: Option<String>,
    pub(crate) n_answers: u64,
    pub(crate) hash: u64,
    pub(crate) story: Option<Vec<String>>,
    begun: Instant,
}

impl Oracle {
    pub(crate) fn new(shadow: Option<usize>, is_told: bool) -> Self {
        Self {
            loads: Vec::new(),
            known: Default::default(),
            claims: Vec::new(),
            shadow,
            wrong: None,
            n_answers: 0,
            hash: 0,
            story: is_told.then(Vec::new),
            begun: Instant::now(),
        }
    }

    /// One event: into the hash, and into the story if it is told.
    pub(crate) fn note(&mut self, event: &str) {
        let at = self.begun.elapsed().as_millis();
        let seed = self.hash ^ u64::try_from(at).unwrap();
        self.hash = xxh3_64_with_seed(event.as_bytes(), seed);
        if let Some(story) = &mut self.story {
            story.push(format!("{at:>8} ms  {event}"));
        }
    }

    fn fail(&mut self, law: &str, what: &str) {
        self.note(&format!("{law}: {what}"));
        self.wrong.get_or_insert(format!("{law}: {what}"));
    }

    pub(crate) fn load(&mut self, key: usize, meta: Meta, clock: &SimClock) -> Entry {
        let body = self.loads.len().to_string();
        let load = Load { key, meta, world_ms: clock.world_ms(), skew_ms: clock.skew_ms() };
        self.loads.push(load);
        Entry { body: body.into(), meta }
    }

    pub(crate) fn ask(&self, instance: usize, name: &'static str, clock: &SimClock) -> Asked {
        Asked {
            instance,
            name,
            now: clock.now(),
            begun: Instant::now(),
            world_ms: clock.world_ms(),
            skew_ms: clock.skew_ms(),
            known: self.known[instance].clone(),
        }
    }

    /// Own writes are seen by oneself, if they still live.
    pub(crate) fn wrote(&mut self, instance: usize, key: usize, meta: &Meta, now: Timestamp) {
        if now < meta.usable_until {
            let seen = &mut self.known[instance].seen[key];
            *seen = meta.version.max(*seen);
        }
    }

    pub(crate) fn removed(&mut self, instance: usize, key: usize, fence: Version, at: &SimClock) {
        let known = &mut self.known[instance];
        known.seen[key] = Version::ZERO;
        known.n_removed[key] += 1;
        known.dead[key] = fence.max(known.dead[key]);
        self.claims.push(Claim { instance, key, fence, world_ms: at.world_ms() });
    }

    pub(crate) fn told(&mut self, instance: usize, key: usize, fence: Version) {
        let dead = &mut self.known[instance].dead[key];
        *dead = fence.max(*dead);
    }

    pub(crate) fn restarted(&mut self, instance: usize) {
        self.known[instance] = Known::default();
        self.claims.retain(|claim| claim.instance != instance);
    }

    pub(crate) fn wiped(&mut self) {
        self.claims.clear();
    }

    /// A call is over that gives no entries.
    pub(crate) fn ended(&mut self, asked: &Asked) {
        let took = asked.begun.elapsed();
        self.note(&format!("{} {} ended", asked.instance, asked.name));
        if took > CALL_MAX {
            self.fail("3 failure is a miss", &format!("{} took {took:?}", asked.name));
        }
    }

    /// A call is over that gives one outcome per key.
    pub(crate) fn answered(&mut self, asked: &Asked, keys: &[usize], found: &[Option<Found>]) {
        self.ended(asked);
        if found.len() != keys.len() {
            self.fail("3 failure is a miss", &format!("{} outcomes", found.len()));
        }
        for (&key, found) in keys.iter().zip(found) {
            self.n_answers += 1;
            let Some(found) = found else { continue };
            self.note(&format!(
                "{} {} key {key}: load {:?} of {:x} in tier {}, {:?}",
                asked.instance,
                asked.name,
                found.entry.body,
                found.entry.meta.version.to_bits(),
                found.tier,
                found.freshness
            ));
            self.judge(asked, key, found);
        }
    }

    fn judge(&mut self, asked: &Asked, key: usize, found: &Found) {
        let verdict = self.honesty(key, found).and_then(|load| {
            age(load, asked, found)?;
            fence(&asked.known, &self.known[asked.instance], key, &found.entry.meta)
        });
        if let Err((law, what)) = verdict {
            self.fail(law, &format!("{} {}, key {key}: {what}", asked.instance, asked.name));
        }
        let known = &mut self.known[asked.instance];
        if known.n_removed[key] == asked.known.n_removed[key] {
            known.seen[key] = found.entry.meta.version.max(known.seen[key]);
        }
    }

    /// Which load it is.
    fn honesty(&self, key: usize, found: &Found) -> Result<&Load, (&'static str, String)> {
        let wrong = |what: String| Err(("5 honesty", what));
        if found.entry.meta.is_tombstone() {
            return wrong("a tombstone as an answer".to_owned());
        }
        if found.tier > 3 || Some(found.tier) == self.shadow {
            return wrong(format!("tier {} may not answer", found.tier));
        }
        match self.load_of(&found.entry) {
            Some(load) if load.key == key => Ok(load),
            _ => wrong(format!("{:?} was never loaded under it", found.entry.body)),
        }
    }

    fn load_of(&self, entry: &Entry) -> Option<&Load> {
        let place: usize = str::from_utf8(&entry.body).ok()?.parse().ok()?;
        self.loads.get(place)
    }

    /// When all is well again, and everybody had time: what was removed is nowhere.
    pub(crate) fn converged(
        &mut self,
        world_ms: i64,
        held: impl Fn(usize) -> Vec<(usize, Option<Entry>)>,
    ) {
        let life = i64::try_from(limits::TOMBSTONE_LIFE.as_millis()).unwrap();
        let mut left = Vec::new();
        for claim in self.claims.iter().filter(|claim| world_ms - claim.world_ms < life / 2) {
            for (store, entry) in held(claim.key) {
                // A clock that is behind may give a later load an older version.
                let is_back = |entry: &Entry| {
                    entry.meta.version < claim.fence
                        && self.load_of(entry).is_some_and(|load| load.world_ms <= claim.world_ms)
                };
                if let Some(entry) = entry.filter(is_back) {
                    left.push(format!("store {store} holds {:?} still: {claim:?}", entry.meta));
                }
            }
        }
        left.into_iter().for_each(|what| self.fail("2 fence", &what));
    }

    pub(crate) fn marks_are_bounded(&mut self, n_marks: usize) {
        if n_marks > limits::MARKS_MAX {
            self.fail("4 bounds", &format!("{n_marks} marks"));
        }
    }
}

/// Law 1.
fn age(load: &Load, asked: &Asked, found: &Found) -> Result<(), (&'static str, String)> {
    let (held, set, now) = (&found.entry.meta, &load.meta, asked.now);
    let wrong = |what: &str| {
        let told = format!("{what}: {held:?} of {set:?} at {now:?}, skew {}", asked.skew_ms);
        Err(("1 age", told))
    };
    let is_as_loaded =
        Meta { fresh_until: set.fresh_until, usable_until: set.usable_until, ..*held } == *set;
    if !is_as_loaded || held.fresh_until > set.fresh_until || held.usable_until > set.usable_until {
        return wrong("times that no load has set");
    }
    if now >= set.usable_until || (now >= set.fresh_until && found.freshness == Freshness::Fresh) {
        return wrong("older than its policy allows");
    }
    // What has truly passed is more only by as much as the writer's clock was ahead of ours.
    let ttl = set.fresh_until.since(set.fetched_at).as_millis();
    let is_fresh = found.freshness == Freshness::Fresh;
    let ahead = (load.skew_ms - asked.skew_ms).max(0);
    let true_age = asked.world_ms - load.world_ms;
    if is_fresh && i128::from(true_age) >= i128::try_from(ttl).unwrap() + i128::from(ahead) {
        return wrong("truly older than its policy allows");
    }
    if is_fresh && set.fetched_at > now.after(limits::SKEW_MAX) {
        return wrong("fresh though from the future");
    }
    Ok(())
}

/// Law 2: `then` is what was known when the call began.
fn fence(
    then: &Known,
    known: &Known,
    key: usize,
    meta: &Meta,
) -> Result<(), (&'static str, String)> {
    let wrong = |what: String| Err(("2 fence", what));
    // A removal in between lets anything through from its own fence on.
    let seen = then.seen[key].min(known.seen[key]);
    if meta.version < seen {
        return wrong(format!("{:?} after {seen:?} was seen", meta.version));
    }
    if meta.version < then.dead[key] {
        return wrong(format!("{:?} is back, dead by {:?}", meta.version, then.dead[key]));
    }
    let name = self::key(key);
    if let Some(mark) = then.marks.iter().find(|mark| mark.covers(&name, meta)) {
        return wrong(format!("{:?} is back, dead by {mark:?}", meta.version));
    }
    Ok(())
}
