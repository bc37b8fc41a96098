//! Where the API is.

use std::fmt;

/// Where the API is, and whether a key goes along.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Environment {
    /// Production, with a key.
    Pro,
    /// Production without a key: a subset of the operations, limited by address.
    Keyless,
    /// Generated garbage in the right shapes, for tests of old operations.
    Sandbox,
    /// Any other base URL: a gateway, or a simulator.
    Custom(String),
}

impl Environment {
    /// What stands in front of every path, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        match self {
            Self::Pro => "https://pro-api.coinmarketcap.com",
            Self::Keyless => "https://pro-api.coinmarketcap.com/public-api",
            Self::Sandbox => "https://sandbox-api.coinmarketcap.com",
            Self::Custom(url) => url,
        }
    }

    /// Whether no key is sent.
    #[must_use]
    pub const fn is_keyless(&self) -> bool {
        matches!(self, Self::Keyless)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pro => f.write_str("Pro"),
            Self::Keyless => f.write_str("Keyless"),
            Self::Sandbox => f.write_str("Sandbox"),
            // It may hold a password or a key.
            Self::Custom(url) if url.contains(['@', '?', '#']) => f.write_str("Custom(***)"),
            Self::Custom(url) => f.debug_tuple("Custom").field(url).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_url_is_shown() {
        // Breaks: a key given in a URL would land in a log.
        for url in ["http://user:secret@host", "http://host?CMC_PRO_API_KEY=secret"] {
            let shown = format!("{:?}", Environment::Custom(url.to_owned()));
            assert!(!shown.contains("secret"), "{shown}");
        }
        assert!(Environment::Keyless.base_url().ends_with("/public-api"));
    }
}
