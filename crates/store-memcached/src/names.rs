//! Under which names entries and leases are stored.

use std::fmt::{self, Write};

use cache_tiers::Key;

use crate::limits::NAME_BYTES_MAX;

/// Printable ASCII of at most [`NAME_BYTES_MAX`] bytes, different for different keys.
///
/// Spaces, control characters, `%` and whatever is not ASCII are escaped as `%XX`. What is then too
/// long is cut, and ends in a hash of the whole.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    text: String,
    is_cut: bool,
}

impl Name {
    /// As the server sees it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stands for its key by a hash only: then the key is kept with the value.
    #[must_use]
    pub const fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// `kind` names what is stored, and the format of names: a new release reads what the old one
    /// stored.
    fn new(prefix: &str, kind: &str, key: &Key) -> Self {
        let mut text = format!("{prefix}{kind}");
        for byte in key.as_str().bytes() {
            if byte.is_ascii_graphic() && byte != b'%' {
                text.push(char::from(byte));
            } else {
                write!(text, "%{byte:02X}").expect("writing to a String cannot fail");
            }
        }
        let is_cut = text.len() > NAME_BYTES_MAX;
        if is_cut {
            // A key knows how to be bounded; its bound is memcached's.
            Key::new(&text).as_str().clone_into(&mut text);
        }
        Self { text, is_cut }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// `<prefix>v1:<key>`: where the entry of a key is.
#[must_use]
pub fn entry(prefix: &str, key: &Key) -> Name {
    Name::new(prefix, "v1:", key)
}

/// `<prefix>l1:<key>`: where the lease of a key is.
#[must_use]
pub fn lease(prefix: &str, key: &Key) -> Name {
    Name::new(prefix, "l1:", key)
}

#[cfg(test)]
mod tests;
