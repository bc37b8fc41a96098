use std::{sync::Arc, time::Duration};

use clock::Timestamp;

use super::{
    Funds, Ladder, Lot, Memory, Outlook, Profile, Signal, Step,
    learned::fade,
    memory::{credits, whole},
    outlook::spent,
};
use crate::{Credits, Window};

/// A pause longer than this says nothing about demand: the machine slept.
const GAP_MAX_S: f64 = 3_600.0;
/// Half-life of what is known of spending as a whole, in seconds.
pub(super) const DAY_S: f64 = 86_400.0;
/// Spending that is not ours is extrapolated up to that many times the plan's own speed; a jump
/// beyond it lowers what is left, and is no trend.
const OTHERS_MAX: f64 = 4.0;
/// How seldom upstream's own count is read, in seconds: a jump may be that much of others' speed.
const COUNTED_EVERY_S: f64 = 600.0;
/// What others may be expected to take of what is left.
const OTHERS_SHARE_MAX: f64 = 0.8;
/// The part of a window at whose end that which is kept for essential clients is let go.
const LAST_PART: f64 = 0.1;
/// Who has watched for less than this, in seconds, knows no demand, and moves no age.
const WATCHED_MIN_S: f64 = 600.0;

/// What the operator holds back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaceSettings {
    /// For the unexpected, in thousandths of the limit; let go evenly until the reset.
    pub reserve_permille: u32,
    /// For essential clients, in thousandths of the limit; let go at the very end of the window.
    pub essential_permille: u32,
}

/// What was seen of a lot since the last tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Which lot.
    pub name: Arc<str>,
    /// Answers that needed it.
    pub asked: u64,
    /// What its calls took.
    pub charged: Credits,
    /// The age up to which it is served without pacing.
    pub natural: Duration,
    /// The youngest age allowed; below `natural` only where pacing may shrink ages.
    pub least: Duration,
    /// The oldest age allowed.
    pub most: Duration,
}

/// What is to be done until the next tick, and why.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Paced {
    /// Where the ladder stands.
    pub step: Step,
    /// Where it stood before.
    pub before: Step,
    /// The age of each lot, in the order of what was seen; `None`: its natural age.
    pub ages: Vec<Option<Duration>>,
    /// The tightest window; `None` where nothing is limited.
    pub window: Option<Window>,
    /// What will be spent of it.
    pub outlook: Outlook,
    /// What will be used of it at its reset, others' spending included.
    pub expected_use: Credits,
    /// Credits a day that would use it up evenly.
    pub target_per_day: f64,
    /// Credits a day spent of late.
    pub actual_per_day: f64,
    /// Credits a day that others than the lots are expected to spend.
    pub others_per_day: f64,
    /// By how much ages are stretched in the mean of all answers, in thousandths.
    pub stretch_permille: u32,
}

/// Learns demand and prices, and says how old answers should be. A value: time comes in with each
/// tick.
#[derive(Clone, Debug)]
pub struct Pacer {
    settings: PaceSettings,
    memory: Memory,
    ladder: Ladder,
    worth: f64,
    last: Option<Last>,
    /// Spending of others that is seen before or after ours is booked.
    stray: f64,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    at: Timestamp,
    start: Option<Timestamp>,
    used: Credits,
}

impl Pacer {
    /// One that knows nothing yet.
    #[must_use]
    pub fn new(settings: PaceSettings) -> Self {
        Self::remembering(settings, Memory::default())
    }

    /// One that goes on with what an earlier run has learned.
    #[must_use]
    pub fn remembering(settings: PaceSettings, mut memory: Memory) -> Self {
        if !memory.is_sound() {
            memory = Memory::default();
        }
        memory.profile.smooth();
        let ladder = Ladder::default();
        Self { settings, memory, ladder, worth: 0.0, last: None, stray: 0.0 }
    }

    /// Holds back something else from the next tick on.
    pub const fn set(&mut self, settings: PaceSettings) {
        self.settings = settings;
    }

    /// What it has learned.
    #[must_use]
    pub const fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Where the ladder stands.
    #[must_use]
    pub const fn ladder(&self) -> Ladder {
        self.ladder
    }

    /// Takes in what was seen since the last tick, and says what holds until the next one.
    #[must_use]
    pub fn tick(&mut self, now: Timestamp, funds: &[Funds], seen: &[Seen]) -> Paced {
        let longest = funds.iter().max_by_key(|funds| funds.time_left(now));
        let seconds = self.elapsed(now);
        if seconds > 0.0 {
            let worth = (self.ladder.step() < Step::Stale).then_some(self.worth);
            self.memory.learn(now, seconds, worth, seen);
            self.learn_spending(seconds, longest, seen);
        }
        let last_start = self.last.and_then(|last| last.start);
        self.last = Some(Last {
            at: now,
            start: longest.map(|funds| funds.start),
            used: longest.map_or(Credits::ZERO, |funds| funds.used),
        });
        let before = self.ladder.step();
        if longest.map(|funds| funds.start) != last_start && last_start.is_some() {
            self.ladder = self.ladder.reset(now);
        }
        let lots = self.memory.lots(seen);
        let views: Vec<View> = funds.iter().map(|funds| self.view(funds, &lots, now)).collect();
        let tightest = views.iter().max_by(|a, b| a.outlook.worth.total_cmp(&b.outlook.worth));
        self.worth = tightest.map_or(0.0, |view| view.outlook.worth);
        let is_young = self.memory.watched_s < WATCHED_MIN_S;
        self.worth = if is_young { 0.0 } else { self.worth };
        self.ladder = match signal(&views) {
            Some(Signal { left, .. }) if is_young => {
                self.ladder.next(&Signal { at_natural: 0.0, at_longest: 0.0, left }, now)
            }
            Some(signal) => self.ladder.next(&signal, now),
            None => self.ladder.reset(now),
        };
        let mut paced = Paced { step: self.ladder.step(), before, ..Paced::default() };
        self.set_ages(&mut paced, seen, now);
        paced.actual_per_day = self.memory.spent.value(0.0, 0.0) * DAY_S;
        paced.others_per_day = self.memory.others() * DAY_S;
        if let Some(view) = tightest {
            let seconds_left = view.funds.time_left(now).as_secs_f64().max(1.0);
            let expected = self.memory.others().mul_add(seconds_left, view.outlook.expected);
            paced.window = Some(view.funds.window);
            paced.outlook = view.outlook;
            paced.expected_use =
                view.funds.used.saturating_add(whole(expected)).min(view.funds.limit);
            paced.target_per_day = credits(view.funds.left()) / seconds_left * DAY_S;
        }
        paced
    }

