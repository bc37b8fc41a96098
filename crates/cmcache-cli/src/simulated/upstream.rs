//! The way from a cache to the simulator in this process: what a wire would do, without one.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use cmc_sim::{Asked, Detached, Ended, Heard};
use cmcache::{
    clock::Clock,
    cmc_api::{
        Call, Charge, Layer, Method, Now, Reply, Timing, Upstream, UpstreamError,
        UpstreamErrorKind as Kind,
        layers::{Breakers, RateConfig, RateLimit, Retry, RetryConfig, Timed},
    },
};

use super::clock::StageClock;

/// How long a call waits for an answer that never comes, as over HTTP.
const TIMEOUT: Duration = Duration::from_secs(15);

/// The simulator as an upstream: its clock is put to the instant of each call, and its delays are
/// waited for in simulated time.
#[derive(Debug)]
pub(super) struct Wire {
    sim: Arc<Detached>,
    clock: StageClock,
}

impl Wire {
    pub(super) const fn new(sim: Arc<Detached>, clock: StageClock) -> Self {
        Self { sim, clock }
    }

    /// With the layers that every real way has, the plan's calls a minute known to them.
    pub(super) fn layered(self, per_minute: u32) -> Arc<dyn Upstream> {
        let clock = self.clock;
        let now: Now = Arc::new(move || clock.now().since_epoch());
        let rate = RateConfig { per_minute, ..RateConfig::default() };
        let limited = RateLimit::new(rate, Arc::clone(&now)).layer(self);
        let broken = Breakers::new(Default::default(), Arc::clone(&now)).layer(limited);
        let retried = Retry::new(RetryConfig::default(), Arc::clone(&now)).layer(broken);
        Arc::new(Timed::new(now).layer(retried))
    }

    fn ask(&self, call: &Call) -> Heard {
        self.sim.set_now_ms(self.clock.now().as_millis());
        self.sim.ask(Asked {
            method: match call.method() {
                Method::Get => "GET",
                Method::Post => "POST",
            },
            path: call.path(),
            query: call.query(),
            key: Some(cmc_sim::DEFAULT_KEY),
            body: call.body(),
        })
    }
}

#[async_trait]
impl Upstream for Wire {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let heard = self.ask(call);
        match heard.ending {
            Ended::Whole | Ended::Dripped => tokio::time::sleep(heard.delay).await,
            Ended::Halved | Ended::Reset => {
                tokio::time::sleep(heard.delay).await;
                return Err(UpstreamError::new(Kind::Interrupted, Charge::Unknown));
            }
            Ended::Never => {
                tokio::time::sleep(TIMEOUT).await;
                return Err(UpstreamError::new(Kind::TimedOut, Charge::Unknown));
            }
        }
        let retry_after = retry_after(&heard);
        let read = Reply::read(heard.status, heard.body.into());
        let mut reply = read.map_err(|error| error.with_retry_after(retry_after))?;
        reply.timing = Timing { wait: heard.delay, attempts: 1, ..Timing::default() };
        Ok(reply)
    }
}

fn retry_after(heard: &Heard) -> Option<Duration> {
    let (_, text) = heard.headers.iter().find(|(name, _)| *name == "retry-after")?;
    text.parse().ok().map(Duration::from_secs)
}
