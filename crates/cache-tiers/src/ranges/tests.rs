use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn spans() -> impl Strategy<Value = Vec<Span>> {
    proptest::collection::vec((-50..50_i64, -5..20_i64).prop_map(|(at, n)| at..at + n), 0..20)
}

fn one(span: Span) -> [Span; 1] {
    [span]
}

fn points(spans: &[Span]) -> BTreeSet<i64> {
    spans.iter().flat_map(Clone::clone).collect()
}

fn cover(spans: &[Span]) -> Cover {
    let mut cover = Cover::default();
    spans.iter().for_each(|span| cover.add(span.clone()));
    cover
}

#[test]
fn touching_intervals_become_one() {
    // Day after day would otherwise be a list without end.
    assert_eq!(cover(&[0..1, 2..3, 1..2]).spans(), one(0..3));
}

#[test]
fn an_empty_or_reversed_span_adds_nothing_and_misses_nothing() {
    // A query over no time must not cost a call.
    #[expect(clippy::reversed_empty_ranges, reason = "that is what is tried")]
    let cover = cover(&[5..5, 9..3]);
    assert_eq!(cover, Cover::default());
    assert_eq!(cover.gaps(7..7), []);
    assert!(cover.contains(&(7..7)));
}

#[test]
fn the_ends_of_the_axis_do_not_overflow() {
    // "All there is" is asked for with the extremes.
    let cover = cover(&[i64::MIN..0, 10..i64::MAX]);
    assert_eq!(cover.gaps(i64::MIN..i64::MAX), one(0..10));
}

#[test]
fn beyond_the_bound_the_shortest_is_forgotten() {
    // Scattered asks would grow the list for ever.
    let mut cover = cover(&one(0..100));
    for n in 0..2 * i64::try_from(COVER_SPANS_MAX).unwrap() {
        cover.add(1_000 + n * 10..1_002 + n * 10);
    }
    assert_eq!(cover.spans().len(), COVER_SPANS_MAX);
    assert!(cover.contains(&(0..100)));
}

proptest! {
    #[test]
    fn a_cover_is_a_set(spans in spans()) {
        // A point too many is history never bought; one too few is bought twice.
        let cover = cover(&spans);
        prop_assert_eq!(points(cover.spans()), points(&spans));
        prop_assert!(cover.spans().windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(cover.spans().iter().all(|span| !span.is_empty()));
    }

    #[test]
    fn gaps_are_what_is_not_held(spans in spans(), at in -60..60_i64, n in 0..60_i64) {
        // The gaps are what is paid for.
        let (mut cover, asked) = (cover(&spans), at..at + n);
        let gaps = cover.gaps(asked.clone());
        let expected = &points(std::slice::from_ref(&asked)) - &points(&spans);
        prop_assert_eq!(points(&gaps), expected);
        prop_assert_eq!(cover.contains(&asked), gaps.is_empty());
        gaps.into_iter().for_each(|gap| cover.add(gap));
        prop_assert!(cover.contains(&asked));
    }

    #[test]
    fn union_and_difference_are_those_of_sets(a in spans(), b in spans()) {
        // An invalidated interval must go as a whole, and alone.
        let (mut union, mut rest) = (cover(&a), cover(&a));
        union.merge(&cover(&b));
        prop_assert_eq!(points(union.spans()), &points(&a) | &points(&b));
        b.iter().for_each(|span| rest.subtract(span));
        prop_assert_eq!(points(rest.spans()), &points(&a) - &points(&b));
    }
}
