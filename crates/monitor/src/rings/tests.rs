use super::*;
use crate::histogram::{Dense, Sample};
use proptest::prelude::*;

fn one() -> Sketch {
    let mut dense = Dense::default();
    dense.add(Sample { elapsed: Duration::from_millis(1), bytes: None });
    let mut sketch = Sketch::default();
    dense.drain_into(&mut sketch);
    sketch
}

fn count(rings: &Rings, window: Window) -> u64 {
    let mut sketch = Sketch::default();
    rings.read_into(window, &mut sketch);
    sketch.count()
}

#[test]
fn a_steady_stream_never_dips_at_a_rotation() {
    // Breaks if a window drops its oldest slot before the newest one is complete.
    let mut rings = Rings::default();
    for slot in 1..20_000u64 {
        rings.advance(slot, one());
        for window in Window::ALL {
            let length = window.length().as_secs() / SLOT_SECS;
            assert!(count(&rings, window) >= slot.min(length), "{window:?} at slot {slot}");
        }
    }
}

#[test]
fn every_window_is_empty_after_a_long_pause() {
    // Breaks if old slots survive because nothing new pushes them out.
    let mut rings = Rings::default();
    rings.advance(1, one());
    rings.advance(1_000_000, Sketch::default());
    assert!(Window::ALL.iter().all(|window| count(&rings, *window) == 0));
    assert_eq!(rings.finished().0, 1);
}

#[test]
fn memory_stays_bounded_over_days() {
    // Breaks if a ring keeps more slots than its shape says.
    let mut rings = Rings::default();
    for slot in 1..40_000u64 {
        rings.advance(slot, one());
    }
    let kept: Vec<usize> = rings.rings.iter().map(VecDeque::len).collect();
    assert_eq!(kept, [6, 10, 6, 24]);
}

proptest! {
    #[test]
    fn a_window_holds_exactly_what_happened_since_its_beginning(
        pauses in proptest::collection::vec(prop_oneof![1u64..4, 1u64..400, 1u64..9_000], 1..60),
    ) {
        // Breaks if folding loses or doubles a slot for some rhythm of traffic.
        let mut rings = Rings::default();
        let mut filled = Vec::new();
        for pause in pauses {
            filled.push(rings.slot());
            rings.advance(rings.slot() + pause, one());
            for window in Window::ALL {
                let from = beginning_of(window, rings.slot()).as_secs() / SLOT_SECS;
                let expected = filled.iter().filter(|slot| **slot >= from).count() as u64;
                prop_assert_eq!(count(&rings, window), expected, "{:?}", window);
            }
        }
    }
}
