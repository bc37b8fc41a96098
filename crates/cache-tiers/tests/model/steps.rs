//! What happens, by chance.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use cache_tiers::{Clock as _, Flags, Key, Mark, Meta, Scope, Stack};
use tokio::time::sleep;

use crate::{
    clock::SimClock,
    oracle::{N_KEYS, Oracle, class, key},
    store::Mode,
    world::{Instance, Op, Outbox, Task, Told, World},
};

/// What a call needs, apart from the world.
struct Caller {
    instance: usize,
    stack: Stack,
    clock: SimClock,
    oracle: Arc<Mutex<Oracle>>,
    outbox: Outbox,
}

/// How long a load is fresh, and usable after that, in seconds.
const LIVES: [(u64, u64); 5] = [(60, 600), (10, 5), (1, 0), (5, 100), (0, 50)];

impl World {
    /// Something happens, and time passes.
    pub(crate) async fn step(&mut self) {
        self.deliver();
        let instance = self.dice.index(self.instances.len());
        match self.dice.below(100) {
            0..18 => self.load(instance),
            18..45 => {
                let keys = self.keys();
                self.look(instance, keys, false);
            }
            45..50 => {
                let keys = self.keys();
                self.look(instance, keys, true);
            }
            50..60 => self.peek(instance),
            60..67 => self.remove(instance),
            67..69 => self.mark(instance),
            69..82 => self.disturb(),
            82..86 => self.evict(),
            86..88 => self.plant_foreign(),
            88..91 => self.leave(),
            91..94 => self.step_clock(instance),
            94..97 => self.restart(instance),
            _ => {}
        }
        let length = match self.dice.below(100) {
            0..55 => self.dice.below(40),
            55..80 => 40 + self.dice.below(2_000),
            80..99 => 1_000 + self.dice.below(40_000),
            _ => 200_000 + self.dice.below(500_000),
        };
        self.run_for(Duration::from_millis(length)).await;
    }

    /// Everything under every key, at once and then thoroughly.
    pub(crate) fn look_at_all(&mut self, instance: usize) {
        self.peek(instance);
        self.look(instance, (0..N_KEYS).collect(), false);
    }

    fn keys(&mut self) -> Vec<usize> {
        let keys: Vec<usize> = (0..N_KEYS).filter(|_| self.dice.percent(50)).collect();
        if keys.is_empty() { vec![self.dice.index(N_KEYS)] } else { keys }
    }

    fn caller(&self, instance: usize) -> Caller {
        let Instance { stack, clock, .. } = &self.instances[instance];
        Caller {
            instance,
            stack: stack.clone(),
            clock: clock.clone(),
            oracle: Arc::clone(&self.oracle),
            outbox: Arc::clone(&self.outbox),
        }
    }

    fn push(&mut self, instance: usize, task: Task) {
        self.ops.push(Op { instance, task });
    }

    fn load(&mut self, instance: usize) {
        let (index, caller) = (self.dice.index(N_KEYS), self.caller(instance));
        let (ttl_s, grace_s) = self.dice.pick(&LIVES);
        let now = caller.clock.now();
        let fresh_until = now.after(Duration::from_secs(ttl_s));
        let meta = Meta {
            version: self.instances[instance].versions.next(now),
            fetched_at: now,
            fresh_until,
            usable_until: fresh_until.after(Duration::from_secs(grace_s)),
            class: class(index),
            flags: if self.dice.percent(10) { Flags::NEGATIVE } else { Flags::NONE },
            ..Meta::default()
        };
        let takes = Duration::from_millis(self.dice.below(150));
        let is_through = self.dice.percent(60);
        self.note(&format!("{instance} loads key {index} as {:x}", meta.version.to_bits()));
        self.push(instance, Box::pin(load(caller, index, meta, takes, is_through)));
    }

    fn look(&mut self, instance: usize, keys: Vec<usize>, is_refresh: bool) {
        let caller = self.caller(instance);
        self.push(instance, Box::pin(look(caller, keys, is_refresh)));
    }

