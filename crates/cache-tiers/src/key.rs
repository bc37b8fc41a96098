//! What an entry is stored under.

use std::{borrow::Borrow, fmt, sync::Arc};

use xxhash_rust::xxh3::xxh3_128;

use crate::limits::KEY_BYTES_MAX;

/// `#` and the 128 bits of the hash in hex.
const TAIL_BYTES: usize = 33;

/// The canonical text of one entity. Never longer than
/// [`KEY_BYTES_MAX`](crate::limits::KEY_BYTES_MAX) bytes; cheap to clone.
///
/// ```
/// use cache_tiers::Key;
///
/// assert_eq!(Key::new("coin:1:usd").as_str(), "coin:1:usd");
/// assert_eq!(Key::new(&"x".repeat(9_000)).as_str().len(), 250);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Arc<str>);

impl Key {
    /// Takes the text as it is, or, if it is too long, its beginning and a hash of the whole.
    #[must_use]
    pub fn new(text: &str) -> Self {
        if text.len() <= KEY_BYTES_MAX {
            return Self(text.into());
        }
        let prefix = &text[..text.floor_char_boundary(KEY_BYTES_MAX - TAIL_BYTES)];
        Self(format!("{prefix}#{:032x}", xxh3_128(text.as_bytes())).into())
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Maps from keys can be asked with a `&str`.
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", &self.0)
    }
}

#[cfg(test)]
mod tests;
