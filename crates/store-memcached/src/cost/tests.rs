use super::*;

fn lengths(n_bytes: &[usize]) -> Vec<usize> {
    let sets = n_bytes.iter().map(|&n| Set::new("k", vec![b'x'; n])).collect();
    WRITING.cut(sets).iter().map(Vec::len).collect()
}

#[test]
fn a_batch_is_cut_by_commands_and_by_bytes() {
    // Too much at once, and both ends wait for the other to read.
    let quarter = limits::EXCHANGE_VALUE_BYTES_MAX / 4;
    assert!(lengths(&[]).is_empty());
    assert_eq!(lengths(&vec![1; 2_001]), [1_000, 1_000, 1]);
    assert_eq!(lengths(&[quarter; 9]), [4, 4, 1]);
    assert_eq!(lengths(&[1, 5 * quarter, 1]), [1, 1, 1], "what is too large goes alone");
}
