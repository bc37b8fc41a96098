//! The stage: built, played on, and taken down.

use std::{io, sync::Arc, time::Duration};

use cmc_sim::{DEFAULT_KEY, Detached, KeyConfig, Plan, SimConfig};
use cmcache::{
    Cmcache, Config, Options,
    clock::{Clock, Timestamp},
    config::Length,
};

use super::{clock::StageClock, upstream::Wire};
use crate::failure::Failure;

/// What a call takes on the way and at the API.
const LATENCY: Duration = Duration::from_millis(80);
/// How long the end of a play waits for what is under way, in simulated time.
const GRACE: Duration = Duration::from_secs(30);

/// What a stage is built of.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The cache's. Its upstream is replaced.
    pub(crate) config: Config,
    /// The plan of its key.
    pub(crate) plan: Plan,
    /// Credits a month, instead of the plan's.
    pub(crate) credits: Option<u64>,
    /// An instant at which a billing month ends, instead of the plan's; not after the 28th.
    pub(crate) billing_anchor: Option<Timestamp>,
    /// What each call takes.
    pub(crate) latency: Duration,
    /// The market's.
    pub(crate) market_seed: u64,
    /// Of all chance in the cache.
    pub(crate) seed: u64,
    /// When the play begins.
    pub(crate) began: Timestamp,
}

impl Default for Setup {
    /// Nothing on disk, a plan with room to spare, a working morning.
    fn default() -> Self {
        Self {
            config: Config::in_memory(),
            plan: Plan::Enterprise,
            credits: None,
            billing_anchor: None,
            latency: LATENCY,
            market_seed: 1,
            seed: 1,
            began: Timestamp::parse("2026-10-05T09:00:00Z").unwrap_or(Timestamp::EPOCH),
        }
    }
}

impl Setup {
    /// Lets quotes, listings and totals grow as old as this.
    #[must_use]
    pub(crate) fn with_max_age(mut self, max_age: Duration) -> Self {
        for class in ["quotes", "listings", "global"] {
            self.config.freshness.insert(class.to_owned(), Length::of(max_age));
        }
        self
    }

    fn sim(&self) -> io::Result<Detached> {
        let mut key = KeyConfig::new(DEFAULT_KEY, self.plan);
        key.credits_monthly = self.credits.unwrap_or(key.credits_monthly);
        if let Some(anchor) = self.billing_anchor {
            key.billing_anchor = anchor.to_string().parse().ok();
        }
        let sim = Detached::new(SimConfig {
            seed: self.market_seed,
            keys: vec![key],
            latency: self.latency,
            ..SimConfig::default()
        })?;
        sim.set_now_ms(self.began.as_millis());
        Ok(sim)
    }
}

/// What a play sees.
#[derive(Debug)]
pub(crate) struct Stage {
    pub(crate) cmcache: Cmcache,
    /// Its upstream; its bill is the meter.
    pub(crate) sim: Arc<Detached>,
    pub(crate) clock: StageClock,
}

impl Stage {
    async fn build(setup: Setup) -> Result<Self, Failure> {
        let sim = setup.sim().map_err(|error| Failure::unavailable(error.to_string()))?;
        let sim = Arc::new(sim);
        let clock = StageClock::starting(setup.began);
        let per_minute = u32::try_from(setup.plan.rpm()).unwrap_or(u32::MAX);
        let options = Options {
            clock: Some(Arc::new(clock)),
            upstream: Some(Wire::new(Arc::clone(&sim), clock).layered(per_minute)),
            ..Options::default()
        };
        let cmcache = Cmcache::start(setup.config, options).await?;
        Ok(Self { cmcache, sim, clock })
    }

    /// Waits until the stage's clock says `at`.
    pub(crate) async fn until(&self, at: Timestamp) {
        if at > self.clock.now() {
            tokio::time::sleep_until(self.clock.instant_of(at)).await;
        }
    }
}

/// Builds a stage, plays on it and takes it down. Blocks until the play is over: on a runtime,
/// call it through [`apart`].
///
/// # Errors
///
/// The stage cannot be built; else what the play returns.
pub(crate) fn on_stage<T>(
    setup: Setup,
    play: impl AsyncFnOnce(&Stage) -> Result<T, Failure>,
) -> Result<T, Failure> {
    fastrand::seed(setup.seed);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .map_err(anyhow::Error::from)?;
    runtime.block_on(async {
        let stage = Stage::build(setup).await?;
        let played = play(&stage).await;
        stage.cmcache.drain(GRACE).await;
        played
    })
}

/// Runs what blocks on a thread of its own.
///
/// # Errors
///
/// Whatever `work` returns; a panic in it ends the program's task as one of its own would.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let worked = tokio::task::spawn_blocking(work).await;
    worked.map_err(anyhow::Error::from)?
}
