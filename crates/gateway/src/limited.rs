//! What is left for a client, in the headers of every answer to it: draft 10 of "RateLimit header
//! fields for HTTP" of the IETF.

use bytes::Bytes;
use cmcache::{Caller, clock::Timestamp, credits::Window};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::clients;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// One limit, and how much of it is left until it begins anew.
struct Limit {
    name: &'static str,
    is_credits: bool,
    quota: u64,
    used: u64,
    /// How long the window is, and how much of it is left, in seconds.
    window: u64,
    left: u64,
}

/// Tells a client with a quota what it is and what is left of it; others are told nothing. Reads
/// only what is in memory.
pub(crate) fn tell(headers: &mut HeaderMap, caller: &Caller, now: Timestamp) {
    let limits = limits(caller, now);
    if limits.is_empty() {
        return;
    }
    let (mut policy, mut left) = (String::new(), String::new());
    for limit in limits {
        limit.write(&mut policy, &mut left);
    }
    for (name, text) in [(POLICY, policy), (LEFT, left)] {
        if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(text)) {
            headers.insert(name, value);
        }
    }
}

fn limits(caller: &Caller, now: Timestamp) -> Vec<Limit> {
    let client = caller.client();
    let (quota, used) = (client.quota(), client.seen());
    let mut limits = Vec::new();
    if let Some(minute) = quota.minute {
        limits.push(Limit {
            name: "minute",
            is_credits: false,
            quota: minute.into(),
            used: caller.n_requests(now),
            window: 60,
            left: seconds(clients::until_next_minute(now)),
        });
    }
    let anchor = client.account().budget().anchor;
    let of_credits = [
        ("day", Window::Day, quota.day, used.day),
        ("month", Window::Month, quota.month, used.month),
    ];
    for (name, window, quota, used_in_it) in of_credits {
        let Some(quota) = quota else { continue };
        let (start, reset) = window.bounds(now, anchor);
        limits.push(Limit {
            name,
            is_credits: true,
            quota: quota.get(),
            used: used_in_it.saturating_add(used.reserved).get(),
            window: reset.since(start).as_secs(),
            left: seconds(reset.since(now)),
        });
    }
    limits
}

/// Rounded up: who waits so long has waited long enough.
fn seconds(length: std::time::Duration) -> u64 {
    u64::try_from(length.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX)
}

impl Limit {
    fn write(&self, policy: &mut String, left: &mut String) {
        let Self { name, quota, window, .. } = self;
        for text in [&mut *policy, &mut *left] {
            if !text.is_empty() {
                text.push_str(", ");
            }
        }
        let unit = if self.is_credits { ";qu=\"credits\"" } else { "" };
        policy.push_str(&format!("\"{name}\";q={quota}{unit};w={window}"));
        let rest = quota.saturating_sub(self.used);
        left.push_str(&format!("\"{name}\";r={rest};t={}", self.left));
    }
}

#[cfg(test)]
mod tests;
