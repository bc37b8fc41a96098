use super::write_classic_object;
use crate::{aux::MapAux, json::Members};

/// Appends a row of the map with the `aux` fields that were asked for; its members stand on
/// `depth`.
pub fn render_row(out: &mut Vec<u8>, row: &str, aux: MapAux, depth: usize) {
    let Some(row) = Members::of(row) else { return };
    let members: Vec<_> = row
        .0
        .iter()
        .map(|(key, value)| (key.as_ref(), *value))
        .filter(|(key, _)| MapAux::key(key).is_none_or(|bit| aux.contains(bit)))
        .collect();
    write_classic_object(out, &members, depth);
}
