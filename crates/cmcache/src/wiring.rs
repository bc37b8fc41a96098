//! Config → parts. The only place that chooses between implementations.

use std::{path::Path, sync::Arc, time::Duration};

use cache_tiers::{Stack, StackBuilder, Tier, TierPolicy};
use clock::Clock;
use cmc_api::{
    HttpConfig, HttpUpstream, KeyInfo, Layer, Now, PoolUsage, Upstream,
    layers::{Breakers, RateConfig, RateLimit, Retry, RetryConfig, Timed},
};
use credits::{
    Account, AccountParts, BillingAnchor, Budget, Credits, FileJournal, Journal, Ledger,
    MemoryLedger, MemoryMeter, NoJournal,
};
use store_moka::{MokaConfig, MokaTier};
use store_sql::{SqlConfig, SqlStore, SqlTier};

use crate::{
    config::{Config, TierConfig, UpstreamConfig},
    error::StartError,
};

/// The database of the data directory, its ledger and its tier.
const DATABASE: &str = "cmcache.db";
/// How long a request waits for the embedded database before it goes on without.
const SQLITE_DEADLINE: Duration = Duration::from_millis(250);

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
    /// An embedder's own upstream, taken as it is.
    pub(crate) fn given(upstream: Arc<dyn Upstream>) -> Self {
        Self { upstream, rate: None, breakers: None, http: None }
    }

    /// Connections in use and waiting.
    pub(crate) fn pool(&self) -> Option<PoolUsage> {
        self.http.as_ref().map(|http| http.pool())
    }
}

/// The way to the paid API, from the inside out.
pub(crate) fn way(config: &UpstreamConfig, clock: &Arc<dyn Clock>) -> Result<Way, StartError> {
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
    let upstream = timed.layer(retry.layer(breakers.clone().layer(limited)));
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

/// What is kept on disk.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) store: Option<SqlStore>,
    pub(crate) tier: Option<Arc<SqlTier>>,
    pub(crate) ledger: Arc<dyn Ledger>,
    pub(crate) journal: Arc<dyn Journal>,
}

/// Opens the data directory, or keeps everything in memory if there is none.
pub(crate) async fn kept(config: &Config) -> Result<Kept, StartError> {
    if !config.is_kept() {
        let ledger = Arc::new(MemoryLedger::default());
        return Ok(Kept { store: None, tier: None, ledger, journal: Arc::new(NoJournal) });
    }
    let dir = &config.data_dir;
    let path = || dir.display().to_string();
    std::fs::create_dir_all(dir).map_err(|source| StartError::DataDir { path: path(), source })?;
    let journal =
        FileJournal::open(dir).map_err(|reason| StartError::Journal { path: path(), reason })?;
    let store = SqlStore::open(SqlConfig::sqlite(Path::new(dir).join(DATABASE))).await?;
    let ledger = Arc::new(store.ledger());
    let tier = Some(Arc::new(store.tier()));
    Ok(Kept { store: Some(store), tier, ledger, journal: Arc::new(journal) })
}

/// The tiers in the order of the configuration, and an embedder's own below them.
pub(crate) fn stack(
    config: &Config,
    kept: &Kept,
    own: Vec<Arc<dyn Tier>>,
    clock: &Arc<dyn Clock>,
) -> Stack {
    let mut builder = StackBuilder::new(Arc::clone(clock));
    for name in &config.tiers {
        let set = config.tier(name);
        let Some((tier, mut policy)) = tier(name, &set, kept) else { continue };
        policy.retention = set.retention.map_or(policy.retention, |set| set.get());
        policy.deadline = set.deadline.map_or(policy.deadline, |set| set.get());
        builder = builder.tier(tier, policy);
    }
    for tier in own {
        builder = builder.tier(tier, TierPolicy::default());
    }
    builder.build()
}

/// The tier of this name, and its own policy. [`Config::validate`] lets no other name through.
fn tier(name: &str, set: &TierConfig, kept: &Kept) -> Option<(Arc<dyn Tier>, TierPolicy)> {
    match name {
        "memory" => {
            let mut moka = MokaConfig::default();
            moka.max_bytes = set.max_bytes.map_or(moka.max_bytes, |bytes| bytes.get());
            Some((Arc::new(MokaTier::new(moka)), TierPolicy::default()))
        }
        "sqlite" => {
            let tier: Arc<dyn Tier> = kept.tier.clone()?;
            Some((tier, TierPolicy { deadline: SQLITE_DEADLINE, ..TierPolicy::default() }))
        }
        _ => None,
    }
}

/// The account of the paid key.
pub(crate) async fn account(
    name: &str,
    budget: Budget,
    kept: &Kept,
    clock: &Arc<dyn Clock>,
) -> Result<Account, StartError> {
    let parts = AccountParts {
        name: Arc::from(name),
        meter: Arc::new(MemoryMeter::default()),
        journal: Arc::clone(&kept.journal),
        budget,
        clock: Arc::clone(clock),
    };
    Ok(Account::open(parts, &*kept.ledger).await?)
}

/// What tells one upstream's data and books from another's in the same data directory: where it
/// is, without scheme and without whatever a URL may hide before an `@`.
pub(crate) fn name(url: &str) -> &str {
    let place = url.split_once("://").map_or(url, |(_, place)| place);
    place.rsplit_once('@').map_or(place, |(_, place)| place).trim_end_matches('/')
}

/// The tighter of the plan's limits and the operator's own.
pub(crate) fn budget(config: &Config, plan: Option<&KeyInfo>) -> Budget {
    let tighter = |ours: Option<u64>, theirs: Option<Credits>| match (ours, theirs) {
        (Some(ours), Some(theirs)) => Some(Credits::new(ours).min(theirs)),
        (ours, theirs) => ours.map(Credits::new).or(theirs),
    };
    let plan = plan.map(|info| &info.plan);
    let reset = plan.and_then(|plan| plan.credit_limit_monthly_reset_timestamp.as_deref());
    let anchor = reset.and_then(clock::Timestamp::parse).map(BillingAnchor::at);
    Budget {
        minute_calls: config.budget.minute.map(u64::from),
        day: tighter(config.budget.day, plan.and_then(|plan| plan.credit_limit_daily)),
        month: tighter(config.budget.month, plan.and_then(|plan| plan.credit_limit_monthly)),
        anchor: anchor.unwrap_or(BillingAnchor::FIRST),
    }
}
