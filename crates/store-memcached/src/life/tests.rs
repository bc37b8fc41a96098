use super::*;

const NOW: Timestamp = Timestamp::from_millis(1_791_201_600_500);
const DAY: u64 = 86_400;

fn after(length: Duration) -> u32 {
    until(NOW.after(length), NOW)
}

#[test]
fn a_part_of_a_second_is_a_second_more() {
    // Rounded down, a life of 900 ms is 0: for ever, to memcached.
    assert_eq!(after(Duration::from_millis(1)), 2);
    assert_eq!(after(Duration::from_millis(900)), 2);
    assert_eq!(after(Duration::from_secs(60)), 61);
    assert_eq!(until(NOW.before(Duration::from_secs(60)), NOW), 1);
}

#[test]
fn over_thirty_days_it_is_a_date() {
    // As a length it is a day in 1970: STORED, and never seen again.
    assert_eq!(after(Duration::from_secs(30 * DAY - 3)), 30 * 86_400 - 2);
    assert_eq!(after(Duration::from_secs(31 * DAY)), 1_791_201_602 + 31 * 86_400);
}

#[test]
fn beyond_the_dates_of_the_server_there_is_no_end() {
    // A date after 2038 is in the past to a server that counts in 32 bits.
    assert_eq!(after(Duration::from_secs(80 * 366 * DAY)), NO_END);
    assert_eq!(until(Timestamp::MAX, NOW), NO_END);
}
