//! Names that upstream says it does not know.

use bytes::Bytes;
use cache_tiers::{Entry, Flags, Meta, Version};
use clock::Timestamp;
use cmc_api::{UpstreamError, UpstreamErrorKind, Whose};

use crate::{
    entity::Entity,
    held::Held,
    limits,
    pack::{Load, LoadKind},
};

/// Which of the call's keys a refusal names; empty if it is about something else. Upstream names
/// all of them at once, so that the others can be asked for again without them.
pub(crate) fn named_in(error: &UpstreamError, load: &Load) -> Vec<Entity> {
    let LoadKind::Parts(part, _) = &load.kind else { return Vec::new() };
    let message = error.answer.as_deref().map(|answer| answer.message.as_str());
    let (UpstreamErrorKind::Refused, true, Some(message)) = (error.kind, part.is_strict(), message)
    else {
        return Vec::new();
    };
    let names = names_in(message);
    let is_named = |entity: &&Entity| match entity {
        Entity::Part { whose: Whose::Slug(slug), .. } => names.contains(&&**slug),
        Entity::Part { whose: Whose::Id(id), .. } => names.contains(&id.to_string().as_str()),
        _ => false,
    };
    load.carries.iter().filter(is_named).cloned().collect()
}

/// The names in `Invalid values for "id": "1,2"`.
fn names_in(message: &str) -> Vec<&str> {
    let is_about_names = message.starts_with("Invalid value");
    let list = message.rsplit_once("\": \"").map(|(_, list)| list.trim_end_matches('"'));
    match list {
        Some(list) if is_about_names => list.split(',').collect(),
        _ => Vec::new(),
    }
}

/// What is held of something that does not exist; believed for a while.
pub(crate) fn held(entity: &Entity, now: Timestamp, version: Version) -> Option<Held> {
    let until = now.after(limits::ABSENT_TTL);
    let meta = Meta {
        version,
        data_at: Timestamp::EPOCH,
        fetched_at: now,
        fresh_until: until,
        usable_until: until,
        load: std::time::Duration::ZERO,
        cost_milli: 0,
        class: 0,
        flags: Flags::NEGATIVE,
    };
    Held::decode(entity, &Entry { body: Bytes::new(), meta }, None)
}

#[cfg(test)]
mod tests;
