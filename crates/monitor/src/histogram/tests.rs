use super::*;
use proptest::prelude::*;

fn sketch(samples: &[u64]) -> Sketch {
    let mut dense = Dense::default();
    for &ns in samples {
        dense.add(Sample { elapsed: Duration::from_nanos(ns), bytes: None });
    }
    let mut sketch = Sketch::default();
    dense.drain_into(&mut sketch);
    sketch
}

/// What a full sort would answer.
fn exact(sorted: &[u64], quantile: f64) -> u64 {
    sorted[usize::try_from(rank_of(quantile, sorted.len() as u64)).unwrap() - 1]
}

#[test]
fn an_empty_sketch_answers_zero() {
    // Breaks if a division by zero or a missing bucket panics before the first sample.
    let empty = Sketch::default();
    assert_eq!(
        (empty.count(), empty.mean(), empty.quantile(0.95)),
        (0, Duration::ZERO, Duration::ZERO)
    );
    assert_eq!(empty.bytes(), None);
}

#[test]
fn what_is_too_long_for_the_buckets_stays_exact_in_max_and_mean() {
    // Breaks if a ten-minute hang is reported as the highest bucket.
    let long = Duration::from_secs(600);
    let mut dense = Dense::default();
    dense.add(Sample { elapsed: long, bytes: Some(7) });
    let mut sketch = Sketch::default();
    dense.read_into(&mut sketch);
    assert_eq!((sketch.max(), sketch.mean(), sketch.min()), (long, long, long));
    assert_eq!(sketch.bytes(), Some((7, 7)));
}

#[test]
fn a_drained_histogram_starts_over() {
    // Breaks if a slot's samples are counted again in the next.
    let mut dense = Dense::default();
    dense.add(Sample { elapsed: Duration::from_millis(1), bytes: None });
    let mut first = Sketch::default();
    dense.drain_into(&mut first);
    let mut second = Sketch::default();
    dense.drain_into(&mut second);
    assert_eq!((first.count(), second.count()), (1, 0));
}

#[test]
fn a_sketch_travels_as_json() {
    // Breaks if snapshots cannot be sent to the instance that adds them up.
    let before = sketch(&[100, 2_000, 3_000_000]);
    let text = serde_json::to_string(&before).unwrap();
    assert_eq!(serde_json::from_str::<Sketch>(&text).unwrap(), before);
}

fn samples() -> impl Strategy<Value = Vec<u64>> {
    // Spread over all powers of two, as real latencies are.
    let one =
        (0u32..38, 0u64..1_000).prop_map(|(bits, more)| (1u64 << bits) + (more << bits) / 1_000);
    proptest::collection::vec(one, 1..500)
}

proptest! {
    #[test]
    fn a_quantile_is_within_one_percent_of_an_exact_sort(mut samples in samples()) {
        // Breaks if the bucket's width or place is computed wrongly somewhere in the range.
        let sketch = sketch(&samples);
        samples.sort_unstable();
        for quantile in [0.0, 0.5, 0.9, 0.95, 0.99, 0.999, 1.0] {
            let exact = exact(&samples, quantile);
            let found = u64::try_from(sketch.quantile(quantile).as_nanos()).unwrap();
            prop_assert!(found.abs_diff(exact) <= exact / 100 + 64, "{found} for {exact}");
        }
        prop_assert_eq!(sketch.count(), samples.len() as u64);
        prop_assert_eq!(sketch.min().as_nanos(), u128::from(samples[0]));
        prop_assert_eq!(sketch.max().as_nanos(), u128::from(*samples.last().unwrap()));
        prop_assert_eq!(sketch.sum().as_nanos(), samples.iter().map(|ns| u128::from(*ns)).sum());
    }

    #[test]
    fn merged_parts_equal_the_whole(left in samples(), right in samples()) {
        // Breaks if many instances together report something else than one would.
        let mut merged = sketch(&left);
        merged.merge(&sketch(&right));
        prop_assert_eq!(merged, sketch(&[left, right].concat()));
    }
}
