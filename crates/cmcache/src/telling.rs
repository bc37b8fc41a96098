//! What the facade tells of itself.

use cache_tiers::TierState;
use cmc_api::{Catalogue, layers::Breakers};
use credits::{Filter, LedgerError, Page, PageOf, Posting, Window};
use health::Group;
use monitor::Report;

use crate::{
    books,
    cmcache::{Cmcache, Inner},
    metrics,
    status::{Connections, CreditsStatus, Hot, Status, TierStatus},
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
            requests: inner.requests.read(counts.ready),
            ready_answers: counts.ready,
            hot: Hot { entities: size.entities, bytes: size.bytes, hits: counts.hot },
            tiers: tiers(inner.engine.stack().states(), counts.tiers),
            fetched: counts.fetched,
            flights: size.flights,
            resident_bytes: inner.monitor.vitals(now.since_epoch()).resident_bytes,
        }
    }

    /// The catalogue that is in force.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.inner().catalogue
    }

    /// What is spent, and what may be. Writes waiting postings first, so that the sums are whole.
    pub async fn credits(&self) -> CreditsStatus {
        let inner = self.inner();
        let now = inner.clock.now();
        let status = books::credits(inner.engine.account(), &inner.kept, now, inner.plan()).await;
        CreditsStatus {
            reconciled: inner.reconciled(),
            burning: inner.watching.alarms.firing(),
            learned_prices: inner.watching.prices.n_learned(),
            ..status
        }
    }

    /// A page of this upstream's charges, newest first. Writes waiting postings first.
    ///
    /// # Errors
    ///
    /// The ledger does not answer.
    pub async fn ledger(
        &self,
        filter: &Filter,
        page: Page,
    ) -> Result<PageOf<Posting>, LedgerError> {
        let inner = self.inner();
        books::page(inner.engine.account(), &inner.kept, filter, page).await
    }

    /// The latest charges, newest first; none while the ledger is away.
    pub async fn recent_postings(&self) -> Vec<Posting> {
        let page = self.ledger(&Filter::default(), Page::first(PAGE)).await;
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
    /// Keeps histograms small and gauges true.
    pub(crate) async fn upkeep(&self) {
        if let Some(prometheus) = &self.prometheus {
            prometheus.upkeep();
        }
        let account = self.engine.account();
        let Ok(usage) = account.usage().await else { return };
        let now = self.clock.now();
        metrics::window("month", &books::window(account, Window::Month, &usage, now));
        metrics::window("day", &books::window(account, Window::Day, &usage, now));
        metrics::account(usage.reserved, account.n_waiting());
        self.watch_budget(account, &usage);
    }

    /// Runs every check, and says which of them have changed.
    pub(crate) async fn watch(&self) {
        let report = self.health.report(Group::Deep, self.clock.now().since_epoch()).await;
        for check in report.checks {
            metrics::check(&check.name, check.status);
            let Some(before) = self.seen(&check.name, check.status) else { continue };
            let (was, is) = (before.word(), check.status.word());
            if was != is {
                tracing::warn!(check = check.name, was, is, "{}", check.finding.output);
            }
        }
    }
}

fn tiers(states: Vec<TierState>, hits: Vec<(String, u64)>) -> Vec<TierStatus> {
    let both = states.into_iter().zip(hits);
    both.map(|(state, (name, hits))| TierStatus {
        name,
        role: if state.is_shadow { "shadow" } else { "serving" },
        shared: state.capability.shared,
        persistent: state.capability.persistent,
        breaker: state.breaker,
        behind: state.is_owing,
        hits,
    })
    .collect()
}

fn not_closed(breakers: &Breakers) -> Vec<(String, String)> {
    breakers
        .states()
        .into_iter()
        .map(|(path, state)| (path.to_string(), format!("{state:?}").to_lowercase()))
        .filter(|(_, state)| state != "closed")
        .collect()
}
