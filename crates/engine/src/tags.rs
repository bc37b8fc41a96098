//! Tags by slug: listings name them, quotes describe them.
//!
//! A coin that came from listings can be answered in the shape of quotes only if each of its tags
//! was described by an earlier reply. Nothing is invented: an unknown tag sends the query upstream.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use cmc_api::json::{self, Elements, Members};

use crate::limits;

/// The tags that upstream described so far.
#[derive(Debug, Default)]
pub(crate) struct TagBook(RwLock<HashMap<Box<str>, Box<str>>>);

impl TagBook {
    /// Learns from the raw `tags` of a quotes coin.
    pub(crate) fn learn(&self, raw: &str) {
        let Some(tags) = Elements::of(raw) else { return };
        for tag in tags.0 {
            let Some(slug) = slug_of(tag) else { continue };
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if known.get(slug.as_str()).is_some_and(|known| **known == *tag) {
                continue;
            }
            drop(known);
            let mut book = self.0.write().unwrap_or_else(PoisonError::into_inner);
            if book.len() < limits::TAGS_MAX || book.contains_key(slug.as_str()) {
                book.insert(slug.into(), tag.into());
            }
        }
    }

    /// The `tags` of a listings coin as objects; `None` if one of them was never described.
    pub(crate) fn describe(&self, raw: &str) -> Option<String> {
        let tags = Elements::of(raw)?;
        let book = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let objects: Option<Vec<&str>> = tags
            .0
            .iter()
            .map(|tag| book.get(json::text(tag)?.as_str()).map(|object| &**object))
            .collect();
        Some(format!("[{}]", objects?.join(",")))
    }
}

fn slug_of(tag: &str) -> Option<String> {
    json::text(Members::of(tag)?.get("slug")?)
}

#[cfg(test)]
mod tests;
