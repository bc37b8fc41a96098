//! The encoding of query strings.

use std::borrow::Cow;

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode_str, utf8_percent_encode,
};

/// What is written as `%XX` in a value. Commas stay bare: a third of the bytes.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b',')
    .remove(b'$')
    .remove(b'@')
    .remove(b':');

/// A name or value, decoded.
pub(crate) struct Decoded<'a> {
    /// The text; bytes that are no UTF-8 are replaced.
    pub(crate) text: Cow<'a, str>,
    /// Whether nothing had to be replaced.
    pub(crate) is_exact: bool,
}

/// Decodes `+` and `%XX`.
pub(crate) fn decode(raw: &str) -> Decoded<'_> {
    if !raw.contains(['+', '%']) {
        return Decoded { text: Cow::Borrowed(raw), is_exact: true };
    }
    let spaced = raw.replace('+', " ");
    let bytes: Vec<u8> = percent_decode_str(&spaced).collect();
    match String::from_utf8(bytes) {
        Ok(text) => Decoded { text: Cow::Owned(text), is_exact: true },
        Err(error) => {
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            Decoded { text: Cow::Owned(text), is_exact: false }
        }
    }
}

/// Encodes a name or value.
pub(crate) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

#[cfg(test)]
mod tests;
