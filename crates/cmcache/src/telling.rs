//! What the facade tells of itself.

use std::{sync::Arc, time::Duration};

use cache_tiers::TierState;
use clock::Timestamp;
use cmc_api::{Catalogue, layers::Breakers};
use credits::{Filter, LedgerError, Page, PageOf, Posting, Window};
use health::Group;
use monitor::Report;
use tokio::sync::watch;

use crate::{
    books,
    cmcache::{Cmcache, Inner},
    metrics,
    reports::{self, Foresight, GuideReport, ReportAsk, UsageReport},
    status::{Connections, CreditsStatus, Hot, Status, TierStatus},
    tier_times,
    timeline::{HeldNow, Latencies, Moment, Quantiles, Reading, Timeline},
};

/// The outcome under which whoever serves records answers that were wholly cached.
const HIT: &str = "hit";
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
            paused_since: inner.paused_since().map(|since| since.to_string()),
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
            pace: inner.pace_status(),
            ..status
        }
    }

    /// A page of this upstream's charges, newest first; where `filter` has an account, that is the
    /// name of a client, whose shares are meant. Writes waiting postings first.
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

    /// What was spent on what, and what was got for it.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn report(&self, ask: &ReportAsk) -> Result<UsageReport, LedgerError> {
        let inner = self.inner();
        inner.write_up().await;
        let books = (inner.engine.account().name(), &inner.kept);
        reports::usage(books, &inner.catalogue, ask).await
    }

    /// The reports of the guide that this project grew from, by its own arithmetic.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn guide_report(&self, ask: &ReportAsk) -> Result<GuideReport, LedgerError> {
        let inner = self.inner();
        inner.write_up().await;
        reports::guide((inner.engine.account().name(), &inner.kept), ask).await
    }

    /// What will have been spent at the reset, and how long the rest lasts.
    ///
    /// # Errors
    ///
    /// The books do not answer.
    pub async fn forecast(&self) -> Result<Foresight, LedgerError> {
        let inner = self.inner();
        inner.write_up().await;
        reports::foresee(inner.engine.account(), &inner.kept, inner.clock.now()).await
    }

    /// The latest charges, newest first; none while the ledger is away.
    pub async fn recent_postings(&self) -> Vec<Posting> {
        let page = self.ledger(&Filter::default(), Page::first(PAGE)).await;
        page.map(|page| page.items).unwrap_or_default()
    }

    /// What happened in the last `length`, moment by moment: five seconds each up to an hour, two
    /// minutes each up to a day. Begins with the process.
    #[must_use]
    pub fn timeline(&self, length: Duration) -> Timeline {
        let inner = self.inner();
        let moments = inner.timelines.since(length, inner.clock.now());
        Timeline { age_bounds_s: crate::AGE_BOUNDS_S.to_vec(), moments }
    }

    /// Holds the latest moment, from now on. Whoever is slow misses moments, never the latest.
    #[must_use]
    pub fn moments(&self) -> watch::Receiver<Option<Arc<Moment>>> {
        self.inner().timelines.listen()
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

    /// The same as OpenMetrics 1.0 with exemplars, if the program installed what keeps them.
    #[must_use]
    pub fn metrics_open_text(&self) -> Option<String> {
        let inner = self.inner();
        let now = inner.clock.now().since_epoch();
        inner.prometheus.as_ref()?.render_open(&inner.monitor, now)
    }
}

impl Inner {
    /// Writes what waits, so that reports are whole.
    async fn write_up(&self) {
        books::settle(self.engine.account(), &*self.kept.ledger).await;
        if let Err(error) = self.collect().await {
            tracing::warn!(%error, "reports lack what was answered lately");
        }
    }

    /// Keeps histograms small and gauges true.
    pub(crate) async fn upkeep(&self) {
        if let Some(prometheus) = &self.prometheus {
            prometheus.upkeep();
        }
        let account = self.engine.account();
        let Ok(usage) = account.usage().await else { return };
        let now = self.clock.now();
        self.timelines.add(self.reading(usage.month.get(), now));
        metrics::window("month", &books::window(account, Window::Month, &usage, now));
        metrics::window("day", &books::window(account, Window::Day, &usage, now));
        metrics::account(usage.reserved, account.ahead().left, account.n_waiting());
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

impl Inner {
    /// All that a moment is made of.
    fn reading(&self, credits_used: u64, now: Timestamp) -> Reading {
        let (counts, size) = (self.engine.counts(), self.engine.size());
        let memory = ("decoded".to_owned(), counts.ready + counts.hot);
        let upstream = ("upstream".to_owned(), counts.fetched);
        let snapshot = self.monitor.snapshot(now.since_epoch(), monitor::Window::OneMinute);
        Reading {
            at: now,
            requests: self.requests.read(counts.ready),
            found: std::iter::once(memory).chain(counts.tiers).chain([upstream]).collect(),
            ages: self.ages.read(),
            credits_used,
            latencies: latencies(&snapshot),
            tiers: tier_times::latencies(&snapshot, self.engine.stack().names()),
            held: HeldNow {
                entities: size.entities,
                flights: size.flights,
                resident_bytes: self.monitor.vitals(now.since_epoch()).resident_bytes,
            },
        }
    }
}

/// Hits apart from everything else: the one is memory, the other is waiting. What tiers took is in
/// neither: it is within what answers took.
fn latencies(snapshot: &monitor::Snapshot) -> Latencies {
    let (mut hits, mut others) = (monitor::Sketch::default(), monitor::Sketch::default());
    for (operation, outcome, sketch) in snapshot.iter() {
        if tier_times::is_tier(operation) {
            continue;
        }
        if outcome == HIT { hits.merge(sketch) } else { others.merge(sketch) }
    }
    Latencies { hit: Quantiles::of(&hits), other: Quantiles::of(&others) }
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
