//! Config → parts. The only place that chooses between implementations.

mod kept;
mod meter;
mod named;
mod tiers;

use std::sync::Arc;

use clock::Clock;
use cmc_api::{
    HttpConfig, HttpUpstream, KeyInfo, Layer, Now, PoolUsage, Upstream,
    layers::{Breakers, RateConfig, RateLimit, Retry, RetryConfig, Tap, Timed},
};
use credits::{BillingAnchor, Budget, Credits};

use crate::{
    config::{Config, UpstreamConfig},
    demand::{self, Recorder, RecorderLimits},
    error::StartError,
};

pub(crate) use kept::{Kept, check_ledger, kept};
pub(crate) use meter::account;
pub(crate) use tiers::{Levels, check_tier, levels};

/// The paid API behind its layers, and what can be asked of them.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) upstream: Arc<dyn Upstream>,
    /// Absent if an embedder brought an upstream of its own.
    pub(crate) rate: Option<RateLimit>,
    pub(crate) breakers: Option<Breakers>,
    pub(crate) http: Option<Arc<HttpUpstream>>,
}

impl Way {
    /// An embedder's own upstream, taken as it is, but for somebody who listens.
    pub(crate) fn given(upstream: Arc<dyn Upstream>, tap: Tap) -> Self {
        Self { upstream: Arc::new(tap.layer(upstream)), rate: None, breakers: None, http: None }
    }

    /// Connections in use and waiting.
    pub(crate) fn pool(&self) -> Option<PoolUsage> {
        self.http.as_ref().map(|http| http.pool())
    }
}

/// The way to the paid API, from the inside out.
pub(crate) fn way(
    config: &UpstreamConfig,
    clock: &Arc<dyn Clock>,
    tap: Tap,
) -> Result<Way, StartError> {
    let clock = Arc::clone(clock);
    let now: Now = Arc::new(move || clock.now().since_epoch());
    let mut http = HttpConfig::new(config.url.trim_end_matches('/'), Arc::clone(&now));
    http.key.clone_from(&config.key);
    http.keyless = config.is_keyless();
    http.timeout = config.timeout.get();
    http.max_connections = config.connections;
    let http = Arc::new(HttpUpstream::new(http)?);
    // Innermost: the API counts every attempt.
    let rate = RateLimit::new(RateConfig::default(), Arc::clone(&now));
    // Outside the limit: a call that is stopped takes nothing from the minute.
    let breakers = Breakers::new(Default::default(), Arc::clone(&now));
    // Outside the breaker: each attempt is judged on its own.
    let retry = Retry::new(retry(config), Arc::clone(&now));
    // Outermost: what the caller experiences.
    let timed = Timed::new(now);
    let limited = rate.clone().layer(Arc::clone(&http));
    // The tap hears of each attempt.
    let heard = tap.layer(breakers.clone().layer(limited));
    let upstream = timed.layer(retry.layer(heard));
    Ok(Way {
        upstream: Arc::new(upstream),
        rate: Some(rate),
        breakers: Some(breakers),
        http: Some(http),
    })
}

fn retry(config: &UpstreamConfig) -> RetryConfig {
    let mut retry = RetryConfig { attempts_max: config.retries + 1, ..RetryConfig::default() };
    retry.backoff.first = config.retry_delay.get();
    retry
}

/// What writes the record of demand, if it is kept.
pub(crate) fn recorder(config: &Config) -> Result<Option<Recorder>, StartError> {
    if !config.is_kept() || !config.demand.record {
        return Ok(None);
    }
    let limits = RecorderLimits {
        retention: config.demand.retention.get(),
        bytes_max: config.demand.max_bytes.get(),
    };
    let folder = demand::folder(&config.data_dir);
    let path = folder.display().to_string();
    let opened = Recorder::open(folder, limits);
    opened.map(Some).map_err(|source| StartError::DataDir { path, source })
}

/// What tells one upstream's data and books from another's in the same data directory: where it
/// is, without scheme and without whatever a URL may hide before an `@`.
pub(crate) fn name(url: &str) -> &str {
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    place.rsplit_once('@').map_or(place, |(_, place)| place).trim_end_matches('/')
}

/// The tighter of the plan's limits and the operator's own. Where instances count together, the
/// plan's minute is theirs together, too; one alone keeps it where it can wait for the next one.
pub(crate) fn budget(config: &Config, plan: Option<&KeyInfo>) -> Budget {
    let tighter = |ours: Option<u64>, theirs: Option<Credits>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(Credits::new(ours).min(theirs)),
        (ours, theirs) => ours.map(Credits::new).or(theirs),
    };
    let plan = plan.map(|info| &info.plan);
    let reset = plan.and_then(|plan| plan.credit_limit_monthly_reset_timestamp.as_deref());
    let anchor = reset.and_then(clock::Timestamp::parse).map(BillingAnchor::at);
    let minute = plan.and_then(|plan| plan.rate_limit_minute);
    let shared = config.counter().and(minute);
    let minute_calls = config.budget.minute.into_iter().chain(shared).min();
    Budget {
        minute_calls: minute_calls.map(u64::from),
        day: tighter(config.budget.day, plan.and_then(|plan| plan.credit_limit_daily)),
        month: tighter(config.budget.month, plan.and_then(|plan| plan.credit_limit_monthly)),
        anchor: anchor.unwrap_or(BillingAnchor::FIRST),
    }
}
