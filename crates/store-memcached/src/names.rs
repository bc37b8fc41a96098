//! Under which names entries are stored.

use std::fmt::Write;

use cache_tiers::Key;

/// `<prefix>v1:<key>`: printable ASCII of at most
/// [`NAME_BYTES_MAX`](crate::limits::NAME_BYTES_MAX) bytes, different for different keys.
///
/// Spaces, control characters, `%` and whatever is not ASCII are escaped as `%XX`. The `v1` names
/// the format of names alone: a new release reads what the old one stored.
#[must_use]
pub fn entry(prefix: &str, key: &Key) -> String {
    let mut name = format!("{prefix}v1:");
    for byte in key.as_str().bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            name.push(char::from(byte));
        } else {
            write!(name, "%{byte:02X}").expect("writing to a String cannot fail");
        }
    }
    // A key knows how to be bounded; its bound is memcached's.
    Key::new(&name).as_str().to_owned()
}

#[cfg(test)]
mod tests;
