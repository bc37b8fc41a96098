//! Wrappers around an [`Upstream`](crate::Upstream), one concern each.
//!
//! From the outside in, and why:
//!
//! 1. [`Timed`] measures what the caller experiences: all attempts, pauses and waits of a call.
//! 2. [`Retry`] stands outside the breaker, so that each attempt is judged on its own, and a
//!    breaker that opens ends the attempts:
//!    [`BreakerOpen`](crate::UpstreamErrorKind::BreakerOpen) is not retryable.
//! 3. [`Breakers`] stand outside the rate limit, so that a call that is stopped takes nothing from
//!    the minute.
//! 4. [`RateLimit`] is innermost, because the API counts every attempt.
//!
//! A [`Tap`] changes nothing; where it stands decides what it hears. Inside [`Retry`] it hears of
//! every attempt, and of those that were stopped here.
//!
//! Each layer is also the handle to what it shares with the upstreams it made: clone it, wrap with
//! the one, ask the other.
//!
//! ```
//! use std::{sync::Arc, time::Duration};
//! use cmc_api::{Layer, Now, Upstream, layers::{Breakers, RateLimit, Retry, Timed}};
//!
//! fn wrap(inner: impl Upstream, now: &Now) -> impl Upstream {
//!     let inner = RateLimit::new(Default::default(), Arc::clone(now)).layer(inner);
//!     let inner = Breakers::new(Default::default(), Arc::clone(now)).layer(inner);
//!     let inner = Retry::new(Default::default(), Arc::clone(now)).layer(inner);
//!     Timed::new(Arc::clone(now)).layer(inner)
//! }
//! ```

mod breaker;
mod rate;
mod retry;
mod tap;
mod timed;

pub use breaker::{Breakers, Breaking};
pub use rate::{RateConfig, RateLimit, RateLimited};
/// What a breaker would do.
pub use resilience::State as BreakerState;
pub use retry::{Retry, RetryConfig, Retrying};
pub use tap::{Listener, Tap, Tapped};
pub use timed::{Timed, TimedUpstream};

#[cfg(test)]
mod testing;
