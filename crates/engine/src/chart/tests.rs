use std::time::Duration;

use super::*;

const START: Timestamp = Timestamp::from_millis(1_000_000_000_000);

fn chart(instance: u64, seconds: u64, coins: &[u32]) -> Chart {
    let rates = coins.iter().map(|id| ((CoinId::new(*id), CoinId::USD), 0.5)).collect();
    let at = START.after(Duration::from_secs(seconds));
    Chart { instance, at, rates, profile: Profile::default() }
}

#[test]
fn charts_are_read_as_they_were_written() {
    // Breaks if what one instance tells, another misunderstands.
    let charts = vec![chart(7, 0, &[1, 1_027]), chart(u64::MAX, 9, &[])];
    assert_eq!(read(&write(&charts)), charts);
}

#[test]
fn what_is_no_chart_is_left_out() {
    // Breaks if a foreign or later line makes the whole unreadable.
    let text = "instance x 1\n1 2 3\ninstance 7 1000\nnonsense\n1 2 NaN\n1 2 -4\n5 2781 0.25\n?";
    let charts = read(text);
    assert_eq!((charts.len(), charts[0].rates.len()), (1, 1));
}

#[test]
fn the_dead_are_forgotten_but_for_the_last_who_knew_more() {
    // Breaks if the demand of instances that have ended is bought for ever, or if a restart
    // forgets what was popular.
    let stored = vec![chart(1, 0, &[1, 2, 3]), chart(2, 5, &[4, 5]), chart(3, 990, &[6])];
    let merged = merged(stored, chart(9, 1_000, &[7]));
    let instances: Vec<_> = merged.iter().map(|chart| chart.instance).collect();
    assert_eq!(instances, [3, 2, 9]);
    let later = super::merged(merged, chart(9, 1_010, &[7, 8, 9]));
    let instances: Vec<_> = later.iter().map(|chart| chart.instance).collect();
    assert_eq!(instances, [3, 9]);
}

#[test]
fn however_many_write_the_entry_is_bounded() {
    // Breaks if restarts fill the entry.
    let many: Vec<Chart> = (0..200).map(|instance| chart(instance, 0, &[1])).collect();
    assert!(merged(many.clone(), chart(999, 1, &[1])).len() <= limits::CHARTS_MAX);
    assert!(read(&write(&many)).len() <= limits::CHARTS_MAX);
    let coins: Vec<u32> = (0..3 * u32::try_from(limits::CHART_PAIRS_MAX).unwrap()).collect();
    let long = read(&write(&[chart(1, 0, &coins)]));
    assert_eq!(long[0].rates.len(), limits::CHART_PAIRS_MAX);
}
