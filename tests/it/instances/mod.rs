//! Do several gateways that share a store cost what one costs?

mod redis;
mod redis_budget;
