//! Months in which nothing is real but the demand and the arithmetic: many seeds, quickly. The
//! engine's own month is in the facade's tests.

use super::*;

const MONTH_S: u64 = 30 * 86_400;
const TICK_S: u64 = 600;
const PLAN: u64 = 15_000;
const NATURAL_S: u64 = 60;
const LOTS: usize = 4;
/// Two busy lots and two small ones: answers a second.
const RATES: [f64; LOTS] = [0.15, 0.04, 0.004, 0.001];

/// Who asks when: second of the month and lot, in order.
type Asked = Vec<(u64, usize)>;

/// A generator of its own: the same seed, the same month.
struct Dice(u64);

impl Dice {
    /// From 0 to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let mixed = (self.0 ^ (self.0 >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        f64::from(u32::try_from(mixed >> 32).unwrap()) / f64::from(u32::MAX)
    }

    /// Below `n`.
    fn pick(&mut self, n: u64) -> u64 {
        self.roll().to_bits() % n
    }
}

/// Days are busy and nights are not, weekends are half, now and then there is a burst, and in
/// mid-month it may double.
fn demand(seed: u64, rates: &[f64], doubles: bool) -> Asked {
    let mut dice = Dice(seed);
    let mut asked = Vec::new();
    let mut burst = 0;
    for minute in 0..MONTH_S / 60 {
        let (hour, day) = (minute / 60 % 24, minute / 1_440);
        let angle = f64::from(u32::try_from(hour).unwrap()) - 14.0;
        let mut share = 0.1 + 0.9 * (1.0 + (angle / 24.0 * std::f64::consts::TAU).cos());
        share *= if day % 7 >= 5 { 0.5 } else { 1.0 };
        share *= if doubles && day >= 15 { 2.0 } else { 1.0 };
        if dice.roll() < 0.003 {
            burst = 10;
        }
        if burst > 0 {
            burst -= 1;
            share *= 8.0;
        }
        for (lot, rate) in rates.iter().enumerate() {
            let mut mean = rate * 60.0 * share;
            while mean > 0.0 {
                if dice.roll() < mean {
                    asked.push((minute * 60 + dice.pick(60), lot));
                }
                mean -= 1.0;
            }
        }
    }
    asked.sort_unstable();
    asked
}

/// Credits and mean age of a month with one age for all.
fn fixed(demand: &Asked, age: u64) -> (u64, f64) {
    let mut fetched = [None::<u64>; LOTS];
    let (mut spent, mut ages) = (0, 0);
    for (at, lot) in demand {
        match fetched[*lot].filter(|fetched| at - fetched < age) {
            Some(fetched) => ages += at - fetched,
            None => {
                fetched[*lot] = Some(*at);
                spent += 1;
            }
        }
    }
    (spent, mean(ages, demand.len()))
}

#[expect(clippy::cast_precision_loss, reason = "a mean")]
fn mean(sum: u64, n: usize) -> f64 {
    sum as f64 / n.max(1) as f64
}

/// The least age that the plan pays for, chosen with hindsight.
fn best_fixed(demand: &Asked) -> (u64, f64) {
    let (mut low, mut high) = (NATURAL_S, 86_400);
    while low < high {
        let middle = u64::midpoint(low, high);
        if fixed(demand, middle).0 <= PLAN { high = middle } else { low = middle + 1 }
    }
    (low, fixed(demand, low).1)
}

/// What can happen to a month.
#[derive(Clone, Copy, Debug, Default)]
struct Trouble {
    /// The pacer is killed and remembers nothing.
    forgets_on_day: Option<u64>,
    /// The clock that the pacer sees is an hour back, that morning.
    set_back_on_day: Option<u64>,
    /// Somebody else uses the key: day and credits.
    others: Option<(u64, u64)>,
    /// The plan's limit from that day on.
    plan: Option<(u64, u64)>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Month {
    /// By the lots, and by whoever else uses the key.
    spent: u64,
    limit: u64,
    mean_age: f64,
    /// Refreshes that were due and could not be paid.
    n_denied: u64,
    n_steps: u32,
    /// The mean age of each third.
    thirds: [f64; 3],
}

struct Course {
    trouble: Trouble,
    pacer: Pacer,
    step: Step,
    fetched: [Option<u64>; LOTS],
    ages: [Duration; LOTS],
    asked: [u64; LOTS],
    charged: [u64; LOTS],
    month: Month,
}

const SETTINGS: PaceSettings = PaceSettings { reserve_permille: 20, essential_permille: 0 };

fn paced(demand: &Asked, n_lots: usize, trouble: Trouble) -> Month {
    let mut course = Course {
        trouble,
        pacer: Pacer::new(SETTINGS),
        step: Step::Fresh,
        fetched: [None; LOTS],
        ages: [Duration::from_secs(NATURAL_S); LOTS],
        asked: [0; LOTS],
        charged: [0; LOTS],
        month: Month { limit: PLAN, ..Month::default() },
    };
    let (mut sums, mut counts) = ([0; 3], [0; 3]);
    let mut demand = demand.iter().peekable();
    for tick in 0..MONTH_S / TICK_S {
        course.tick(tick * TICK_S, n_lots);
        while let Some((at, lot)) = demand.next_if(|(at, _)| *at < (tick + 1) * TICK_S) {
            let third = usize::try_from(at * 3 / MONTH_S).unwrap();
            sums[third] += course.ask(*at, *lot);
            counts[third] += 1;
        }
    }
    let mut month = course.month;
    month.mean_age = mean(sums.iter().sum(), counts.iter().sum());
    month.thirds = std::array::from_fn(|third| mean(sums[third], counts[third]));
    month
}

impl Course {
    fn tick(&mut self, now: u64, n_lots: usize) {
        let (day, of_day) = (now / 86_400, now % 86_400);
        let is_morning = of_day == 8 * 3_600;
        if is_morning && self.trouble.forgets_on_day == Some(day) {
            self.pacer = Pacer::new(SETTINGS);
        }
        if let Some((_, limit)) = self.trouble.plan.filter(|(from, _)| day >= *from) {
            self.month.limit = limit;
        }
        if let Some((_, credits)) = self.trouble.others.filter(|(on, _)| is_morning && *on == day) {
            self.month.spent += credits.min(self.month.limit - self.month.spent);
        }
        let is_back = self.trouble.set_back_on_day == Some(day) && of_day < 12 * 3_600;
        let at = now.saturating_sub(if is_back { 3_600 } else { 0 });
        let at = START.after(Duration::from_secs(at));
        let seen: Vec<Seen> =
            (0..n_lots).map(|lot| seen(lot, self.asked[lot], self.charged[lot])).collect();
        (self.asked, self.charged) = ([0; LOTS], [0; LOTS]);
        let paced = self.pacer.tick(at, &[funds(self.month.limit, self.month.spent)], &seen);
        self.month.n_steps += u32::from(paced.step != self.step);
        self.step = paced.step;
        for (age, paced) in self.ages.iter_mut().zip(&paced.ages) {
            *age = paced.unwrap_or(Duration::from_secs(NATURAL_S));
        }
    }

