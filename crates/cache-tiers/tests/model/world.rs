//! Instances, stores and what is under way between them.

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use cache_tiers::{
    Clock as _, Entry, Key, Mark, MemoryTier, Meta, Stack, StackBuilder, TierPolicy, Version,
    Versions,
};
use tokio::time::Instant;

use crate::{
    clock::SimClock,
    dice::Dice,
    oracle::{Oracle, key},
    store::{Mode, SimStore, SimTier},
};

const DEADLINE: Duration = Duration::from_millis(20);
const N_STEPS: usize = 32;

pub(crate) type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How a seed ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) hash: u64,
    pub(crate) wrong: Option<String>,
    pub(crate) story: Vec<String>,
    pub(crate) n_answers: u64,
}

/// What one instance tells the others.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Filled(usize, Version),
    Removed(Vec<usize>, Version),
    Marked(Mark),
}

pub(crate) type Outbox = Arc<Mutex<Vec<(usize, Told)>>>;

/// One process.
pub(crate) struct Instance {
    pub(crate) stack: Stack,
    pub(crate) clock: SimClock,
    pub(crate) versions: Arc<Versions>,
    behind: Option<Task>,
}

/// A call that somebody waits for.
pub(crate) struct Op {
    pub(crate) instance: usize,
    pub(crate) task: Task,
}

/// What stays the same in a run.
#[derive(Clone, Copy, Debug)]
struct Plan {
    is_racing: bool,
    shadow: Option<usize>,
    has_behind: bool,
    near_retention: Duration,
    far_retention: Duration,
    max_value_bytes: Option<usize>,
}

pub(crate) struct World {
    pub(crate) dice: Dice,
    pub(crate) stores: Vec<Arc<SimStore>>,
    pub(crate) instances: Vec<Instance>,
    pub(crate) ops: Vec<Op>,
    pub(crate) oracle: Arc<Mutex<Oracle>>,
    pub(crate) outbox: Outbox,
    plan: Plan,
}

/// One seed, one run.
pub(crate) fn run(seed: u64, is_told: bool) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut world = World::new(seed, is_told);
        for _ in 0..N_STEPS {
            world.step().await;
            if world.oracle().wrong.is_some() {
                return world.end();
            }
        }
        world.heal().await;
        world.end()
    })
}

impl Plan {
    fn throw(dice: &mut Dice) -> Self {
        Self {
            is_racing: dice.percent(30),
            shadow: dice.percent(25).then_some(3),
            has_behind: dice.percent(70),
            near_retention: dice.pick(&[Duration::MAX, Duration::from_secs(5)]),
            far_retention: dice.pick(&[Duration::MAX, Duration::from_secs(90)]),
            max_value_bytes: dice.percent(20).then_some(70),
        }
    }
}

impl World {
    fn new(seed: u64, is_told: bool) -> Self {
        let (mut dice, begun) = (Dice::new(seed), Instant::now());
        let plan = Plan::throw(&mut dice);
        let names = ["far 1", "far 2", "far 3"];
        let mut world = Self {
            stores: names.map(|name| SimStore::new(name, dice.fork())).into(),
            instances: Vec::new(),
            ops: Vec::new(),
            oracle: Arc::new(Mutex::new(Oracle::new(plan.shadow, is_told))),
            outbox: Outbox::default(),
            plan,
            dice,
        };
        world.note(&format!("{plan:?}"));
        for index in 0..=usize::from(world.dice.percent(70)) {
            let skew_ms = world.skew_ms();
            let instance = world.boot(index, SimClock::new(begun, skew_ms));
            world.instances.push(instance);
        }
        world
    }

    /// Most clocks agree.
    pub(crate) fn skew_ms(&mut self) -> i64 {
        self.dice.pick(&[0, 0, 0, 0, 15, -700, 1_900, -5_000, 30_000, -90_000])
    }

