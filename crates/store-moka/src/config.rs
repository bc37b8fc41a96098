//! What can be set.

use serde::{Deserialize, Serialize};

/// The settings of a [`MokaTier`](crate::MokaTier). What is left out has its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MokaConfig {
    /// Its name in metrics and answers.
    pub name: String,
    /// What all entries together may weigh. 0 holds nothing.
    pub max_bytes: u64,
    /// The largest entry that is let in; a larger one would push out too many others.
    pub max_value_bytes: usize,
}

impl Default for MokaConfig {
    fn default() -> Self {
        Self { name: "memory".to_owned(), max_bytes: 256 << 20, max_value_bytes: 8 << 20 }
    }
}

#[cfg(test)]
mod tests;
