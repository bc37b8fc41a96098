use super::*;

#[test]
fn the_nearest_word_is_suggested_and_far_ones_are_not() {
    // Would break: errors that leave the reader to guess.
    let words = ["latency", "fault", "charge"];
    assert_eq!(suggestion("latncy", words), "; did you mean \"latency\"?");
    assert_eq!(suggestion("faults", words), "; did you mean \"fault\"?");
    assert_eq!(suggestion("zzzzzzzz", words), "");
}

#[test]
fn messages_about_words_are_sharpened_and_others_left_alone() {
    // Would break: suggestions behind errors of another kind.
    let sharp = sharpen("unknown field `lateny`, expected one of `at`, `latency`");
    assert!(sharp.ends_with("`latency`; did you mean \"latency\"?"), "{sharp}");
    assert_eq!(sharpen("invalid type: `x`"), "invalid type: `x`");
}
