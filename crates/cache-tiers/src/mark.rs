//! Invalidation of many keys at once, without looking for them.

use crate::{Key, Meta, Version};

/// What a mark covers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Keys that begin with this text; all of them if it is empty.
    Prefix(String),
    /// Entries of this class of data, under keys that begin with this text.
    Class(u16, String),
}

/// Whatever was loaded before a version, within a scope, is dead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// What it covers.
    pub scope: Scope,
    /// Loads of this version or a later one are not affected.
    pub fence: Version,
}

impl Mark {
    /// Whether an entry of that key and meta is dead by it.
    #[must_use]
    pub fn covers(&self, key: &Key, meta: &Meta) -> bool {
        meta.version < self.fence && self.scope.covers(key, meta.class)
    }

    /// Whether it covers whatever the other does.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.fence >= other.fence && self.scope.includes(&other.scope)
    }

    /// As text: what stands on the wire and in stores.
    #[must_use]
    pub fn write(&self) -> String {
        let fence = self.fence.to_bits();
        match &self.scope {
            Scope::Prefix(prefix) => format!("{fence:016x} * {prefix}"),
            Scope::Class(class, prefix) => format!("{fence:016x} {class} {prefix}"),
        }
    }

    /// Reads what [`Mark::write`] wrote; `None` if it is something else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ' ');
        let fence = Version::from_bits(u64::from_str_radix(parts.next()?, 16).ok()?);
        let class = parts.next()?;
        let prefix = parts.next()?.to_owned();
        let scope = match class {
            "*" => Scope::Prefix(prefix),
            class => Scope::Class(class.parse().ok()?, prefix),
        };
        Some(Self { scope, fence })
    }
}

impl Scope {
    /// Whether it covers a key of that class.
    #[must_use]
    pub fn covers(&self, key: &Key, class: u16) -> bool {
        match self {
            Self::Prefix(prefix) => key.as_str().starts_with(prefix.as_str()),
            Self::Class(of, prefix) => *of == class && key.as_str().starts_with(prefix.as_str()),
        }
    }

    /// Whether it covers whatever the other does.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Prefix(ours), Self::Prefix(theirs) | Self::Class(_, theirs)) => {
                theirs.starts_with(ours.as_str())
            }
            (Self::Class(class, ours), Self::Class(other, theirs)) => {
                class == other && theirs.starts_with(ours.as_str())
            }
            (Self::Class(..), Self::Prefix(_)) => false,
        }
    }
}

#[cfg(test)]
mod tests;
