//! The one place where a driver's error gets its meaning.

use cache_tiers::{TierError, TierErrorKind};
use credits::MeterError;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The name of the tier, the leases and the backplane.
pub(crate) const NAME: &str = "redis";

pub(crate) fn tier(error: RedisError) -> TierError {
    TierError::caused(NAME, kind(&error), error)
}

pub(crate) fn meter(operation: &'static str, error: RedisError) -> MeterError {
    let kind = match kind(&error) {
        TierErrorKind::TimedOut => credits::ErrorKind::Busy,
        TierErrorKind::Rejected => credits::ErrorKind::ReadOnly,
        TierErrorKind::Broken => credits::ErrorKind::Corrupt,
        TierErrorKind::Unavailable | TierErrorKind::Open => credits::ErrorKind::Unavailable,
    };
    MeterError { operation, kind, source: Some(Box::new(error)) }
}

/// The server answered something that the script does not say.
pub(crate) const fn meter_broken(operation: &'static str) -> MeterError {
    MeterError { operation, kind: credits::ErrorKind::Corrupt, source: None }
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
