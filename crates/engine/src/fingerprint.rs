//! What tells two answers apart without comparing them: which entities, in which versions.

use std::hash::{Hash, Hasher};

use cache_tiers::Version;

use crate::entity::Entity;

/// FNV-1a: the same on every instance and after a restart, unlike the standard library's hashers.
#[derive(Debug)]
pub(crate) struct Fingerprint(u64);

impl Fingerprint {
    /// Of no parts yet. Another release may write the same parts otherwise.
    pub(crate) fn new() -> Self {
        let mut empty = Self(0xcbf2_9ce4_8422_2325);
        empty.write(env!("CARGO_PKG_VERSION").as_bytes());
        empty
    }

    /// One more part. The keys of one call share a version, so the name counts, too.
    pub(crate) fn add(&mut self, entity: &Entity, version: Version) {
        entity.hash(self);
        self.write_u64(version.to_bits());
    }
}

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests;
