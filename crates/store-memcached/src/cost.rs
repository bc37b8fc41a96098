//! How much one exchange carries.

use memcache::exp::{Delete, Get, Set};

use crate::limits;

/// What an operation adds to its exchange, and how much that may be.
pub(crate) struct Cost<O> {
    bytes_max: usize,
    bytes: fn(&O) -> usize,
}

/// What reading costs: the answers come while we may still be asking.
pub(crate) const READING: Cost<Get> =
    Cost { bytes_max: limits::EXCHANGE_NAME_BYTES_MAX, bytes: |get| get.key.len() };

/// What writing costs: the answers are short.
pub(crate) const WRITING: Cost<Set> =
    Cost { bytes_max: limits::EXCHANGE_VALUE_BYTES_MAX, bytes: |set| set.value.len() };

/// What removing costs.
pub(crate) const REMOVING: Cost<Delete> =
    Cost { bytes_max: limits::EXCHANGE_NAME_BYTES_MAX, bytes: |delete| delete.key.len() };

impl<O> Cost<O> {
    /// As few exchanges as may carry them, in their order.
    pub(crate) fn cut(&self, operations: Vec<O>) -> Vec<Vec<O>> {
        let mut parts: Vec<Vec<O>> = Vec::new();
        let mut n_bytes = 0;
        for operation in operations {
            let more = (self.bytes)(&operation);
            n_bytes += more;
            match parts.last_mut() {
                Some(part) if self.fits(part.len(), n_bytes) => part.push(operation),
                _ => {
                    n_bytes = more;
                    parts.push(vec![operation]);
                }
            }
        }
        parts
    }

    const fn fits(&self, n_before: usize, n_bytes: usize) -> bool {
        n_before < limits::EXCHANGE_COMMANDS_MAX && n_bytes <= self.bytes_max
    }
}

#[cfg(test)]
mod tests;
