//! Where a store is.

use std::fmt;

use cmc_api::Secret;
use serde::Deserialize;

/// A URL or an address of a store. It may hold a password: it is shown without whatever stands
/// before its last `@`, and without its query.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Place(Secret);

impl Place {
    /// With the password, if it has one.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// What stands before `://`, if anything does.
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        let (scheme, _) = self.expose().split_once("://")?;
        let is_name = scheme.len() <= SCHEME_MAX && scheme.bytes().all(|b| b.is_ascii_alphabetic());
        is_name.then_some(scheme)
    }

    /// Whether nothing is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().trim().is_empty()
    }
}

/// Longer names are no scheme, and may be anything.
const SCHEME_MAX: usize = 16;

impl From<&str> for Place {
    fn from(text: &str) -> Self {
        Self(Secret::new(text))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Place {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.expose();
        let scheme = self.scheme();
        let rest = scheme.map_or(text, |scheme| &text[scheme.len() + "://".len()..]);
        // Before the query is cut: a password may hold a question mark.
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        let place = place.split(['?', '#']).next().unwrap_or_default();
        match scheme {
            Some(scheme) => write!(f, "{scheme}://{place}"),
            // A lone word may be a password that somebody put in the wrong place.
            None if place.is_empty() || place.contains(':') => f.write_str(place),
            None => f.write_str("***"),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests;