    fn peek(&mut self, instance: usize) {
        let caller = self.caller(instance);
        let keys: Vec<usize> = (0..N_KEYS).collect();
        let asked = self.oracle().ask(instance, "peek", &caller.clock);
        let peeked = keys.iter().map(|&index| caller.stack.peek(&key(index), asked.now));
        let found: Vec<_> = peeked.collect();
        self.oracle().answered(&asked, &keys, &found);
    }

    fn remove(&mut self, instance: usize) {
        let (keys, caller) = (self.keys(), self.caller(instance));
        let fence = self.instances[instance].versions.next(caller.clock.now());
        self.note(&format!("{instance} removes keys {keys:?} before {:x}", fence.to_bits()));
        let task = async move {
            let asked = caller.oracle.lock().unwrap().ask(instance, "remove", &caller.clock);
            for &index in &keys {
                let mut oracle = caller.oracle.lock().unwrap();
                oracle.removed(instance, index, fence, &caller.clock);
            }
            caller.stack.remove(&names(&keys), fence).await;
            caller.oracle.lock().unwrap().ended(&asked);
            caller.outbox.lock().unwrap().push((instance, Told::Removed(keys, fence)));
        };
        self.push(instance, Box::pin(task));
    }

    fn mark(&mut self, instance: usize) {
        let prefix = self.dice.pick(&["", "quote:", "map:1", "nothing"]).to_owned();
        let scope = if self.dice.percent(50) {
            Scope::Prefix(prefix)
        } else {
            Scope::Class(class(self.dice.index(N_KEYS)), prefix)
        };
        let caller = self.caller(instance);
        let fence = self.instances[instance].versions.next(caller.clock.now());
        let mark = Mark { scope, fence };
        self.note(&format!("{instance} marks {mark:?}"));
        self.marked(instance, mark.clone());
        caller.outbox.lock().unwrap().push((instance, Told::Marked(mark)));
    }

    fn marked(&mut self, instance: usize, mark: Mark) {
        let stack = &self.instances[instance].stack;
        stack.mark(mark.clone());
        let mut oracle = self.oracle();
        oracle.known[instance].marks.push(mark);
        oracle.marks_are_bounded(stack.marks().len());
    }

    /// Notes arrive, but for those that are lost.
    fn deliver(&mut self) {
        let notes = std::mem::take(&mut *self.outbox.lock().unwrap());
        for (from, told) in notes {
            let to = 1 - from;
            if to >= self.instances.len() || self.dice.percent(25) {
                continue;
            }
            self.note(&format!("{to} hears {told:?}"));
            match told {
                Told::Marked(mark) => self.marked(to, mark),
                Told::Removed(keys, fence) => {
                    keys.iter().for_each(|&index| self.oracle().told(to, index, fence));
                    self.forget(to, keys, fence);
                }
                Told::Filled(index, version) if self.dice.percent(50) => {
                    self.forget(to, vec![index], version);
                }
                Told::Filled(index, _) => self.look(to, vec![index], true),
            }
        }
    }

    fn forget(&mut self, instance: usize, keys: Vec<usize>, fence: cache_tiers::Version) {
        let stack = self.instances[instance].stack.clone();
        let task = async move { stack.forget(&names(&keys), fence).await };
        // What it was told is in force at once, not when somebody comes round to it.
        futures_util::FutureExt::now_or_never(task).expect("local tiers do not wait");
    }

    fn disturb(&mut self) {
        let store = self.dice.index(self.stores.len());
        if self.dice.percent(30) {
            let (instance, is_cut) = (self.dice.index(2), self.dice.percent(60));
            self.note(&format!("store {store} is cut from {instance}: {is_cut}"));
            return self.stores[store].set_cut(instance, is_cut);
        }
        let slow = Mode::Slow(5 + self.dice.below(30));
        let mode = self.dice.pick(&[
            Mode::Fine,
            Mode::Fine,
            Mode::Dead,
            Mode::Mute,
            Mode::Hung,
            Mode::ReadOnly,
            slow,
            slow,
        ]);
        self.note(&format!("store {store} is {mode:?}"));
        self.stores[store].set_mode(mode);
    }

