//! What the facade tells of itself.

use clock::Timestamp;
use cmc_api::layers::Breakers;
use credits::{Credits, Filter, GroupBy, Page, Posting, Total, Usage, Window};
use monitor::Report;

use crate::{
    cmcache::{Cmcache, Inner},
    status::{
        Connections, CreditsStatus, Hot, LedgerStatus, OperationStatus, PlanStatus, Status,
        TierStatus, WindowStatus,
    },
};

/// Postings on one page.
const PAGE: usize = 200;

impl Cmcache {
    /// The whole at a glance.
    #[must_use]
    pub fn status(&self) -> Status {
        let inner = self.inner();
        let size = inner.engine.size();
        let counts = inner.engine.counts();
        let now = inner.clock.now();
        Status {
            version: env!("CARGO_PKG_VERSION"),
            uptime_s: now.since(inner.started).as_secs(),
            upstream: inner.config.upstream.url.clone(),
            connections: inner.way.pool().map(|pool| Connections {
                in_use: pool.in_use,
                waiting: pool.waiting,
                limit: pool.limit,
            }),
            breakers: inner.way.breakers.as_ref().map(not_closed).unwrap_or_default(),
            ready_answers: counts.ready,
            hot: Hot { entities: size.entities, bytes: size.bytes, hits: counts.hot },
            tiers: counts.tiers.into_iter().map(|(name, hits)| TierStatus { name, hits }).collect(),
            fetched: counts.fetched,
            flights: size.flights,
            resident_bytes: inner.monitor.vitals(now.since_epoch()).resident_bytes,
        }
    }

    /// What is spent, and what may be. Writes waiting postings first, so that the sums are whole.
    pub async fn credits(&self) -> CreditsStatus {
        let inner = self.inner();
        let account = inner.engine.account();
        account.sweep().await;
        if let Err(error) = account.flush(&*inner.kept.ledger).await {
            tracing::warn!(%error, "the ledger is away: the sums lack what waits for it");
        }
        let usage = account.usage().await.unwrap_or_default();
        let totals = inner.totals(GroupBy::Operation).await;
        CreditsStatus {
            plan: inner.plan().map(|info| PlanStatus {
                credit_limit_monthly: info.plan.credit_limit_monthly.map(Credits::get),
                credit_limit_daily: info.plan.credit_limit_daily.map(Credits::get),
                rate_limit_minute: info.plan.rate_limit_minute,
                upstream_credits_used: info.usage.current_month.credits_used.get(),
            }),
            month: inner.window(Window::Month, &usage),
            day: inner.window(Window::Day, &usage),
            minute_calls: usage.minute_calls,
            reserved: usage.reserved.get(),
            ledger: totals.iter().fold(LedgerStatus::default(), |sum, total| LedgerStatus {
                credits: sum.credits + total.credits.get(),
                calls: sum.calls + total.calls,
                assumed: sum.assumed + total.assumed.get(),
            }),
            by_operation: totals.iter().map(operation).collect(),
            waiting_postings: account.n_waiting(),
        }
    }

    /// The latest charges, newest first.
    pub async fn recent_postings(&self) -> Vec<Posting> {
        let inner = self.inner();
        let page = inner.kept.ledger.query(&inner.own(), Page::first(PAGE)).await;
        page.map(|page| page.items).unwrap_or_default()
    }

    /// Latencies of the last five minutes.
    #[must_use]
    pub fn latencies(&self) -> Report {
        let now = self.inner().clock.now().since_epoch();
        self.inner().monitor.report(now, monitor::Window::FiveMinutes)
    }

    /// Everything that is measured, as Prometheus reads it.
    #[must_use]
    pub fn metrics_text(&self) -> String {
        let inner = self.inner();
        let now = inner.clock.now().since_epoch();
        match &inner.prometheus {
            Some(prometheus) => prometheus.render(&inner.monitor, now),
            None => inner.monitor.render(now),
        }
    }
}

impl Inner {
    /// The postings of this upstream: others may have used the same data directory.
    fn own(&self) -> Filter {
        let account = Some(std::sync::Arc::clone(self.engine.account().name()));
        Filter { account, ..Filter::default() }
    }

    async fn totals(&self, by: GroupBy) -> Vec<Total> {
        self.kept.ledger.totals(&self.own(), by).await.unwrap_or_default()
    }

    pub(crate) fn window(&self, window: Window, usage: &Usage) -> WindowStatus {
        let budget = self.engine.account().budget();
        let now: Timestamp = self.clock.now();
        let (limit, used) = match window {
            Window::Day => (budget.day, usage.day),
            _ => (budget.month, usage.month),
        };
        let spent = used.saturating_add(usage.reserved);
        WindowStatus {
            limit: limit.map(Credits::get),
            used: used.get(),
            available: limit.map(|limit| limit.saturating_sub(spent).get()),
            reset: window.reset(now, budget.anchor).to_string(),
        }
    }
}

fn operation(total: &Total) -> OperationStatus {
    let calls = u32::try_from(total.calls.max(1)).unwrap_or(u32::MAX);
    let mean = total.elapsed / calls;
    OperationStatus {
        operation: total.key.clone(),
        credits: total.credits.get(),
        calls: total.calls,
        assumed: total.assumed.get(),
        mean_ms: u64::try_from(mean.as_millis()).unwrap_or(u64::MAX),
    }
}

fn not_closed(breakers: &Breakers) -> Vec<(String, String)> {
    breakers
        .states()
        .into_iter()
        .map(|(path, state)| (path.to_string(), format!("{state:?}").to_lowercase()))
        .filter(|(_, state)| state != "closed")
        .collect()
}

/// The name of every metric of every part, and what it counts.
#[must_use]
pub fn metrics() -> Vec<(&'static str, &'static str)> {
    let parts: [&[_]; 3] =
        [cmc_api::metrics::METRICS, cache_tiers::metrics::METRICS, &engine::METRICS];
    parts.into_iter().flatten().copied().collect()
}
