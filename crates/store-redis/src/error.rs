//! The one place where a driver's error gets its meaning.

use cache_tiers::{TierError, TierErrorKind};
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The name of the tier, the leases and the backplane.
pub(crate) const NAME: &str = "redis";

pub(crate) fn tier(error: RedisError) -> TierError {
    TierError::caused(NAME, kind(&error), error)
}

fn kind(error: &RedisError) -> TierErrorKind {
    if error.is_timeout() {
        return TierErrorKind::TimedOut;
    }
    match error.kind() {
        ErrorKind::AuthenticationFailed
        | ErrorKind::Extension
        | ErrorKind::Server(
            ServerErrorKind::NoPerm | ServerErrorKind::ReadOnly | ServerErrorKind::ResponseError,
        ) => TierErrorKind::Rejected,
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => TierErrorKind::Broken,
        _ => TierErrorKind::Unavailable,
    }
}
