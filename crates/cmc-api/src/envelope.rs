//! `status` and `data` as on the wire: split without touching a number, written as the API writes.

mod split;
mod write;

#[cfg(feature = "http")]
pub(crate) use split::charge_of_unreadable;
pub use split::read;
pub use write::{Status, error_body, success_head, success_tail, write_status};

#[cfg(test)]
mod tests;
