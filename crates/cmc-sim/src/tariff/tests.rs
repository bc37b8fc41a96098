use super::*;

#[test]
fn batches_round_up_and_converts_are_flat_on_top() {
    // Would break: the worked numbers of the documentation.
    let v3 = Price::per(250).and_converts();
    assert_eq!([250, 251, 5000, 0].map(|n| v3.credits(n, 1)), [1, 2, 20, 1]);
    assert_eq!(v3.credits(250, 3), 3);
    assert_eq!(Price::per(100).and_converts().credits(101, 1), 2);
    assert_eq!(Price::per(200).and_converts().credits(5000, 1), 25);
    assert_eq!(Price::flat(1).and_converts().credits(1, 4), 4);
    assert_eq!(Price::per(250).credits(1, 9), 1);
    assert_eq!(Price::FREE.credits(9_000, 1), 0);
    assert_eq!(Price { base: 2, ..Price::per(10) }.credits(11, 1), 4);
}