    /// A process without a past.
    pub(crate) fn boot(&self, index: usize, clock: SimClock) -> Instance {
        let plan = self.plan;
        let policy = TierPolicy { deadline: DEADLINE, ..TierPolicy::default() };
        let mut builder = StackBuilder::new(Arc::new(clock.clone())).race(plan.is_racing).tier(
            Arc::new(MemoryTier::new("near", 1 << 20)),
            TierPolicy { retention: plan.near_retention, ..policy },
        );
        for (tier, store) in (1..).zip(&self.stores) {
            let policy = TierPolicy {
                retention: if tier == 2 { plan.far_retention } else { Duration::MAX },
                max_value_bytes: plan.max_value_bytes.filter(|_| tier == 1),
                shadow: plan.shadow == Some(tier),
                ..policy
            };
            let way = SimTier { store: Arc::clone(store), instance: index };
            builder = builder.tier(Arc::new(way), policy);
        }
        let stack = builder.build();
        let behind = plan.has_behind.then(|| stack.write_behind().unwrap());
        let behind = behind.map(|behind| Box::pin(behind.run()) as Task);
        Instance { stack, clock, versions: Arc::default(), behind }
    }

    /// All that is under way goes on for so long.
    pub(crate) async fn run_for(&mut self, length: Duration) {
        let mut pause = pin!(tokio::time::sleep(length));
        let (instances, ops) = (&mut self.instances, &mut self.ops);
        poll_fn(|cx| {
            for task in instances.iter_mut().filter_map(|instance| instance.behind.as_mut()) {
                assert!(task.as_mut().poll(cx).is_pending(), "nobody closed it");
            }
            ops.retain_mut(|op| op.task.as_mut().poll(cx).is_pending());
            pause.as_mut().poll(cx)
        })
        .await;
    }

    /// Everything works again, and all have time: what was owed is paid.
    async fn heal(&mut self) {
        self.note("all is well again");
        for store in &self.stores {
            store.set_mode(Mode::Fine);
            (0..2).for_each(|instance| store.set_cut(instance, false));
        }
        for _ in 0..2 {
            self.run_for(Duration::from_secs(45)).await;
            for instance in 0..self.instances.len() {
                self.touch_all(instance);
            }
            self.run_for(Duration::from_secs(2)).await;
        }
        let world_ms = self.instances[0].clock.world_ms();
        let stores = &self.stores;
        let held = |index: usize| {
            let held = |(place, store): (usize, &Arc<SimStore>)| (place, store.held(&key(index)));
            stores.iter().enumerate().map(held).collect()
        };
        self.oracle().converged(world_ms, held);
        for instance in 0..self.instances.len() {
            self.look_at_all(instance);
        }
        self.run_for(Duration::from_secs(1)).await;
        if !self.ops.is_empty() {
            self.oracle().wrong.get_or_insert("a call that never ends".to_owned());
        }
    }

    /// A write and a miss reach every tier.
    fn touch_all(&mut self, instance: usize) {
        let Instance { stack, clock, .. } = &self.instances[instance];
        let (stack, now) = (stack.clone(), clock.now());
        let end = now.after(Duration::from_secs(1));
        // No mark is to cover it.
        let version = Version::from_bits(u64::MAX);
        let meta = Meta {
            version,
            fetched_at: now,
            fresh_until: end,
            usable_until: end,
            ..Meta::default()
        };
        let entry = Entry { body: bytes::Bytes::new(), meta };
        let task = Box::pin(async move {
            stack.fill(&[(Key::new("filler"), entry)]).await;
            stack.look(&[Key::new("absent")], now).await;
        });
        self.ops.push(Op { instance, task });
    }

    pub(crate) fn oracle(&self) -> MutexGuard<'_, Oracle> {
        self.oracle.lock().unwrap()
    }

    pub(crate) fn note(&self, event: &str) {
        self.oracle().note(event);
    }

    fn end(&self) -> Run {
        let mut oracle = self.oracle();
        Run {
            hash: oracle.hash,
            wrong: oracle.wrong.take(),
            story: oracle.story.take().unwrap_or_default(),
            n_answers: oracle.n_answers,
        }
    }
}
