#![doc = include_str!("../README.md")]

mod courier;
mod letter;
pub mod limits;
mod outbox;
mod signature;

pub use courier::{Carry, Courier, CourierConfig, CourierError, Receipt};
pub use letter::Letter;
pub use outbox::{Due, Outbox, OutboxConfig};
pub use signature::{Signer, SignerError};
