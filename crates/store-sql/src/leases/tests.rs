use super::*;

fn row(token: i64, until_ms: i64, now_ms: i64) -> LeaseRow {
    LeaseRow { key: b"k".to_vec(), token, until_ms, now_ms }
}

#[test]
fn a_token_is_above_the_last_one_the_proposed_one_and_the_clock() {
    // Breaks: a late holder overwrites what a later one brought.
    let token = |row: LeaseRow, proposed| row.taken(proposed, 10).unwrap().token;
    assert_eq!(token(row(0, 0, 5), 0), 5 << 16);
    assert_eq!(token(row(0, 0, 5), 9 << 16), 9 << 16);
    assert_eq!(token(row(7 << 16, 5, 5), 0), (7 << 16) + 1);
}

#[test]
fn it_is_free_at_the_instant_that_it_ends() {
    assert_eq!(row(1, 6, 5).taken(0, 10), None);
    assert_eq!(row(1, 5, 5).taken(0, 10).map(|row| row.until_ms), Some(15));
}
