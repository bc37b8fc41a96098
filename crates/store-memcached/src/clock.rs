//! What time it is: the one place that asks the system.
//!
//! An entry says until when it is usable, a server wants to know how long that is from now.

use std::time::SystemTime;

use cache_tiers::Timestamp;

#[expect(clippy::disallowed_methods, reason = "a server's expiry goes by the system's clock")]
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp::EPOCH.after(since.unwrap_or_default())
}
