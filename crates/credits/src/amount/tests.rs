use super::*;

#[test]
fn each_begun_block_costs_a_credit() {
    // A block too few would let the budget be overdrawn.
    let hundred = NonZeroU64::new(100).unwrap();
    let prices = [0, 1, 100, 101, 200].map(|count| Credits::per_block(count, hundred).get());
    assert_eq!(prices, [0, 1, 1, 2, 2]);
}

#[test]
fn sums_stop_at_the_ends() {
    // A wrapped sum would look like an empty account.
    assert_eq!(Credits::MAX.saturating_add(Credits::new(1)), Credits::MAX);
    assert_eq!(Credits::MAX.checked_add(Credits::new(1)), None);
    assert_eq!(Credits::new(2).saturating_sub(Credits::new(3)), Credits::ZERO);
    assert_eq!([Credits::MAX, Credits::MAX].iter().sum::<Credits>(), Credits::MAX);
}

#[test]
fn they_are_written_as_a_number() {
    // Reports are read by scripts.
    assert_eq!(serde_json::to_string(&Credits::new(7)).unwrap(), "7");
    assert_eq!(serde_json::from_str::<Credits>("7").unwrap(), Credits::new(7));
    assert_eq!(format!("{:>3}", Credits::new(7)), "  7");
}