    fn evict(&mut self) {
        let (store, index) = (self.dice.index(self.stores.len()), self.dice.index(N_KEYS));
        if self.dice.percent(5) {
            self.note(&format!("store {store} loses everything"));
            self.oracle().wiped();
            return self.stores[store].wipe();
        }
        self.note(&format!("store {store} evicts key {index}"));
        self.stores[store].evict(&key(index), self.instances[0].clock.now());
    }

    /// A process of another release has written, by the rule of versions as all do.
    fn plant_foreign(&mut self) {
        let (store, index) = (self.dice.index(self.stores.len()), self.dice.index(N_KEYS));
        let caller = self.caller(0);
        let now = caller.clock.now();
        let version = self.instances[0].versions.next(now);
        let end = now.after(Duration::from_secs(600));
        let meta = Meta {
            version,
            fetched_at: now,
            fresh_until: end,
            usable_until: end,
            ..Meta::default()
        };
        let frame = cache_tiers::Entry { body: "of another schema".into(), meta }.encode();
        let mut bytes = frame.to_vec();
        bytes[8] ^= 0x55;
        self.note(&format!("store {store} holds key {index} of another schema"));
        self.stores[store].plant_foreign(&key(index), bytes.into());
    }

    /// Somebody does not wait any longer.
    fn leave(&mut self) {
        if !self.ops.is_empty() {
            let index = self.dice.index(self.ops.len());
            self.note(&format!("call {index} is dropped"));
            drop(self.ops.remove(index));
        }
    }

    fn step_clock(&mut self, instance: usize) {
        let skew_ms = self.skew_ms();
        self.note(&format!("the clock of {instance} is off by {skew_ms} ms"));
        self.instances[instance].clock.set_skew(skew_ms);
    }

    fn restart(&mut self, instance: usize) {
        self.note(&format!("{instance} is killed and starts again"));
        self.ops.retain(|op| op.instance != instance);
        let clock = self.instances[instance].clock.clone();
        self.instances[instance] = self.boot(instance, clock);
        self.oracle().restarted(instance);
        let other = 1 - instance;
        if other < self.instances.len() && self.dice.percent(70) {
            let marks = self.instances[other].stack.marks();
            marks.into_iter().for_each(|mark| self.marked(instance, mark));
        }
    }
}

fn names(keys: &[usize]) -> Vec<Key> {
    keys.iter().map(|&index| key(index)).collect()
}

async fn load(caller: Caller, index: usize, meta: Meta, takes: Duration, is_through: bool) {
    let entry = caller.oracle.lock().unwrap().load(index, meta, &caller.clock);
    sleep(takes).await;
    let asked = {
        let mut oracle = caller.oracle.lock().unwrap();
        oracle.wrote(caller.instance, index, &meta, caller.clock.now());
        oracle.ask(caller.instance, "fill", &caller.clock)
    };
    let items = [(key(index), entry)];
    if !is_through {
        caller.stack.fill(&items).await;
    } else if caller.stack.fill_through(&items).await {
        let told = Told::Filled(index, meta.version);
        caller.outbox.lock().unwrap().push((caller.instance, told));
    }
    caller.oracle.lock().unwrap().ended(&asked);
}

async fn look(caller: Caller, keys: Vec<usize>, is_refresh: bool) {
    let name = if is_refresh { "refresh" } else { "look" };
    let asked = caller.oracle.lock().unwrap().ask(caller.instance, name, &caller.clock);
    let found = if is_refresh {
        let seen = caller.stack.refresh(&names(&keys), asked.now).await;
        seen.into_iter().map(|seen| seen.found).collect()
    } else {
        caller.stack.look(&names(&keys), asked.now).await
    };
    caller.oracle.lock().unwrap().answered(&asked, &keys, &found);
}
