use std::sync::Arc;

use bytes::Bytes;
use cmc_api::bridge;

use super::{NotComposed, rank_in_group, spaced};
use crate::{
    held::Held,
    plan::{Conversions, Plan},
};

pub(super) fn conversions(
    plan: &Plan,
    shape: &Conversions,
    held: &[Arc<Held>],
) -> Result<Bytes, NotComposed> {
    let n = shape.currencies.len();
    let exists = |at: &usize| held[at * n..(at + 1) * n].iter().all(|held| held.coin().is_some());
    let mut coins: Vec<usize> = (0..shape.n_coins).filter(exists).collect();
    coins.sort_by(|a, b| rank_in_group(plan, held, a * n, b * n));
    if !shape.all {
        coins.truncate(1);
    }
    let worth: Vec<Vec<u8>> =
        coins.into_iter().map(|at| one(shape, held, at)).collect::<Result<_, _>>()?;
    // That upstream has a coin in its map and no quote of it: only upstream knows what it says.
    let Some(first) = worth.first() else { return Err(NotComposed::NoSource(Vec::new())) };
    if !shape.all {
        return Ok(spaced(plan, first.clone()));
    }
    let mut out = vec![b'['];
    out.extend(worth.join(&b','));
    out.push(b']');
    Ok(spaced(plan, out))
}

fn one(shape: &Conversions, held: &[Arc<Held>], at: usize) -> Result<Vec<u8>, NotComposed> {
    let n = shape.currencies.len();
    let places = at * n..(at + 1) * n;
    let pairs = shape.currencies.iter().zip(&held[places]);
    let bodies: Option<Vec<(&str, &str)>> =
        pairs.map(|(currency, held)| Some((&*currency.name, held.coin()?.text()?))).collect();
    let worth = bodies.and_then(|bodies| bridge::render_conversion(&bodies));
    // Another quote would not tell more.
    worth.ok_or(NotComposed::NoSource(Vec::new()))
}
