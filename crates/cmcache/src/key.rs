//! What the paid key says of itself: its plan, its use, and whether upstream is there at all.

use std::time::Duration;

use clock::{Clock, Stopwatch};
use cmc_api::{KeyInfo, UpstreamError};

use crate::{cmcache::Inner, config::UpstreamConfig, sighting::Sighting, wiring};

/// How long the start waits for the plan; later it is asked again.
const START_PATIENCE: Duration = Duration::from_secs(5);

/// The plan, if it can be had soon, and how upstream was seen. Without a plan the operator's own
/// budget holds; who sends no key has none.
pub(crate) async fn at_start(
    config: &UpstreamConfig,
    upstream: &dyn cmc_api::Upstream,
    clock: &dyn Clock,
) -> (Option<KeyInfo>, Option<Sighting>) {
    if config.is_keyless() {
        return (None, None);
    }
    let (at, watch) = (clock.now(), Stopwatch::start());
    let Ok(asked) = tokio::time::timeout(START_PATIENCE, engine::ask_key(upstream)).await else {
        tracing::warn!("the API does not tell the key's plan; trying again soon");
        return (None, Some(Sighting::silence(clock.now(), START_PATIENCE)));
    };
    if let Err(error) = &asked {
        tracing::warn!(%error, "the key cannot be asked for its plan; trying again soon");
    }
    let seen = Sighting::of((at, clock.now()), &watch, &asked);
    (asked.ok(), Some(seen))
}

impl Inner {
    /// Asks the key and takes over what it says. Free.
    pub(crate) async fn ask_plan(&self) -> Result<(), UpstreamError> {
        let (at, watch) = (self.clock.now(), Stopwatch::start());
        let asked = engine::ask_key(&*self.way.upstream).await;
        self.saw(at, &watch, &asked);
        self.learn_plan(asked?).await;
        Ok(())
    }

    /// Takes over the limits of the plan, and what others have used of it.
    pub(crate) async fn learn_plan(&self, plan: KeyInfo) {
        let account = self.engine.account();
        let budget = wiring::budget(&self.config, Some(&plan));
        if let (Some(rate), Some(limit)) = (&self.way.rate, plan.plan.rate_limit_minute) {
            rate.set_limit(self.config.budget.minute.map_or(limit, |ours| ours.min(limit)));
            rate.observe(plan.usage.current_minute.requests_made);
        }
        if let Some(limit) = plan.plan.rate_limit_minute {
            self.engine.limit_calls(limit);
        }
        let moved = account.budget().anchor != budget.anchor;
        account.set_budget(budget);
        if moved && let Err(error) = account.rebuild(&*self.kept.ledger).await {
            tracing::warn!(%error, "the billing month has moved, and the books could not be read");
        }
        self.clients.divide();
        let (minute, day, month) =
            (plan.usage.current_minute, plan.usage.current_day, plan.usage.current_month);
        let calls = u64::from(minute.requests_made);
        let learned = account.learn_used(calls, day.credits_used, month.credits_used).await;
        if let Err(error) = learned {
            tracing::warn!(%error, "upstream's own count could not be taken over");
        }
        if let Err(error) = self.clients.learn_used().await {
            tracing::warn!(%error, "the parts of clients could not be told what others spent");
        }
        self.watch_key(&plan);
        self.keep_plan(plan);
    }
}
