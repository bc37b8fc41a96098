use bytes::Bytes;

use super::classic_object;
use crate::{aux::InfoAux, json::Members};

/// Renders a coin's metadata with the `aux` fields that were asked for; its members stand on
/// `depth`.
#[must_use]
pub fn render_info(body: &str, aux: InfoAux, depth: usize) -> Option<Bytes> {
    let coin = Members::of(body)?;
    let members: Vec<_> = coin
        .0
        .iter()
        .map(|(key, value)| (key.as_ref(), *value))
        .filter(|(key, _)| InfoAux::key(key).is_none_or(|bit| aux.contains(bit)))
        .collect();
    Some(classic_object(&members, depth))
}
