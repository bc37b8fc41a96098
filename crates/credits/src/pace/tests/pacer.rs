use super::*;

const SETTINGS: PaceSettings = PaceSettings { reserve_permille: 20, essential_permille: 0 };

fn funds(limit: u64, used: u64, days: u64) -> Funds {
    Funds {
        window: Window::Month,
        limit: Credits::new(limit),
        used: Credits::new(used),
        start: START,
        reset: START.after(Duration::from_secs(days * 86_400)),
    }
}

fn seen(name: &str, asked: u64, charged: u64) -> Seen {
    Seen {
        name: name.into(),
        asked,
        charged: Credits::new(charged),
        natural: Duration::from_secs(60),
        least: Duration::from_secs(60),
        most: Duration::from_secs(3_600),
    }
}

fn minute(n: u64) -> Timestamp {
    START.after(Duration::from_secs(60 * n))
}

#[test]
fn a_few_minutes_of_trying_out_stretch_nothing() {
    // Breaks if a plan of 15,000 credits greets its first user with old prices.
    let mut pacer = Pacer::new(SETTINGS);
    for n in 0..10 {
        let paced = pacer.tick(minute(n), &[funds(15_000, n, 30)], &[seen("usd", 1_000, 1)]);
        assert_eq!((paced.step, &*paced.ages), (Step::Fresh, &[None][..]), "minute {n}");
    }
}

#[test]
fn without_limits_nothing_is_paced() {
    // And what was learned meanwhile is not lost.
    let mut pacer = Pacer::new(SETTINGS);
    for n in 0..600 {
        let paced = pacer.tick(minute(n), &[], &[seen("usd", 600, 1)]);
        let last = paced.ages.last().copied().flatten();
        assert_eq!((paced.step, last), (Step::Fresh, None));
    }
    let paced = pacer.tick(minute(600), &[funds(15_000, 0, 30)], &[seen("usd", 600, 1)]);
    assert_eq!(paced.step, Step::Paced);
    assert!(paced.ages[0].unwrap() > Duration::from_secs(120), "{:?}", paced.ages);
}

#[test]
fn an_empty_budget_serves_from_the_cache_only_until_the_window_begins_anew() {
    // Breaks if yesterday's empty purse is remembered in the new month.
    let mut pacer = Pacer::new(SETTINGS);
    let paced = pacer.tick(minute(0), &[funds(100, 100, 30)], &[seen("usd", 10, 1)]);
    assert_eq!(paced.step, Step::CacheOnly);
    let mut next = funds(100_000, 0, 60);
    next.start = START.after(Duration::from_secs(30 * 86_400));
    let paced = pacer.tick(next.start, &[next], &[seen("usd", 10, 1)]);
    assert_eq!((paced.before, paced.step), (Step::CacheOnly, Step::Fresh));
}

#[test]
fn what_is_kept_for_essential_clients_is_let_go_at_the_end() {
    // Breaks if credits that nobody essential wanted are lost at the reset.
    let settings = PaceSettings { reserve_permille: 0, essential_permille: 50 };
    let mut pacer = Pacer::new(settings);
    let before_day = |day: u64| START.after(Duration::from_secs(day * 86_400 - 3_600));
    let paced = pacer.tick(before_day(15), &[funds(1_000, 960, 30)], &[seen("usd", 10, 0)]);
    assert_eq!(paced.step, Step::CacheOnly, "40 are left, and 50 are kept");
    let paced = pacer.tick(before_day(30), &[funds(1_000, 960, 30)], &[seen("usd", 10, 0)]);
    assert!(paced.step < Step::CacheOnly, "{paced:?}");
}

#[test]
fn the_tightest_window_sets_the_pace() {
    // A day's limit of 100 is tighter than a month of 100,000.
    let mut pacer = Pacer::new(SETTINGS);
    let day = Funds { window: Window::Day, ..funds(100, 0, 1) };
    let all = [day, funds(100_000, 0, 30)];
    let mut ticks = (0..300).map(|n| pacer.tick(minute(n), &all, &[seen("usd", 60, 1)]));
    let paced = ticks.find(|paced| paced.step != Step::Fresh).expect("a day of 100 is too tight");
    assert_eq!((paced.window, paced.step), (Some(Window::Day), Step::Paced));
}

#[test]
fn what_was_learned_survives_a_restart_and_nonsense_does_not() {
    // A file that somebody has edited, or another version wrote, must not set ages.
    let mut pacer = Pacer::new(SETTINGS);
    for n in 0..600 {
        drop(pacer.tick(minute(n), &[funds(15_000, 0, 30)], &[seen("usd", 600, 1)]));
    }
    let text = serde_json::to_string(pacer.memory()).unwrap();
    let memory: Memory = serde_json::from_str(&text).unwrap();
    let mut again = Pacer::remembering(SETTINGS, memory);
    let paced = again.tick(minute(601), &[funds(15_000, 0, 30)], &[seen("usd", 600, 1)]);
    assert_eq!(paced.step, Step::Paced);
    let bad = text.replace("\"over\":", "\"over\":-");
    let memory: Memory = serde_json::from_str(&bad).unwrap();
    let mut new = Pacer::remembering(SETTINGS, memory);
    assert_eq!(new.memory(), Pacer::new(SETTINGS).memory());
    let paced = new.tick(minute(601), &[funds(15_000, 0, 30)], &[seen("usd", 600, 1)]);
    assert_eq!(paced.step, Step::Fresh);
}

#[test]
fn a_plan_that_may_shrink_ages_goes_down_to_the_cadence_and_no_further() {
    // The operator has set 300 s and allowed less: what would be left over buys younger answers.
    let mut pacer = Pacer::new(SETTINGS);
    let mut roomy = seen("usd", 600, 1);
    roomy.natural = Duration::from_secs(300);
    let mut paced = Paced::default();
    for n in 0..300 {
        paced = pacer.tick(minute(n), &[funds(1_000_000, 0, 30)], std::slice::from_ref(&roomy));
    }
    assert_eq!((paced.step, paced.ages[0]), (Step::Fresh, Some(Duration::from_secs(60))));
    roomy.least = roomy.natural;
    let paced = pacer.tick(minute(300), &[funds(1_000_000, 0, 30)], &[roomy]);
    assert_eq!(paced.ages[0], None, "not allowed");
}

#[test]
fn others_who_use_the_key_are_reckoned_with_and_a_jump_is_no_trend() {
    // Somebody who spends as much as the plan's own speed leaves half; one large bite does not
    // mean that the rest is gone as well.
    let mut pacer = Pacer::new(SETTINGS);
    let mut paced = Paced::default();
    for n in 0..2_880 {
        let funds = funds(43_200, n, 30);
        paced = pacer.tick(minute(n), &[funds], &[seen("usd", 60, 0)]);
    }
    assert!((600.0..1_500.0).contains(&paced.others_per_day), "{}", paced.others_per_day);
    let mut pacer = Pacer::new(SETTINGS);
    for n in 0..2_880 {
        let funds = funds(43_200, if n < 100 { 0 } else { 10_000 }, 30);
        paced = pacer.tick(minute(n), &[funds], &[seen("usd", 60, 0)]);
    }
    assert!(paced.others_per_day < 100.0, "{}", paced.others_per_day);
}
