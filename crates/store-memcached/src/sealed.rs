//! What lies around a value on a server.
//!
//! A name that fits holds all of its key, and the value stands alone. A name that was cut holds a
//! hash, and two keys might share it; then the value is preceded by its key:
//!
//! ```text
//! 0 magic "cmK" · 3 format (1) · 4 length of the key u16 LE · 6 key · value
//! ```

use bytes::{Buf, BufMut, Bytes};
use cache_tiers::Key;

use crate::names::Name;

const MAGIC: [u8; 3] = *b"cmK";
const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 6;

/// What was found under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// What was sealed for this key.
    Ours(Bytes),
    /// What was sealed for a key with the same hash.
    AnotherKey,
    /// Nothing that this release wrote.
    Foreign,
}

pub(crate) fn seal(name: &Name, key: &Key, value: &[u8]) -> Vec<u8> {
    if !name.is_cut() {
        return value.to_vec();
    }
    let key = key.as_str().as_bytes();
    let mut sealed = Vec::with_capacity(HEADER_BYTES + key.len() + value.len());
    sealed.put_slice(&MAGIC);
    sealed.put_u8(FORMAT);
    sealed.put_u16_le(u16::try_from(key.len()).expect("a key has 250 bytes at most"));
    sealed.put_slice(key);
    sealed.put_slice(value);
    sealed
}

pub(crate) fn open(name: &Name, key: &Key, mut bytes: Bytes) -> Opened {
    if !name.is_cut() {
        return Opened::Ours(bytes);
    }
    if bytes.len() < HEADER_BYTES || bytes[..3] != MAGIC || bytes[3] != FORMAT {
        return Opened::Foreign;
    }
    bytes.advance(MAGIC.len() + 1);
    let n_key = usize::from(bytes.get_u16_le());
    if bytes.len() < n_key {
        return Opened::Foreign;
    }
    let of = bytes.split_to(n_key);
    if of == key.as_str().as_bytes() { Opened::Ours(bytes) } else { Opened::AnotherKey }
}

#[cfg(test)]
mod tests;
