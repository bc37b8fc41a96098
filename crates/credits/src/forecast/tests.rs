use super::*;

const DAY: usize = HOURS_A_DAY;

/// 2026-10-05T00:00:00Z, a Monday.
const MONDAY_MS: i64 = 1_791_158_400_000;

fn after(hours: usize) -> Timestamp {
    Timestamp::from_millis(MONDAY_MS + i64::try_from(hours).unwrap() * 3_600_000)
}

fn ask(history: &[u64], hours_to_reset: usize, used: u64, limit: Option<u64>) -> ForecastAsk<'_> {
    let now = after(history.len());
    ForecastAsk {
        history,
        now,
        reset: after(history.len() + hours_to_reset),
        used: Credits::new(used),
        limit: limit.map(Credits::new),
        seed: 7,
    }
}

/// About normal: mean 0, deviation 1.
fn normal(dice: &mut Dice) -> f64 {
    (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0
}

/// Demand as it is seen: busy afternoons, quiet Sundays, days that differ by a third, hours that
/// are counts.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and above 0")]
fn demand(hours: usize, base: f64, dice: &mut Dice) -> Vec<u64> {
    let mut of_day = 1.0;
    let hour = |hour: usize| {
        if hour.is_multiple_of(DAY) {
            of_day = (0.3 * normal(dice) - 0.045).exp();
        }
        let angle = (hour % DAY) as f64 / 24.0 * std::f64::consts::TAU;
        let weekend = if hour / DAY % 7 >= 5 { 0.5 } else { 1.0 };
        let mean = base * (1.0 - 0.8 * angle.cos()) * weekend * of_day;
        (mean + mean.sqrt() * normal(dice)).max(0.0).round() as u64
    };
    (0..hours).map(hour).collect()
}

#[test]
fn too_little_history_is_no_forecast() {
    // A band from one afternoon would be a guess in the dress of a number.
    assert_eq!(forecast(&ask(&[10; HOURS_MIN - 1], 100, 0, None)), None);
    assert!(forecast(&ask(&[10; HOURS_MIN], 100, 0, None)).is_some());
}

#[test]
fn steady_use_is_carried_on_exactly() {
    // Ten credits an hour, a hundred hours: whatever else, not anything but a thousand more.
    let told = forecast(&ask(&[10; 10 * DAY], 100, 500, Some(2_500))).unwrap();
    assert_eq!(told.used_at_reset, Band { low: 1_500, mid: 1_500, high: 1_500 });
    let days = Some(200.0 / 24.0);
    let left = told.days_left.unwrap();
    for (told, due) in [(left.low, days), (left.mid, days), (left.high, days)] {
        assert!((told.unwrap() - due.unwrap()).abs() < 1e-9, "{told:?}");
    }
    assert!(told.chance_of_running_out.abs() < 1e-9);
}

#[test]
fn the_rest_of_an_hour_is_a_part_of_it() {
    // Forty minutes past the hour most of it is in the books already.
    let mut ask = ask(&[60; 3 * DAY], 2, 0, None);
    ask.now = ask.now.after(std::time::Duration::from_secs(40 * 60));
    assert_eq!(forecast(&ask).unwrap().used_at_reset.mid, 80);
}

#[test]
fn without_a_limit_nothing_runs_out_and_without_use_nothing_ends() {
    // Both are ordinary states of a gateway, and both divide by something.
    let told = forecast(&ask(&[10; 4 * DAY], 100, 0, None)).unwrap();
    assert_eq!((told.days_left, told.chance_of_running_out), (None, 0.0));
    let told = forecast(&ask(&[0; 20 * DAY], 100, 40, Some(100))).unwrap();
    assert_eq!(told.used_at_reset.high, 40);
    assert_eq!(told.days_left.unwrap().mid, None);
}

#[test]
fn what_is_spent_already_leaves_no_day() {
    // At the limit the answer is now, not never.
    let told = forecast(&ask(&[10; 4 * DAY], 100, 120, Some(100))).unwrap();
    assert_eq!(told.days_left.unwrap().high, Some(0.0));
    assert!((told.chance_of_running_out - 1.0).abs() < 1e-9);
}

#[test]
fn nights_and_weekends_are_known_ahead() {
    // On a Friday evening the next hours are not like the last ones.
    let mut dice = Dice::new(1);
    let history = demand(4 * 7 * DAY + 5 * DAY, 100.0, &mut dice);
    let told = forecast(&ask(&history, 2 * DAY, 0, None)).unwrap();
    assert_eq!(told.season, Season::Week);
    // Two days of half the weekdays' 2,400.
    let mid = told.used_at_reset.mid as f64;
    assert!((1_700.0..3_100.0).contains(&mid), "{mid}");
    let night = forecast(&ask(&history[..3 * DAY], 4, 0, None)).unwrap();
    assert_eq!(night.season, Season::Day);
    // From midnight to four: a seventh of an even day's share, not a sixth of 2,400.
    assert!((night.used_at_reset.mid as f64) < 300.0, "{:?}", night.used_at_reset);
}

#[test]
fn four_of_five_months_end_within_the_band() {
    // A band that is too narrow promises what it does not know; one that is too wide tells
    // nothing. Measured over histories whose end is known, short and long.
    for days in [4, 8, 14, 35] {
        let (mut n_inside, mut n_below, n_all) = (0, 0, 120_u64);
        for seed in 0..n_all {
            let mut dice = Dice::new(seed * 31 + days);
            let (known, to_come) = (usize::try_from(days).unwrap() * DAY, 12 * DAY);
            // Histories begin on any day of the week.
            let skipped = usize::try_from(seed % 7).unwrap() * DAY;
            let all = demand(skipped + known + to_come, 40.0, &mut dice).split_off(skipped);
            let truth: u64 = all[known..].iter().sum();
            let mut ask = ask(&all[..known], to_come, 0, None);
            ask.seed = seed;
            let told = forecast(&ask).unwrap().used_at_reset;
            n_inside += u64::from((told.low..=told.high).contains(&truth));
            n_below += u64::from(truth < told.mid);
        }
        let share = n_inside as f64 / n_all as f64;
        println!("{days} days: {share} inside, {} below the middle", n_below as f64 / n_all as f64);
        assert!((0.68..=0.93).contains(&share), "{days} days of history: {share} inside");
    }
}

#[test]
fn the_same_history_gives_the_same_forecast() {
    // Whoever asks twice must not see the figures move.
    let history = demand(20 * DAY, 30.0, &mut Dice::new(3));
    let once = forecast(&ask(&history, 200, 0, Some(20_000)));
    assert_eq!(once, forecast(&ask(&history, 200, 0, Some(20_000))));
}

#[test]
fn demand_that_doubled_a_week_ago_is_followed() {
    // The mean of the whole month would lag behind for another month.
    let mut history = demand(28 * DAY, 40.0, &mut Dice::new(9));
    history[21 * DAY..].iter_mut().for_each(|credits| *credits *= 2);
    let told = forecast(&ask(&history, 7 * DAY, 0, None)).unwrap().used_at_reset;
    let before: u64 = history[14 * DAY..21 * DAY].iter().sum();
    assert!(told.mid as f64 > 1.3 * before as f64, "{told:?} after {before}");
    assert!(told.high as f64 > 1.7 * before as f64, "{told:?} after {before}");
}
