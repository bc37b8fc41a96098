#![doc = include_str!("../README.md")]

mod backoff;
mod breaker;
mod retry_budget;
mod rolling;
mod token_bucket;

pub use backoff::{Backoff, BackoffConfig, Jitter};
pub use breaker::{Breaker, BreakerConfig, FailureShare, Outcome, Permit, Rejected, State};
pub use retry_budget::{RetryBudget, RetryBudgetConfig};
pub use token_bucket::{BucketConfig, MinuteWindow, TokenBucket, Wait};
