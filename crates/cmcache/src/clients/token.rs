//! Tokens: made of chance, shown once, and known by their hash from then on.

use std::io;

use cmc_api::Secret;

/// So that people, and programs that look for leaked secrets, know one when they see it.
const PREFIX: &str = "cmcache_";
/// 256 bits: nobody guesses it, so that a fast hash is enough.
const RANDOM_BYTES: usize = 32;
/// Tells this use of the hash from every other.
const CONTEXT: &str = "cmcache 2026-11-29 client token";

/// What is kept of a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash([u8; 32]);

impl Hash {
    pub(crate) const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn to_hex(self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }

    pub(super) fn from_hex(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

/// Without its bytes.
impl std::fmt::Debug for Hash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hash")
    }
}

/// The hash of a token.
pub(crate) fn hash(token: &[u8]) -> Hash {
    Hash(blake3::derive_key(CONTEXT, token))
}

/// A new token. Its random part comes from the operating system.
///
/// # Errors
///
/// The system has no randomness to give.
pub(super) fn fresh() -> io::Result<Secret> {
    let mut random = [0; RANDOM_BYTES];
    getrandom::fill(&mut random).map_err(|error| match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code),
        None => io::ErrorKind::Unsupported.into(),
    })?;
    let digits = blake3::Hash::from_bytes(random).to_hex();
    Ok(Secret::new(format!("{PREFIX}{digits}")))
}

#[cfg(test)]
mod tests;
