//! To be written.

pub mod envelope;
mod error;
mod reply;
mod secret;
mod upstream;

pub use error::{ApiError, Charge, UpstreamError, UpstreamErrorKind};
pub use reply::{ApiStatus, Reply, Timing};
pub use secret::Secret;
pub use upstream::{Layer, Now, Upstream};
