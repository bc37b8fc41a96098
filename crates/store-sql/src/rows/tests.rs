use cache_tiers::Key;

use super::*;

fn row(n_bytes: usize) -> FrameRow {
    FrameRow { key: Key::new("k"), version: 0, usable_until: 0, frame: vec![0; n_bytes] }
}

#[test]
fn a_statement_is_bounded_by_rows_and_bytes_and_never_empty() {
    // A row that is larger than the bound must not stop those behind it for ever.
    let large = limits::BYTES_PER_STATEMENT_MAX + 1;
    let mut rows: Vec<_> = (0..limits::ROWS_PER_STATEMENT_MAX + 1).map(|_| row(1)).collect();
    rows.extend([large, large, large / 2, large / 2, large / 2].map(row));
    let lengths: Vec<_> = statements(&rows).map(<[_]>::len).collect();
    assert_eq!(lengths, [limits::ROWS_PER_STATEMENT_MAX, 1, 1, 1, 2, 1]);
    assert_eq!(statements(&[]).count(), 0);
}

#[test]
fn parts_are_powers_of_two_and_leave_nothing_out() {
    // Each other length would be another statement to prepare.
    let rows: Vec<u32> = (0..100).collect();
    let parts: Vec<_> = powers_of_two(&rows).collect();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [64, 32, 4]);
    assert_eq!(parts.concat(), rows);
    assert_eq!(powers_of_two::<u32>(&[]).count(), 0);
}

#[test]
fn months_are_counted_from_the_year_zero() {
    // A posting of the last millisecond belongs to the month that ends.
    assert_eq!(month(Timestamp::from_millis(1_793_491_199_999)), 2026 * 12 + 9);
    assert_eq!(month(Timestamp::from_millis(1_793_491_200_000)), 2026 * 12 + 10);
}
