use std::path::Path;

use credits::{BillingAnchor, Window};

use super::*;

const HOUR: Duration = Duration::from_secs(3_600);

fn alarms(dir: &Path) -> Alarms {
    let levels = Levels::of([50, 75, 80, 90, 95, 100]);
    Alarms::open(levels, "api.test", Keeping::of(dir, FILE))
}

fn budget(month: u64) -> Budget {
    let month = Some(Credits::new(month));
    Budget { minute_calls: None, day: None, month, anchor: BillingAnchor::FIRST }
}

fn used(month: u64) -> Usage {
    Usage { month: Credits::new(month), ..Usage::default() }
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn now() -> Timestamp {
    at("2026-11-11T00:00:00Z")
}

#[test]
fn ten_thousand_calls_beyond_a_level_are_one_event_across_restarts_and_instances() {
    // The promise of the whole: whoever is told ten thousand times stops listening.
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut told = Vec::new();
    let (mut first, second) = (alarms(one.path()), alarms(two.path()));
    for call in 0..10_000_u64 {
        if call % 1_000 == 999 {
            first = alarms(one.path());
        }
        let now = now().after(Duration::from_secs(call * 60));
        let use_of = used(12_000 + call / 10);
        first.judge(&budget(15_000), &use_of, now, |one| told.push(one));
        second.judge(&budget(15_000), &use_of, now, |one| told.push(one));
    }
    let levels = told.iter().filter_map(|(id, what)| match what {
        What::CreditWarning { level, .. } => Some((id.clone(), *level)),
        _ => None,
    });
    let levels: Vec<(String, u8)> = levels.collect();
    assert_eq!(levels.len(), 2, "each instance once: {levels:?}");
    assert_eq!(levels[0], levels[1], "and under the same id");
    assert_eq!(levels[0].1, 80);
}

#[test]
fn a_burst_that_the_month_does_not_survive_rings_once_and_stops_once() {
    // Between the levels nobody would know until it is too late.
    let dir = tempfile::tempdir().unwrap();
    let alarms = alarms(dir.path());
    let (mut spent, mut now) = (1_000, now());
    let mut told = Vec::new();
    for minute in 0..180 {
        // 15,000 in 30 days: 20.8 an hour are even, and this is 23 times as much.
        spent += if minute < 60 { 8 } else { 0 };
        now = now.after(Duration::from_secs(60));
        alarms.judge(&budget(15_000), &used(spent), now, |one| told.push(one));
    }
    let edges = told.iter().filter_map(|(_, what)| match what {
        What::BurnRate { alarm: "fast", is_firing, .. } => Some(*is_firing),
        _ => None,
    });
    assert_eq!(edges.collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn what_was_spent_before_a_restart_counts_for_the_rate() {
    // A gateway that is restarted by the hour would never ring.
    let dir = tempfile::tempdir().unwrap();
    let clock: Arc<dyn clock::Clock> = Arc::new(clock::ManualClock::at(now()));
    let ledger = credits::MemoryLedger::default();
    let account = Account::new(credits::AccountParts {
        name: "api.test".into(),
        meter: Arc::new(credits::MemoryMeter::default()),
        journal: Arc::new(credits::NoJournal),
        budget: budget(15_000),
        policy: credits::Policy::default(),
        clock: Arc::clone(&clock),
    });
    for _ in 0..40 {
        let purpose = credits::Purpose { operation: "/v1/x".into(), n_keys: 1 };
        let held = account.reserve(Credits::new(10), purpose).await.unwrap();
        held.settle(Credits::new(10), credits::Settled { elapsed: HOUR, outcome: "ok" }).await;
    }
    account.flush(&ledger).await.unwrap();
    let alarms = alarms(dir.path());
    alarms.learn_past(&account, &ledger, now()).await.unwrap();
    let mut told = Vec::new();
    alarms.judge(&budget(15_000), &used(5_000), now(), |one| told.push(one));
    let rings = told.iter().any(|(_, what)| matches!(what, What::BurnRate { alarm: "fast", .. }));
    assert!(rings, "{told:?}");
}

fn reading(used: u64, minute: u64) -> Reading {
    let at = now().after(Duration::from_secs(minute * 60));
    let period = Window::Month.start(at, BillingAnchor::FIRST);
    Reading { at, period, used: Credits::new(used) }
}

#[test]
fn use_by_somebody_else_is_told_when_it_begins_and_when_it_doubles() {
    // Once a minute would be as useless as never.
    let dir = tempfile::tempdir().unwrap();
    let mut told = Vec::new();
    // Before the books began, 2,000 were used: no news.
    let seen = [(2_000, 0), (2_100, 100), (2_103, 100), (2_105, 100), (2_106, 100), (2_150, 110)];
    for (minute, (upstream, booked)) in (0..).zip(seen) {
        // A restart in between must change nothing.
        let alarms = alarms(dir.path());
        let mut event = None;
        let reading = reading(upstream, minute);
        alarms.reconcile(reading, Credits::new(booked), |(_, what)| event = Some(what));
        told.push(event.map(|what| match what {
            What::KeyUsedElsewhere { new, .. } => new,
            other => panic!("{other:?}"),
        }));
        let found = alarms.elsewhere().unwrap();
        assert_eq!(found.credits(), upstream - booked);
    }
    assert_eq!(told, [None, None, Some(3), None, Some(6), Some(40)]);
}

#[test]
fn a_reading_waits_until_the_books_are_complete() {
    // A call that is charged but not yet posted is our own.
    let dir = tempfile::tempdir().unwrap();
    let alarms = alarms(dir.path());
    let fresh = reading(10, 0);
    alarms.read(fresh, &KeyPlan::default(), |what| panic!("{what:?}"));
    assert_eq!(alarms.due(fresh.at), None);
    assert_eq!(alarms.due(fresh.at.after(SETTLED)), Some(fresh));
    alarms.reconcile(fresh, Credits::new(10), |told| panic!("{told:?}"));
    assert_eq!(alarms.due(fresh.at.after(SETTLED)), None, "once each");
}

const SETTLED: Duration = Duration::from_secs(30);

#[test]
fn other_limits_are_told_also_when_they_changed_while_nobody_looked() {
    // A plan that was downgraded must not be found out by an empty budget.
    let dir = tempfile::tempdir().unwrap();
    let plan = |month: u64| KeyPlan {
        credit_limit_monthly: Some(Credits::new(month)),
        ..KeyPlan::default()
    };
    let read = |month: u64| {
        let mut told = None;
        alarms(dir.path()).read(reading(1, 0), &plan(month), |what| told = Some(what));
        told
    };
    assert_eq!((read(300_000), read(300_000)), (None, None));
    let told = read(15_000);
    let Some(What::PlanChanged { credits_month_before, credits_month, .. }) = told else {
        panic!("{told:?}");
    };
    assert_eq!((credits_month_before, credits_month), (Some(300_000), Some(15_000)));
}
