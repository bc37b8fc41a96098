//! Where what a call brought goes: to those aboard, into memory, and into the tiers.

use std::sync::Arc;

use cache_tiers::{Entry, Key, Note};
use cmc_api::Ranking;

use super::{
    Crew, Paid,
    refused::{by_name, is_sweep},
};
use crate::{
    absent,
    entity::Entity,
    error::FlightError,
    flight::{self, Holding, Passengers},
    harvest::{self, Crop},
    held::{Content, Held},
    pack::{Load, LoadKind},
    spending::Bought,
    spent::Phase,
};

/// What the tiers are to store, and what the reply did not bring and has to be fetched in another
/// way.
type Filled = (Vec<(Key, Entry)>, Vec<(Load, Passengers)>);

/// Puts everything the reply brought where it belongs: into memory, and to the askers.
pub(super) fn fill(
    crew: &Crew,
    load: &Load,
    paid: &Paid,
    mut aboard: Passengers,
    holding: &Holding,
) -> Filled {
    let crop = Crop {
        load,
        data: &paid.reply.data,
        body: &paid.reply.body,
        started: paid.started,
        version: paid.version,
        elapsed: crew.clock.now().since(paid.started),
        charged: paid.charged,
    };
    let began = flight::instant();
    let harvest = harvest::harvest(&crop, &crew.lives, &crew.tags);
    aboard.note(Phase::Decode, began.elapsed());
    let Some(harvest) = harvest else {
        crew.metrics.unreadable.increment(1);
        land_odd(crew, load, &mut aboard);
        aboard.fail(&FlightError::Unreadable(harvest::noun(&load.kind)));
        return (Vec::new(), Vec::new());
    };
    crew.metrics.unreadable.increment(harvest.n_unreadable);
    let mut entries = harvest.entries;
    if harvest.n_unreadable == 0 {
        harvest::add_absent(&mut entries, &aboard.left(), &crop);
    }
    let mut places = Vec::new();
    let mut stored = Vec::with_capacity(entries.len());
    let call = (&load.call, paid.charged);
    let entities = entries.iter().map(|(entity, _)| entity);
    let bought = Bought::of(&crew.spending, &crew.tariff, call, entities);
    for (entity, mut entry) in entries {
        // A late holder of a lease is older than whoever held it after.
        entry.meta.version = holding.token(&entity).unwrap_or(entry.meta.version);
        let Some(held) = Held::decode(&entity, &entry, None) else { continue };
        if let Content::Map(catalog) = &held.content {
            crew.popularity.learn_ranks(catalog);
        }
        if is_next_of_first(&load.kind, &entity)
            && let Content::Block(coins) = &held.content
        {
            places.extend(coins);
        }
        let share = bought.as_ref().and_then(|bought| bought.share(&entity));
        let held = Arc::new(held.bought(share));
        if aboard.land(&entity, &held) {
            let key = entity.key(&crew.namespace);
            crew.common.remember(&key, &entity);
            stored.push((key, entry));
        }
    }
    if !places.is_empty() {
        crew.popularity.learn_places(&places);
    }
    land_odd(crew, load, &mut aboard);
    let again = if is_sweep(load) { by_name(crew, &mut aboard) } else { Vec::new() };
    aboard.fail(&FlightError::Unreadable(harvest::noun(&load.kind)));
    (stored, again)
}

/// Into the tiers. Where others listen, they are told when the shared ones have it.
pub(super) async fn store(crew: &Crew, stored: &[(Key, Entry)]) {
    if stored.is_empty() {
        return;
    }
    if crew.common.is_alone() {
        return crew.stack.fill(stored).await;
    }
    if crew.stack.fill_through(stored).await {
        let filled =
            stored.iter().map(|(key, entry)| Note::Filled(key.clone(), entry.meta.version));
        crew.common.tell(&filled.collect::<Vec<_>>()).await;
    }
}

/// Whether it tells the order of a block of a page that begins with the first place: what the
/// places are is learned from these.
fn is_next_of_first(kind: &LoadKind, entity: &Entity) -> bool {
    match (kind, entity) {
        (
            LoadKind::Blocks { ranking, first: 0, currencies, .. },
            Entity::Block { currency, .. },
        ) => *ranking == Ranking::by_rank() && currencies.first() == Some(currency),
        _ => false,
    }
}

/// Remembers for a while that parts could not be read: not every question shall pay for that.
fn land_odd(crew: &Crew, load: &Load, aboard: &mut Passengers) {
    if !matches!(load.kind, LoadKind::Parts(..)) {
        return;
    }
    let now = crew.clock.now();
    for entity in aboard.left() {
        if let Some(held) = absent::held(&entity, now, crew.versions.next(now)) {
            aboard.land(&entity, &Arc::new(held.odd()));
        }
    }
}
