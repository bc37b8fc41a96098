use super::*;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(86_400);
/// Of 30 days: 20 credits an hour are even.
const LIMIT: u64 = 14_400;

fn start() -> Timestamp {
    Timestamp::parse("2026-11-01T00:00:00Z").unwrap()
}

fn window(used: u64) -> Funds {
    let (limit, used) = (Credits::new(LIMIT), Credits::new(used));
    let reset = start().after(30 * DAY);
    Funds { window: crate::Window::Month, start: start(), reset, limit, used }
}

/// So many credits an hour, minute by minute, for `length` before `now`.
fn steadily(per_hour: u64, length: Duration, now: Timestamp) -> Spending {
    let mut spending = Spending::default();
    let minutes = length.as_secs() / 60;
    for n in (0..minutes).rev() {
        let at = now.before(Duration::from_secs(n * 60));
        let due = (minutes - n) * per_hour / 60 - (minutes - n - 1) * per_hour / 60;
        spending.add(Credits::new(due), at);
    }
    spending
}

fn firing(spending: &Spending, used: u64, now: Timestamp) -> Vec<&'static str> {
    let is_firing = |alarm: &&BurnAlarm| alarm.judge(spending, &window(used), false, now).is_firing;
    BurnAlarm::ALL.iter().filter(is_firing).map(|alarm| alarm.name).collect()
}

#[test]
fn each_alarm_rings_at_its_own_speed() {
    // Too late, and the month is gone; too soon, and nobody listens any more.
    let now = start().after(10 * DAY);
    for (per_hour, length, rings) in [
        (20, 3 * DAY, vec![]),
        (30, 3 * DAY, vec!["slow"]),
        (130, 7 * HOUR, vec!["steady"]),
        (300, HOUR, vec!["fast"]),
        (300, Duration::from_secs(600), vec![]),
        (300, 3 * DAY, vec!["fast", "steady", "slow"]),
    ] {
        let spending = steadily(per_hour, length, now);
        assert_eq!(firing(&spending, 4_800, now), rings, "{per_hour} an hour for {length:?}");
    }
}

#[test]
fn what_lasts_until_the_reset_rings_no_alarm() {
    // On the last day much may be spent: what is left is lost otherwise.
    let now = start().after(30 * DAY).before(Duration::from_secs(1_800));
    let spending = steadily(300, HOUR, now);
    assert!(firing(&spending, 10_000, now).is_empty(), "4,400 are left for half an hour");
    assert_eq!(firing(&spending, 14_350, now), ["fast"], "50 are left");
    let fast = BurnAlarm::ALL[0].judge(&spending, &window(14_350), false, now);
    assert_eq!(fast.ends, Some(now.after(Duration::from_secs(600))));
}

#[test]
fn an_alarm_stops_when_the_short_stretch_is_well_below() {
    // An alarm that goes on after the cause is gone hides the next one.
    let alarm = BurnAlarm::ALL[0];
    let mut now = start().after(10 * DAY);
    let mut spending = steadily(300, HOUR, now);
    assert!(alarm.judge(&spending, &window(4_800), false, now).is_firing);
    for (per_minute, is_firing) in [(4, true), (3, false)] {
        for _ in 0..5 {
            now = now.after(Duration::from_secs(60));
            spending.add(Credits::new(per_minute), now);
        }
        let burn = alarm.judge(&spending, &window(5_000), true, now);
        assert_eq!(burn.is_firing, is_firing, "{per_minute} a minute: {burn:?}");
    }
}

#[test]
fn nothing_is_remembered_for_ever_and_no_limit_rings() {
    // Memory is bounded by three days of minutes.
    let now = start().after(20 * DAY);
    let spending = steadily(60, 5 * DAY, now);
    assert!(spending.0.len() <= 3 * 1_440 + 1, "{}", spending.0.len());
    assert_eq!(spending.over(HOUR, now), 60);
    let nothing = Funds { limit: Credits::ZERO, ..window(0) };
    for alarm in BurnAlarm::ALL {
        assert!(!alarm.judge(&spending, &nothing, false, now).is_firing);
        assert!(!alarm.judge(&Spending::default(), &window(0), false, now).is_firing);
    }
}
