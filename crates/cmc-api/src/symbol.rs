//! The grammar of symbols: matched in any case, echoed in upper case.

use std::sync::Arc;

use crate::selector::once;

/// Whether a list of symbols has upstream's pattern. Commas may stand anywhere in it, as the
/// published pattern allows; a list of nothing but commas names no symbol and fails.
pub(crate) fn is_list(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'@' | b'-');
    text.bytes().all(|byte| plain(byte) || byte == b',') && text.bytes().any(plain)
}

/// The symbols of a list, upper-cased, each at its first place.
pub(crate) fn list(text: &str) -> Vec<Arc<str>> {
    let symbols = text.split(',').filter(|symbol| !symbol.is_empty());
    once(symbols.map(|symbol| Arc::from(symbol.to_ascii_uppercase())), Arc::clone)
}
