use std::{collections::HashSet, hash::Hash, sync::Arc};

use crate::{id::IdText, symbol};

/// Which coins are meant: a set in request order, each element once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// By id.
    Ids(Vec<IdText>),
    /// By slug, as sent.
    Slugs(Vec<Arc<str>>),
    /// By symbol, upper-cased.
    Symbols(Vec<Arc<str>>),
}

impl Selector {
    /// Reads an id list that has passed the pattern.
    #[must_use]
    pub fn ids(list: &str) -> Self {
        let ids = list.split(',').filter(|id| !id.is_empty()).map(IdText::of);
        // Texts beyond any coin have no id in common: each is echoed on its own.
        let identity = |id: &IdText| id.id.ok_or_else(|| Arc::clone(&id.text));
        Self::Ids(once(ids, identity))
    }

    /// Reads a slug list that has passed the pattern.
    #[must_use]
    pub fn slugs(list: &str) -> Self {
        let slugs = list.split(',').filter(|slug| !slug.is_empty()).map(Arc::from);
        Self::Slugs(once(slugs, Arc::clone))
    }

    /// Reads a symbol list that has passed the pattern.
    #[must_use]
    pub fn symbols(list: &str) -> Self {
        Self::Symbols(symbol::list(list))
    }

    /// How many elements.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Ids(ids) => ids.len(),
            Self::Slugs(texts) | Self::Symbols(texts) => texts.len(),
        }
    }

    /// Whether nothing is meant; parsing never yields that.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The wire name of the parameter.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ids(_) => "id",
            Self::Slugs(_) => "slug",
            Self::Symbols(_) => "symbol",
        }
    }
}

/// The elements in their order, each identity at its first place only.
pub(crate) fn once<T, I: Eq + Hash>(
    elements: impl Iterator<Item = T>,
    identity: impl Fn(&T) -> I,
) -> Vec<T> {
    let mut elements: Vec<T> = elements.collect();
    if elements.len() > 1 {
        let mut seen = HashSet::with_capacity(elements.len());
        elements.retain(|element| seen.insert(identity(element)));
    }
    elements
}

#[cfg(test)]
mod tests;
