//! The law of age: what is served was set by a load, never by a copy.

use proptest::prelude::*;

use super::*;

/// Loads once, then looks every second while the upper tiers forget what they hold every
/// `forget_s`: how long it is served, fresh and at all, in seconds since the load.
async fn served(plans: &[Plan], ttl_s: u64, grace_s: u64, forget_s: u64) -> (u64, u64) {
    let bench = bench(plans);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), ttl_s, grace_s))]).await;
    let (mut fresh, mut usable) = (0, 0);
    for second in 1..=ttl_s + grace_s + 20_000_u64.min(4 * forget_s * ttl_s) {
        bench.advance(1);
        if second % forget_s == 0 {
            for tier in 0..plans.len() - 1 {
                bench.uproot(tier, &key).await;
            }
        }
        match bench.look(&key).await.map(|found| found.freshness) {
            Some(Freshness::Fresh) => (fresh, usable) = (second, second),
            Some(_) => usable = second,
            None if second > ttl_s + grace_s + 400 => break,
            None => {}
        }
    }
    (fresh, usable)
}

const fn keeps(plan: Plan, retention_s: u64) -> Plan {
    Plan { retention_s, ..plan }
}

#[tokio::test]
async fn three_tiers_with_lives_of_their_own_do_not_add_them_up() {
    // 300 s, 600 s and 3,600 s once served a quote of 120 s for 75 minutes.
    let plans = [keeps(NEAR, 300), keeps(FAR, 600), keeps(FAR, 3_600)];
    assert_eq!(served(&plans, 120, 0, 37).await, (119, 119));
}

#[tokio::test]
async fn a_refilled_upper_tier_does_not_begin_a_life_of_its_own() {
    // A primary with 10 s was refilled for about five minutes.
    assert_eq!(served(&[keeps(NEAR, 300), FAR], 10, 0, 5).await, (9, 9));
}

#[tokio::test]
async fn a_short_life_is_not_lengthened_to_the_default_of_a_tier() {
    // An entry of 2 s could still live for 100 s.
    assert_eq!(served(&[keeps(NEAR, 100), keeps(FAR, 100)], 2, 0, 1).await, (1, 1));
}

#[tokio::test]
async fn a_copy_in_the_last_second_gets_the_last_second() {
    // 60 s became 119 s by a promotion at second 59.
    assert_eq!(served(&[NEAR, FAR], 60, 0, 59).await, (59, 59));
}

#[tokio::test]
async fn a_copy_without_a_life_of_its_own_is_not_kept_for_ever() {
    // A chain stored back-fills without any expiry.
    assert_eq!(served(&[NEAR, NEAR, FAR], 30, 0, 7).await, (29, 29));
}

#[tokio::test]
async fn grace_is_not_freshness_and_ends_as_well() {
    // A stale copy that counts as fresh upstairs hides an outage.
    assert_eq!(served(&[keeps(NEAR, 300), FAR], 10, 50, 3).await, (9, 59));
}

#[tokio::test]
async fn a_slow_answer_is_not_younger_for_it() {
    // Anchored when the answer came, an entry of 60 s lived for 60 s and the load.
    let bench = bench(&[NEAR]);
    let key = Key::new("k");
    let loaded = entry(1, bench.clock.now(), 60, 0);
    bench.advance(25);
    bench.stack.fill(&[(key.clone(), loaded)]).await;
    bench.advance(34);
    assert!(bench.look(&key).await.is_some());
    bench.advance(1);
    assert_eq!(bench.look(&key).await, None);
}

#[tokio::test]
async fn a_retention_shortens_and_the_next_copy_is_whole_again() {
    // A maximum per tier, whatever the entry says; and no key that is paid for too early.
    let bench = bench(&[keeps(NEAR, 10), FAR]);
    let key = Key::new("k");
    bench.stack.fill(&[(key.clone(), entry(1, start(), 100, 0))]).await;
    assert_eq!(
        bench.held(0, &key).unwrap().meta.usable_until,
        start().after(Duration::from_secs(10))
    );
    bench.advance(95);
    assert_eq!(bench.look(&key).await.unwrap().tier, 1);
    assert_eq!(bench.held(0, &key).unwrap().meta, entry(1, start(), 100, 0).meta);
}

