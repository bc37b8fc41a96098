//! The stored value with its times.

mod codec;

use bytes::Bytes;

use crate::{Key, Meta, limits::ENTRY_OVERHEAD_BYTES};

pub use codec::{DecodeError, HEADER_BYTES, SCHEMA};

/// The stored value with its times. Cheap to clone: the body is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The value, opaque here.
    pub body: Bytes,
    /// What is known about it.
    pub meta: Meta,
}

impl Entry {
    /// As bytes that any later version reads or ignores, but never misreads.
    #[must_use]
    pub fn encode(&self) -> Bytes {
        codec::encode(self)
    }

    /// As [`Entry::encode`], with a body of at least `min_bytes` compressed where that saves
    /// something; 0 compresses none.
    #[must_use]
    pub fn encode_with(&self, min_bytes: usize) -> Bytes {
        let is_worth = min_bytes > 0 && self.body.len() >= min_bytes;
        is_worth.then(|| codec::compress(self)).flatten().unwrap_or_else(|| codec::encode(self))
    }

    /// Reads what [`Entry::encode`] or [`Entry::encode_with`] wrote. A body that is not compressed
    /// is a slice of `bytes`, not a copy.
    ///
    /// # Errors
    /// When they are foreign, of another version, cut or corrupt: count it, and call it a miss.
    pub fn decode(bytes: Bytes) -> Result<Self, DecodeError> {
        codec::decode(bytes)
    }

    /// How many bytes [`Entry::encode`] gives.
    #[must_use]
    pub const fn encoded_len(&self) -> usize {
        HEADER_BYTES + self.body.len()
    }

    /// What it weighs in a bounded memory, under that key.
    #[must_use]
    pub fn weight(&self, key: &Key) -> usize {
        key.as_str().len() + self.body.len() + ENTRY_OVERHEAD_BYTES
    }
}

#[cfg(test)]
mod tests;
