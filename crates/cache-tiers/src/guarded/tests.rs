use std::sync::atomic::{AtomicU64, Ordering};

use clock::{ManualClock, Timestamp};
use tokio::time::Instant;

use super::*;
use crate::{Faults, Faulty, MemoryTier, TierExt};

crate::tier_conformance!(Guarded::new(
    MemoryTier::new("memory", 64 << 20),
    Duration::from_secs(5),
    Arc::new(clock::SystemClock)
));

const DEADLINE: Duration = Duration::from_millis(20);

fn guarded(faults: Faults) -> (Guarded<Faulty<MemoryTier>>, ManualClock) {
    let clock = ManualClock::at(Timestamp::from_millis(1_000_000));
    let tier = Faulty::new(MemoryTier::new("memory", 1 << 20), faults, 1);
    (Guarded::new(tier, DEADLINE, Arc::new(clock.clone())), clock)
}

async fn kind(tier: &impl Tier) -> Option<TierErrorKind> {
    tier.get(&Key::new("k")).await.err().map(|error| error.kind)
}

#[tokio::test(start_paused = true)]
async fn a_hung_tier_costs_its_deadline_and_then_nothing() {
    // Else every request waits for the dead tier, for as long as it is dead.
    let (tier, _clock) = guarded(Faults::HUNG);
    let start = Instant::now();
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        assert_eq!(kind(&tier).await, Some(TierErrorKind::TimedOut));
    }
    let spent = start.elapsed();
    assert!(spent <= (DEADLINE + Duration::from_millis(2)) * limits::TIER_FAILURES_TO_OPEN);
    for _ in 0..1_000 {
        assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
    }
    assert_eq!(start.elapsed(), spent);
    assert_eq!(tier.inner().n_calls(), u64::from(limits::TIER_FAILURES_TO_OPEN));
}

#[tokio::test]
async fn an_open_breaker_lets_one_probe_through_after_a_while() {
    // A herd of probes would keep a weak tier down.
    let (tier, clock) = guarded(Faults::DEAD);
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        assert_eq!(kind(&tier).await, Some(TierErrorKind::Unavailable));
    }
    clock.advance(limits::TIER_OPEN_FOR + limits::TIER_OPEN_JITTER);
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Unavailable));
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
}

#[tokio::test]
async fn a_tier_that_is_well_again_is_used_again() {
    // Left alone for ever it would be a tier less, silently.
    let (tier, clock) = guarded(Faults::default());
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        tier.trial().unwrap().outcome = Outcome::Failure;
    }
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
    clock.advance(limits::TIER_OPEN_FOR + limits::TIER_OPEN_JITTER);
    assert_eq!(kind(&tier).await, None);
    assert_eq!(tier.state(), State::Closed);
}

#[tokio::test]
async fn a_clock_that_is_set_back_leaves_no_tier_alone_for_longer() {
    // An hour back would be an hour without a tier that is well.
    let (tier, clock) = guarded(Faults::default());
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        tier.trial().unwrap().outcome = Outcome::Failure;
    }
    clock.set(clock.now().before(Duration::from_secs(900)));
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
    clock.advance(limits::TIER_OPEN_FOR + limits::TIER_OPEN_JITTER);
    assert_eq!(kind(&tier).await, None);
}

#[tokio::test]
async fn a_withdrawn_probe_gives_its_place_back() {
    // An asker that leaves during the probe would keep the tier closed off.
    let (tier, clock) = guarded(Faults::default());
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        tier.trial().unwrap().outcome = Outcome::Failure;
    }
    clock.advance(limits::TIER_OPEN_FOR + limits::TIER_OPEN_JITTER);
    drop(tier.trial().unwrap());
    assert_eq!(kind(&tier).await, None);
}

/// Answers after so many milliseconds.
#[derive(Debug)]
struct Late(MemoryTier, Arc<AtomicU64>);

#[async_trait]
impl Tier for Late {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn capability(&self) -> Capability {
        self.0.capability()
    }
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        tokio::time::sleep(Duration::from_millis(self.1.load(Ordering::Relaxed))).await;
        self.0.get_many(keys).await
    }
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.0.put_many(items).await
    }
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.0.remove_many(keys).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_tier_that_is_always_just_in_time_is_left_alone() {
    // It never fails, and every miss above it takes as long as if it did.
    let clock = ManualClock::at(Timestamp::from_millis(1_000_000));
    let late = Arc::new(AtomicU64::new(18));
    let tier = Late(MemoryTier::new("memory", 1 << 20), Arc::clone(&late));
    let tier = Guarded::new(tier, DEADLINE, Arc::new(clock.clone()));
    for _ in 0..limits::TIER_SHARE_CALLS_MIN {
        assert_eq!(kind(&tier).await, None);
    }
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
    late.store(3, Ordering::Relaxed);
    clock.advance(limits::TIER_OPEN_FOR + limits::TIER_OPEN_JITTER);
    for n in 0..200 {
        assert_eq!(kind(&tier).await, None, "a few slow answers are forgiven");
        late.store(if n % 3 == 0 { 18 } else { 3 }, Ordering::Relaxed);
        clock.advance(Duration::from_millis(30));
    }
}

