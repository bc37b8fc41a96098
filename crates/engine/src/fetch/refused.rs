//! What is made of a call that upstream refused: smaller calls, other calls, or an error.

use std::sync::{Arc, atomic::Ordering};

use cmc_api::{CoinId, UpstreamError, UpstreamErrorKind};
use smallvec::SmallVec;

use super::Crew;
use crate::{
    absent,
    entity::{Entity, How, Want},
    error::FlightError,
    flight::Passengers,
    pack::{Load, LoadKind},
};

/// Whether it is a page of the ranking that somebody waits for a coin of.
pub(super) fn is_sweep(load: &Load) -> bool {
    let is_quote = |entity: &Entity| matches!(entity, Entity::Quote { .. });
    matches!(load.kind, LoadKind::Blocks { .. }) && load.carries.iter().any(is_quote)
}

/// Whether the refusal may be the fault of one key among several.
pub(super) fn is_divisible(error: &UpstreamError, load: &Load) -> bool {
    error.kind == UpstreamErrorKind::Refused
        && load.carries.len() > 1
        && matches!(load.kind, LoadKind::Quotes | LoadKind::Infos | LoadKind::Parts(..))
}

/// Tells that `unknown` do not exist, and packs the rest of the call again.
pub(super) fn without(
    crew: &Crew,
    load: &Load,
    unknown: &[Entity],
    mut aboard: Passengers,
) -> Vec<(Load, Passengers)> {
    let now = crew.clock.now();
    for entity in unknown {
        if let Some(held) = absent::held(entity, now, crew.versions.next(now)) {
            aboard.land(entity, &Arc::new(held));
        }
    }
    let others = load.carries.iter().filter(|entity| !unknown.contains(entity));
    let wants: Vec<Want> = others.cloned().map(Want::of).collect();
    seated(crew.pack(&wants).loads, &mut aboard)
}

/// A call that failed: a page is bought coin by coin instead, all others have failed for everyone.
pub(super) fn turned_away(
    crew: &Crew,
    load: &Load,
    mut aboard: Passengers,
    error: &FlightError,
) -> Vec<(Load, Passengers)> {
    let again = match is_sweep(load) {
        true => {
            crew.sweeps.failed(crew.clock.now());
            by_name(crew, &mut aboard)
        }
        false => Vec::new(),
    };
    aboard.fail(error);
    again
}

/// What is still waited for of a page that did not bring it, coin by coin: a page may be refused
/// where single coins are not, and coins move in and out of it. Who only rode along stays behind.
pub(super) fn by_name(crew: &Crew, aboard: &mut Passengers) -> Vec<(Load, Passengers)> {
    let wants: Vec<Want> = aboard.awaited().into_iter().map(Want::detailed).collect();
    seated(crew.pack(&wants).loads, aboard)
}

impl Crew {
    /// Where the plan allows fewer currencies in a call than this one had: remembers how many, and
    /// packs again. Such a refusal costs nothing.
    pub(super) fn learn_converts(
        &self,
        error: &UpstreamError,
        load: &Load,
        aboard: &mut Passengers,
    ) -> Option<Vec<(Load, Passengers)>> {
        let n_converts = usize::try_from(load.call.n_converts()).unwrap_or(usize::MAX);
        let limit = converts_limit(error).filter(|limit| *limit < n_converts)?;
        self.converts_max.store(limit.max(1), Ordering::Relaxed);
        if is_sweep(load) {
            self.sweeps.refused();
            return Some(by_name(self, aboard));
        }
        let wants: Vec<Want> = match load.kind {
            LoadKind::Quotes => aboard.awaited().into_iter().map(Want::detailed).collect(),
            LoadKind::Parts(..) => aboard.awaited().into_iter().map(Want::of).collect(),
            LoadKind::Blocks { ref currencies, .. } => {
                let all: SmallVec<[CoinId; 2]> = currencies.iter().copied().collect();
                let block = |entity| Want { entity, how: How::InCurrencies(all.clone()) };
                aboard.awaited().into_iter().map(block).collect()
            }
            _ => return None,
        };
        Some(seated(self.pack(&wants).loads, aboard))
    }
}

/// How many currencies upstream says that the plan allows in a call.
fn converts_limit(error: &UpstreamError) -> Option<usize> {
    let message = &error.answer.as_deref()?.message;
    let rest = message.strip_prefix("Your plan is limited to ")?;
    rest.strip_suffix(" convert options")?.parse().ok()
}

/// Each load with those of `aboard` that it carries.
fn seated(loads: Vec<Load>, aboard: &mut Passengers) -> Vec<(Load, Passengers)> {
    let seat = |load: Load| {
        let some = aboard.split(&load.carries);
        (load, some)
    };
    loads.into_iter().map(seat).collect()
}

/// The same keys in two calls, without fillers.
pub(super) fn halves(crew: &Crew, load: &Load) -> Vec<Load> {
    let middle = load.carries.len().div_ceil(2);
    let pack_half = |half: &[Entity]| {
        let wants: Vec<Want> = half.iter().cloned().map(Want::of).collect();
        crew.pack(&wants).loads
    };
    load.carries.chunks(middle).flat_map(pack_half).collect()
}
