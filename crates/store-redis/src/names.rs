//! Under which names entries and counts are stored, and in which slot of a cluster.

use cache_tiers::Key;

use crate::limits::SLOTS;

/// `<prefix>v1:<key>`, different for different keys.
///
/// A text with braces gets an empty hash tag before it, so that the whole name decides the slot:
/// an asker cannot pile entries on one server. The `v1` names the format of names alone: a new
/// release reads what the old one stored.
#[must_use]
pub fn entry(prefix: &str, key: &Key) -> String {
    let tag = if key.as_str().contains('{') { "{}" } else { "" };
    format!("{}{tag}{key}", entries(prefix))
}

/// How the name of every entry begins.
#[must_use]
pub fn entries(prefix: &str) -> String {
    format!("{prefix}v1:")
}

/// The key of an entry's name; `None` if it is no such name.
#[must_use]
pub fn key_of(prefix: &str, name: &str) -> Option<Key> {
    let text = name.strip_prefix(prefix)?.strip_prefix("v1:")?;
    Some(Key::new(text.strip_prefix("{}").filter(|rest| rest.contains('{')).unwrap_or(text)))
}

/// `<prefix>l1:<key>`, spread over the slots as entries are.
#[must_use]
pub fn lease(prefix: &str, key: &Key) -> String {
    let tag = if key.as_str().contains('{') { "{}" } else { "" };
    format!("{prefix}l1:{tag}{key}")
}

/// The channel of the notes.
#[must_use]
pub fn channel(prefix: &str) -> String {
    format!("{prefix}n1")
}

/// What a meter keeps of an account, under a name each.
pub const METER_PARTS: [&str; 5] = ["counts", "open", "due", "ended", "lost"];

/// `<prefix>m1:{a:<account>}:<part>`: all of one account in one slot, since a reservation is one
/// step. The tag begins with `a:`, since an empty one would be none, and braces in the account are
/// escaped, for it ends at the first.
#[must_use]
pub fn meter(prefix: &str, account: &str, part: &str) -> String {
    let account = account.replace('%', "%25").replace('{', "%7B").replace('}', "%7D");
    format!("{prefix}m1:{{a:{account}}}:{part}")
}

/// The slot of a name: CRC-16 (XMODEM) of its hash tag, or of all of it if it has none.
#[must_use]
pub fn slot(name: &str) -> u16 {
    let tag = name
        .split_once('{')
        .and_then(|(_, rest)| rest.split_once('}'))
        .map(|(tag, _)| tag)
        .filter(|tag| !tag.is_empty());
    crc16(tag.unwrap_or(name).as_bytes()) % SLOTS
}

fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(*byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}

#[cfg(test)]
mod tests;