#[derive(Debug)]
struct TooShort(MemoryTier);

#[async_trait]
impl Tier for TooShort {
    fn name(&self) -> &str {
        self.0.name()
    }
    fn capability(&self) -> Capability {
        self.0.capability()
    }
    async fn get_many(&self, _: &[Key]) -> Result<Vec<Option<Entry>>, TierError> {
        Ok(Vec::new())
    }
    async fn put_many(&self, items: &[(Key, Entry)]) -> Result<(), TierError> {
        self.0.put_many(items).await
    }
    async fn remove_many(&self, keys: &[Key]) -> Result<(), TierError> {
        self.0.remove_many(keys).await
    }
}

#[tokio::test]
async fn an_answer_of_another_length_is_no_answer() {
    // Zipped with the keys it would give one coin's price for another.
    let clock = Arc::new(ManualClock::default());
    let tier = Guarded::new(TooShort(MemoryTier::new("memory", 1)), DEADLINE, clock);
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Broken));
}

/// Remembers what it is told.
#[derive(Debug, Default)]
struct Listening(Mutex<Vec<(Verb, Ended, Duration)>>);

impl Observer for Listening {
    fn called(&self, verb: Verb, ended: Ended, elapsed: Duration) {
        self.0.lock().unwrap().push((verb, ended, elapsed));
    }
}

impl Listening {
    fn heard(&self) -> Vec<(Verb, Ended)> {
        self.0.lock().unwrap().drain(..).map(|(verb, ended, _)| (verb, ended)).collect()
    }
}

fn observed(faults: Faults) -> (Guarded<Faulty<MemoryTier>>, Arc<Listening>) {
    let listening = Arc::new(Listening::default());
    let observer: Arc<dyn Observer> = Arc::<Listening>::clone(&listening);
    (guarded(faults).0.observed_by(observer), listening)
}

fn entry() -> Entry {
    let now = Timestamp::from_millis(1_000_000);
    let end = now.after(Duration::from_secs(60));
    let meta =
        crate::Meta { fetched_at: now, fresh_until: end, usable_until: end, ..Default::default() };
    Entry { body: bytes::Bytes::from_static(b"{}"), meta }
}

#[tokio::test]
async fn each_call_is_told_with_its_verb_and_its_end() {
    // Breaks: nobody can say which tier is slow, and at what.
    let (tier, listening) = observed(Faults::default());
    let key = Key::new("k");
    tier.put(&key, entry()).await.unwrap();
    assert!(tier.get_many(&[key.clone(), Key::new("other")]).await.unwrap()[0].is_some());
    assert!(tier.get(&Key::new("other")).await.unwrap().is_none());
    tier.remove(&key).await.unwrap();
    let told = [
        (Verb::Put, Ended::Done),
        (Verb::Get, Ended::Found),
        (Verb::Get, Ended::Missing),
        (Verb::Remove, Ended::Done),
    ];
    assert_eq!(listening.heard(), told);
}

#[tokio::test]
async fn a_call_that_is_not_made_takes_no_time() {
    // Breaks: a dead tier looks like the fastest of all.
    let (tier, listening) = observed(Faults::DEAD);
    for _ in 0..limits::TIER_FAILURES_TO_OPEN {
        assert_eq!(kind(&tier).await, Some(TierErrorKind::Unavailable));
    }
    let n_calls = limits::TIER_FAILURES_TO_OPEN as usize;
    assert_eq!(listening.heard(), vec![(Verb::Get, Ended::Failed); n_calls]);
    assert_eq!(kind(&tier).await, Some(TierErrorKind::Open));
    assert!(listening.heard().is_empty());
}

#[tokio::test]
async fn a_call_that_is_given_up_is_told_and_one_that_is_withdrawn_is_not() {
    // Breaks: the slowest calls of all are in no percentile, or clients that hang up are.
    let (tier, listening) = observed(Faults::HUNG);
    assert_eq!(kind(&tier).await, Some(TierErrorKind::TimedOut));
    let told = listening.0.lock().unwrap().pop().unwrap();
    assert_eq!((told.0, told.1), (Verb::Get, Ended::Failed));
    assert!(told.2 >= DEADLINE, "{told:?}");
    let key = Key::new("k");
    let withdrawn = timeout(DEADLINE / 4, tier.get(&key)).await;
    assert!(withdrawn.is_err() && listening.heard().is_empty());
}

#[test]
fn of_peeks_one_of_a_few_is_told() {
    // Breaks: the short way gets slower for the sake of being watched.
    let (tier, listening) = observed(Faults::default());
    let n_peeks = limits::PEEK_SAMPLE * 10;
    for _ in 0..n_peeks {
        assert!(tier.peek(&Key::new("k")).is_none());
    }
    assert_eq!(listening.heard(), [(Verb::Get, Ended::Missing); 10]);
}