    /// Seconds since the last tick that say something about demand: none if the clock was set
    /// back, or the machine slept.
    fn elapsed(&self, now: Timestamp) -> f64 {
        let seconds = self.last.map_or(0.0, |last| now.since(last.at).as_secs_f64());
        if seconds > GAP_MAX_S { 0.0 } else { seconds }
    }

    /// What is spent besides the lots: by others with the same key, and by calls of no lot.
    fn learn_spending(&mut self, seconds: f64, funds: Option<&Funds>, seen: &[Seen]) {
        let (Some(funds), Some(last)) = (funds, self.last) else { return };
        let kept = fade(seconds, DAY_S);
        let ours: f64 = seen.iter().map(|seen| credits(seen.charged)).sum();
        let is_same_window = last.start == Some(funds.start);
        let all = if is_same_window { credits(funds.used) - credits(last.used) } else { ours };
        self.stray += all - ours;
        let length = funds.reset.since(funds.start).as_secs_f64().max(1.0);
        let plan = credits(funds.limit) / length;
        let most = OTHERS_MAX * plan * seconds.max(COUNTED_EVERY_S);
        let others = self.stray.clamp(0.0, most);
        self.stray = self.stray.min(0.0);
        self.memory.others.add(kept, others, seconds);
        self.memory.spent.add(kept, ours + others, seconds);
    }

    /// What a window lets hope for.
    fn view(&self, funds: &Funds, lots: &[(Lot, f64)], now: Timestamp) -> View {
        let share_ahead = funds.share_ahead(now);
        let of_limit = |permille: u32| credits(funds.limit) * f64::from(permille) / 1_000.0;
        let reserve = of_limit(self.settings.reserve_permille) * share_ahead;
        let floor = of_limit(self.settings.essential_permille) * (share_ahead / LAST_PART).min(1.0);
        let free = (credits(funds.left()) - reserve - floor).max(0.0);
        let others = self.memory.others() * funds.time_left(now).as_secs_f64();
        let planned = free - others.min(free * OTHERS_SHARE_MAX);
        let ahead = self.memory.ahead(now, funds.reset);
        let naturally: Vec<Lot> =
            lots.iter().map(|(lot, natural)| Lot { least: *natural, ..*lot }).collect();
        let lots: Vec<Lot> = lots.iter().map(|(lot, _)| *lot).collect();
        View {
            funds: *funds,
            outlook: Outlook::of(&lots, &ahead, planned),
            natural: spent(&naturally, &ahead, 0.0),
            left: credits(funds.left()) - floor,
        }
    }

    fn set_ages(&self, paced: &mut Paced, seen: &[Seen], now: Timestamp) {
        let share = self.memory.profile.share(Profile::hour_of(now));
        let (mut stretched, mut all) = (0.0, 0.0);
        for seen in seen {
            let (least, most) = (seen.least.as_secs_f64(), seen.most.as_secs_f64());
            let natural = seen.natural.as_secs_f64();
            let Some(learned) = self.memory.lots.get(&seen.name).filter(|_| natural > 0.0) else {
                paced.ages.push(None);
                continue;
            };
            let rate = learned.present(share);
            let age = match paced.step {
                Step::Fresh | Step::Paced => learned.lot(least, most).at_rate(rate).age(self.worth),
                Step::Stale | Step::CacheOnly => most.max(natural),
            };
            let is_other = (age / natural - 1.0).abs() > 0.01;
            paced.ages.push(is_other.then(|| Duration::from_secs_f64(age)));
            stretched = rate.mul_add(age / natural, stretched);
            all += rate;
        }
        let stretch = if all > 0.0 { stretched / all } else { 1.0 };
        paced.stretch_permille = u32::try_from(whole(stretch * 1_000.0).get()).unwrap_or(u32::MAX);
    }
}

/// What one window lets hope for.
struct View {
    funds: Funds,
    outlook: Outlook,
    natural: f64,
    left: f64,
}

fn signal(views: &[View]) -> Option<Signal> {
    let share = |of: fn(&View) -> f64| {
        let shares = views.iter().map(|view| of(view) / view.outlook.planned.max(1e-9));
        shares.fold(0.0, f64::max)
    };
    let left = views.iter().map(|view| view.left).reduce(f64::min)?;
    let at_longest = share(|view| view.outlook.at_most);
    Some(Signal { at_natural: share(|view| view.natural), at_longest, left })
}
