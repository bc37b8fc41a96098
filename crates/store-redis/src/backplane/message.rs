//! The byte form of notes, format 1, big endian:
//!
//! ```text
//! 0 format u8 · 1 origin u64 · then per note: kind u8 · version u64 · length u16 · text
//! ```
//!
//! A kind that this release does not know is skipped, since its length is known.

use bytes::{Buf, BufMut};
use cache_tiers::{Key, Mark, Note, Version};

use crate::limits::MESSAGE_BYTES_MAX;

const FORMAT: u8 = 1;
const FILLED: u8 = b'f';
const RELEASED: u8 = b'r';
const REMOVED: u8 = b'x';
const MARKED: u8 = b'm';
const CHANGED: u8 = b'c';
const GAP: u8 = b'g';

/// What a message held.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) origin: u64,
    pub(super) notes: Vec<Note>,
    /// Notes of kinds that this release does not know, or a rest that is no note.
    pub(super) n_unreadable: u64,
}

/// The notes as messages, none of which is much longer than a bound.
pub(super) fn write(origin: u64, notes: &[Note]) -> Vec<Vec<u8>> {
    let mut messages: Vec<Vec<u8>> = Vec::new();
    for note in notes {
        if messages.last().is_none_or(|message| message.len() >= MESSAGE_BYTES_MAX) {
            let mut message = vec![FORMAT];
            message.put_u64(origin);
            messages.push(message);
        }
        if let Some(message) = messages.last_mut() {
            write_note(message, note);
        }
    }
    messages
}

fn write_note(message: &mut Vec<u8>, note: &Note) {
    let none = Version::ZERO;
    let mark = if let Note::Marked(mark) = note { mark.write() } else { String::new() };
    let (kind, version, text) = match note {
        Note::Filled(key, version) => (FILLED, *version, key.as_str()),
        Note::Released(key) => (RELEASED, none, key.as_str()),
        Note::Removed(key, fence) => (REMOVED, *fence, key.as_str()),
        Note::Marked(_) => (MARKED, none, mark.as_str()),
        Note::Changed(key) => (CHANGED, none, key.as_str()),
        Note::Gap => (GAP, none, ""),
    };
    // Longer than any key or sensible prefix: such a mark becomes a gap, which makes all look.
    let Ok(length) = u16::try_from(text.len()) else { return write_note(message, &Note::Gap) };
    message.put_u8(kind);
    message.put_u64(version.to_bits());
    message.put_u16(length);
    message.put_slice(text.as_bytes());
}

/// Reads a message; what cannot be read is counted and left out.
pub(super) fn read(mut bytes: &[u8]) -> Heard {
    if bytes.first() != Some(&FORMAT) || bytes.len() < 9 {
        return Heard { n_unreadable: 1, ..Heard::default() };
    }
    bytes.advance(1);
    let mut heard = Heard { origin: bytes.get_u64(), ..Heard::default() };
    while !bytes.is_empty() {
        let Some(note) = read_note(&mut bytes) else {
            heard.n_unreadable += 1;
            break;
        };
        match note {
            Ok(note) => heard.notes.push(note),
            Err(Unknown) => heard.n_unreadable += 1,
        }
    }
    heard
}

/// A note of a kind that this release does not know.
struct Unknown;

/// `None` if the rest is too short to be one.
fn read_note(bytes: &mut &[u8]) -> Option<Result<Note, Unknown>> {
    if bytes.len() < 11 {
        return None;
    }
    let kind = bytes.get_u8();
    let version = Version::from_bits(bytes.get_u64());
    let length = usize::from(bytes.get_u16());
    let text = bytes.get(..length)?;
    bytes.advance(length);
    let Ok(text) = std::str::from_utf8(text) else { return Some(Err(Unknown)) };
    let key = || Key::new(text);
    Some(match kind {
        FILLED => Ok(Note::Filled(key(), version)),
        RELEASED => Ok(Note::Released(key())),
        REMOVED => Ok(Note::Removed(key(), version)),
        MARKED => Mark::read(text).map(Note::Marked).ok_or(Unknown),
        CHANGED => Ok(Note::Changed(key())),
        GAP => Ok(Note::Gap),
        _ => Err(Unknown),
    })
}

#[cfg(test)]
mod tests;