#[derive(Clone, Debug)]
enum Step {
    Load { key: usize, ttl_s: u64, grace_s: u64 },
    Look,
    Peek,
    Remove { key: usize },
    Forget { tier: usize, key: usize },
    Wait { seconds: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        2 => (0..3_usize, 0..120_u64, 0..200_u64)
            .prop_map(|(key, ttl_s, grace_s)| Step::Load { key, ttl_s, grace_s }),
        5 => Just(Step::Look),
        2 => Just(Step::Peek),
        1 => (0..3_usize).prop_map(|key| Step::Remove { key }),
        3 => (0..4_usize, 0..3_usize).prop_map(|(tier, key)| Step::Forget { tier, key }),
        4 => (1..90_u64).prop_map(|seconds| Step::Wait { seconds }),
    ];
    proptest::collection::vec(step, 1..60)
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let faults = prop_oneof![
        3 => Just(NO_FAULTS),
        1 => (0..300_u16, 0..300_u16, 0..300_u16).prop_map(|(refused, done_but_refused, lost)| {
            Faults { refused, done_but_refused, lost, hung: 0 }
        }),
    ];
    let plan = (any::<bool>(), faults, 1..400_u64).prop_map(|(is_far, faults, retention_s)| Plan {
        is_far,
        faults,
        retention_s,
    });
    proptest::collection::vec(plan, 1..5)
}

/// What was loaded, per key, by version.
type Loads = [Vec<Meta>; 3];

fn check(found: &Found, loads: &[Meta], now: Timestamp) {
    let version: u16 = str::from_utf8(&found.entry.body).unwrap().parse().unwrap();
    let load = loads
        .iter()
        .find(|load| load.version == Version::at(start(), version))
        .expect("what is served was once loaded");
    let meta = found.entry.meta;
    assert!(meta.fresh_until <= load.fresh_until && meta.usable_until <= load.usable_until);
    assert_eq!((meta.version, meta.fetched_at), (load.version, load.fetched_at));
    let may_be_fresh = now < load.fresh_until;
    assert!(found.freshness == Freshness::Stale || may_be_fresh, "fresh beyond the load's word");
    assert!(now < load.usable_until, "served beyond the load's word");
}

async fn run(plans: Vec<Plan>, steps: Vec<Step>) {
    let bench = bench(&plans);
    let keys = [0, 1, 2].map(|n| Key::new(&format!("k{n}")));
    let mut loads = Loads::default();
    let mut n_loads = 0;
    for step in steps {
        let now = bench.clock.now();
        match step {
            Step::Load { key, ttl_s, grace_s } => {
                n_loads += 1;
                let entry = entry(n_loads, now, ttl_s, grace_s);
                loads[key].push(entry.meta);
                bench.stack.fill(&[(keys[key].clone(), entry)]).await;
            }
            Step::Look => {
                let found = bench.stack.look(&keys, now).await;
                assert_eq!(found.len(), keys.len());
                for (found, loads) in found.iter().zip(&loads) {
                    found.iter().for_each(|found| check(found, loads, now));
                }
            }
            Step::Peek => {
                for (key, loads) in keys.iter().zip(&loads) {
                    bench.stack.peek(key, now).iter().for_each(|found| check(found, loads, now));
                }
            }
            Step::Remove { key } => {
                n_loads += 1;
                bench.remove(&keys[key], n_loads).await;
                let is_sound = plans.iter().all(|plan| plan.faults == NO_FAULTS);
                assert!(!is_sound || bench.look(&keys[key]).await.is_none());
            }
            Step::Forget { tier, key } => bench.uproot(tier % plans.len(), &keys[key]).await,
            Step::Wait { seconds } => bench.advance(seconds),
        }
    }
}

proptest! {
    #[test]
    fn nothing_outlives_its_load_by_any_path(plans in plans(), steps in steps()) {
        // The law took others seven years of single cases.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(run(plans, steps));
    }
}
