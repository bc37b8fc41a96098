use super::*;

#[test]
fn a_walk_is_bounded_smooth_and_never_rests() {
    // Would break: realistic prices, and markets that move in each step.
    let mut before = walk(42, 1_000_000);
    for step in 1_000_001..1_020_000 {
        let now = walk(42, step);
        assert!(now.abs() < 1.2 && (now - before).abs() < 0.01 && now != before, "{step}");
        before = now;
    }
}

#[test]
fn rounding_keeps_the_digits_that_are_asked_for() {
    // Would break: numbers that look like a computer made them.
    assert_eq!(significant(84_211.753_199_23, 10), 84_211.753_2);
    assert_eq!(significant(1.234_567_89e-10, 6), 1.234_57e-10);
    assert_eq!(significant(123_456_789_012.3, 3), 123_000_000_000.0);
    assert_eq!(significant(0.0, 3), 0.0);
    assert_eq!(decimals(-1.005_006, 3), -1.005);
}
