use super::*;

#[test]
fn blocks_are_only_bought_where_they_cost_no_more_than_the_page() {
    // A page that straddles two blocks would cost two credits instead of one.
    assert_eq!(aligned(1, 100, 250, 5_000), (1, 250));
    assert_eq!(aligned(101, 100, 250, 5_000), (1, 250));
    assert_eq!(aligned(201, 100, 250, 5_000), (201, 100));
    assert_eq!(aligned(1, 251, 250, 5_000), (1, 500));
    assert_eq!(aligned(251, 250, 250, 5_000), (251, 250));
    assert_eq!(aligned(1, 1_000, 300, 1_000), (1, 1_000));
}
