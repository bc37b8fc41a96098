use super::*;

/// A thousand draws in order of size, in milliseconds.
fn sorted(latency: &Latency) -> Vec<f64> {
    let draw = |seed| latency.draw(Dice(seed)).as_secs_f64() * 1_000.0;
    let mut drawn: Vec<f64> = (0..1_000).map(draw).collect();
    drawn.sort_by(f64::total_cmp);
    drawn
}

#[track_caller]
fn check(latency: &Latency, low: (f64, f64), middle: (f64, f64), high: (f64, f64)) {
    assert_eq!(latency.mistake(), None);
    let drawn = sorted(latency);
    for (at, (least, most)) in [(50, low), (500, middle), (950, high)] {
        assert!((least..=most).contains(&drawn[at]), "{latency:?} {at} {}", drawn[at]);
    }
    assert_eq!(drawn, sorted(latency));
}

#[test]
fn each_distribution_has_its_shape_and_is_the_same_every_time() {
    // Would break: what a scenario promises about its delays.
    check(&Latency::ConstantMs(80.0), (80.0, 80.0), (80.0, 80.0), (80.0, 80.0));
    check(&Latency::UniformMs(100.0, 200.0), (100.0, 110.0), (143.0, 157.0), (190.0, 200.0));
    check(&Latency::NormalMs(80.0, 10.0), (60.0, 68.0), (78.0, 82.0), (93.0, 100.0));
    check(&Latency::LognormalMs(50.0, 0.5), (18.0, 26.0), (46.0, 54.0), (98.0, 135.0));
    let table = Latency::PercentilesMs(vec![(0.0, 10.0), (50.0, 20.0), (100.0, 1_000.0)]);
    check(&table, (10.0, 12.0), (18.0, 60.0), (850.0, 950.0));
}

#[test]
fn impossible_distributions_are_refused() {
    // Would break: scenarios that fail only when they are drawn from.
    for latency in [
        Latency::ConstantMs(-1.0),
        Latency::UniformMs(2.0, 1.0),
        Latency::LognormalMs(10.0, f64::NAN),
        Latency::PercentilesMs(vec![]),
        Latency::PercentilesMs(vec![(50.0, 2.0), (20.0, 3.0)]),
    ] {
        assert!(latency.mistake().is_some(), "{latency:?}");
    }
}
