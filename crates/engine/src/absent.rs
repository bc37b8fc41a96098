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
    if !matches!(load.kind, LoadKind::Parts(..)) {
        return Vec::new();
    }
    let message = error.answer.as_deref().map(|answer| answer.message.as_str());
    let (UpstreamErrorKind::Refused, Some(message)) = (error.kind, message) else {
        return Vec::new();
    };
    let by_slug = matches!(load.carries.first(), Some(Entity::Part { whose: Whose::Slug(_), .. }));
    let names = names_in(message, if by_slug { "slug" } else { "id" });
    let is_named = |entity: &&Entity| match entity {
        Entity::Part { whose: Whose::Slug(slug), .. } => names.contains(&&**slug),
        Entity::Part { whose: Whose::Id(id), .. } => names.contains(&id.to_string().as_str()),
        _ => false,
    };
    load.carries.iter().filter(is_named).cloned().collect()
}

/// The names in `Invalid values for "id": "1,2"`, if they came in that parameter.
fn names_in<'a>(message: &'a str, parameter: &str) -> Vec<&'a str> {
    let rest = message.strip_prefix("Invalid value").map(|rest| rest.trim_start_matches('s'));
    let start = format!(" for \"{parameter}\": \"");
    let list = rest.and_then(|rest| rest.strip_prefix(start.as_str()));
    list.map_or_else(Vec::new, |list| list.trim_end_matches('"').split(',').collect())
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