    /// The age of the answer.
    fn ask(&mut self, at: u64, lot: usize) -> u64 {
        self.asked[lot] += 1;
        let age = self.fetched[lot].map(|fetched| at - fetched);
        let is_due = age.is_none_or(|age| Duration::from_secs(age) >= self.ages[lot]);
        let may_buy = self.month.spent < self.month.limit
            && (self.step < Step::Stale || (self.step == Step::Stale && age.is_none()));
        if is_due && may_buy {
            self.fetched[lot] = Some(at);
            self.month.spent += 1;
            self.charged[lot] += 1;
        }
        self.month.n_denied += u64::from(is_due && !may_buy);
        self.fetched[lot].map_or(0, |fetched| at - fetched)
    }
}

fn seen(lot: usize, asked: u64, charged: u64) -> Seen {
    Seen {
        name: format!("lot {lot}").into(),
        asked,
        charged: Credits::new(charged),
        natural: Duration::from_secs(NATURAL_S),
        least: Duration::from_secs(NATURAL_S),
        most: Duration::from_secs(6 * 3_600),
    }
}

fn funds(limit: u64, used: u64) -> Funds {
    Funds {
        window: Window::Month,
        limit: Credits::new(limit),
        used: Credits::new(used),
        start: START,
        reset: START.after(Duration::from_secs(MONTH_S)),
    }
}

fn assert_spent(month: &Month, what: &str) {
    let permille = month.spent * 1_000 / month.limit;
    assert!((970..=1_000).contains(&permille), "{what}: {month:?}");
}

#[test]
fn months_of_many_seeds_end_with_the_plan_spent_and_young_answers() {
    // The promise of pacing: nothing left over, and no fixed age does better.
    for seed in 0..3 {
        for doubles in [false, true] {
            let demand = demand(seed, &RATES, doubles);
            let month = paced(&demand, LOTS, Trouble::default());
            let (age, best) = best_fixed(&demand);
            println!("seed {seed} doubles {doubles}: {month:?}; fixed {age} s: {best:.1}");
            assert_spent(&month, &format!("seed {seed}"));
            assert!(month.mean_age <= best * 1.1, "seed {seed}: {month:?}, fixed {age}: {best}");
            assert!(month.n_steps <= 6, "seed {seed}: {month:?}");
        }
    }
}

#[test]
fn a_month_with_trouble_is_spent_all_the_same() {
    // Breaks if a restart, another user of the key, another plan or a clock that is set back
    // makes the plan run out early or leaves some of it.
    let demand = demand(7, &RATES, false);
    for trouble in [
        Trouble { forgets_on_day: Some(12), ..Trouble::default() },
        Trouble { set_back_on_day: Some(9), ..Trouble::default() },
        Trouble { others: Some((10, 3_000)), ..Trouble::default() },
        Trouble { plan: Some((15, 30_000)), ..Trouble::default() },
        Trouble { plan: Some((8, 10_000)), ..Trouble::default() },
    ] {
        let month = paced(&demand, LOTS, trouble);
        println!("{trouble:?}: {month:?}");
        assert_spent(&month, &format!("{trouble:?}"));
        assert!(month.mean_age < 600.0, "{trouble:?}: {month:?}");
    }
}

#[test]
fn a_plan_that_is_large_enough_changes_nothing() {
    // Pacing must never surprise: where the plan lasts anyway, ages are the operator's.
    let demand = demand(3, &[0.003], false);
    let month = paced(&demand, 1, Trouble::default());
    assert_eq!(month.n_steps, 0, "{month:?}");
    assert_eq!(month.spent, fixed(&demand, NATURAL_S).0);
}
