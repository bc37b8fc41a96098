use super::*;

#[test]
fn it_is_printed_in_the_form_of_the_api() {
    // A wrong civil date would show in every answer.
    for text in ["1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z", "2026-10-05T09:14:31.207Z"]
    {
        assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
    }
}

#[test]
fn its_print_agrees_with_the_calendar_library_on_every_day_of_two_centuries() {
    // Guards the hand-written civil date against leap-year slips.
    for day in (-0..73_000).map(|day| day * 86_400_000 + 12_345) {
        let ours = Timestamp::from_millis(day).to_string();
        let theirs = format!("{:.3}", jiff::Timestamp::from_millisecond(day).unwrap());
        assert_eq!(ours, theirs);
    }
}

#[test]
fn a_length_is_never_negative() {
    // A clock that jumps back must not make ages explode.
    let early = Timestamp::from_millis(5);
    let late = Timestamp::from_millis(9);
    assert_eq!(early.since(late), Duration::ZERO);
    assert_eq!(late.since(early), Duration::from_millis(4));
}
