use cache_tiers::Scope;
use proptest::prelude::*;

use super::*;

fn notes() -> Vec<Note> {
    let key = |text: &str| Key::new(text);
    let mark =
        Mark { scope: Scope::Class(3, "pro\n:".to_owned()), fence: Version::from_bits(u64::MAX) };
    vec![
        Note::Filled(key("q:1:2781"), Version::from_bits(7)),
        Note::Released(key("")),
        Note::Removed(key("₿\0\r\n"), Version::from_bits(1 << 60)),
        Note::Marked(mark),
        Note::Changed(key(&"k".repeat(250))),
        Note::Gap,
    ]
}

#[test]
fn what_is_told_is_heard() {
    // Breaks: an invalidation would name another key, or none.
    let messages = write(42, &notes());
    assert_eq!(messages.len(), 1);
    assert_eq!(read(&messages[0]), Heard { origin: 42, notes: notes(), n_unreadable: 0 });
    assert!(write(42, &[]).is_empty());
}

/// What format 1 looked like when it was released. Never change this file.
const FIXTURE_V1: &str = include_str!("fixtures/v1.hex");

#[test]
fn the_first_format_is_still_told_and_still_heard() {
    // Breaks: during a deploy the instances of two releases do not understand each other.
    let digits: Vec<u8> = FIXTURE_V1.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap();
    let fixture: Vec<u8> = digits.chunks(2).map(pair).collect();
    assert_eq!(write(42, &notes()), std::slice::from_ref(&fixture));
    assert_eq!(read(&fixture), Heard { origin: 42, notes: notes(), n_unreadable: 0 });
}

#[test]
fn many_notes_are_several_messages_in_their_order() {
    // Breaks: a refill of thousands of coins would block the server with one message.
    let all: Vec<Note> = (0..5_000)
        .map(|n| Note::Filled(Key::new(&format!("quote:{n}")), Version::from_bits(n)))
        .collect();
    let messages = write(1, &all);
    assert!(messages.iter().all(|message| message.len() < MESSAGE_BYTES_MAX + 300));
    let heard: Vec<Note> = messages.iter().flat_map(|message| read(message).notes).collect();
    assert_eq!(heard, all);
}

#[test]
fn a_note_of_a_later_release_is_skipped_alone() {
    // Breaks: during a deploy the old instances would go deaf.
    let mut message = write(1, &notes()[..1]).remove(0);
    message.extend([b'?', 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, b'n', b'e', b'w']);
    message.extend(&write(1, &notes()[1..2])[0][9..]);
    let heard = read(&message);
    assert_eq!((heard.notes, heard.n_unreadable), (notes()[..2].to_vec(), 1));
}

proptest! {
    #[test]
    fn nonsense_is_counted_and_no_panic(bytes: Vec<u8>, cut in 0_usize..80) {
        // Breaks: one odd message would end the listening.
        read(&bytes);
        let whole = write(1, &notes()).remove(0);
        let heard = read(&whole[..cut.min(whole.len())]);
        prop_assert!(heard.notes.len() <= notes().len());
    }
}
