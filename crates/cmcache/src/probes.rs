//! The health checks: how upstream, the tiers, the budget and the latency are.
//!
//! None of them costs a credit. Trouble of upstream or of the budget is a warning while the cache
//! can serve; only an instance that can serve nothing at all is not ready.

use std::{sync::Weak, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use cache_tiers::{Entry, Key, Meta, Stack, Versions};
use clock::Clock;
use credits::Window;
use health::{Check, Effect, Finding, Group, Registry};

use crate::{
    books,
    cmcache::{Cmcache, Inner},
    metrics::float,
    tier_times,
};

/// How long a finding holds: probes that run on every request are a load of their own.
const HOLDS: Duration = Duration::from_secs(10);
/// Shares of the budget, in percent.
const BUDGET: (f64, f64) = (85.0, 95.0);
/// Mean latencies, in milliseconds.
const LATENCY: (f64, f64) = (2_000.0, 5_000.0);
/// How often, and how long apart, a probe looks for what was written behind.
const PROBE_LOOKS: usize = 5;
const PROBE_PAUSE: Duration = Duration::from_millis(100);
/// A probe's own entry lives this long.
const PROBE_LIFE: Duration = Duration::from_secs(60);

/// The checks of a gateway that is being put together.
pub(crate) fn registry(inner: &Weak<Inner>) -> Registry {
    Registry::new(HOLDS)
        .starting()
        .with(Upstream(Weak::clone(inner)))
        .with(Budget(Weak::clone(inner)))
        .with(Latency(Weak::clone(inner)))
        .with(Serving(Weak::clone(inner)))
        .with(Tiers(Weak::clone(inner)))
}

const WARNS: &[(Group, Effect)] = &[(Group::Ready, Effect::Warning)];

fn gone() -> Finding {
    Finding::unhealthy("going down")
}

/// Whether the paid API can be reached, by the one free question about our own key.
struct Upstream(Weak<Inner>);

#[async_trait]
impl Check for Upstream {
    fn name(&self) -> &str {
        "upstream:response"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        &[(Group::Ready, Effect::Warning), (Group::Upstream, Effect::Fatal)]
    }

    async fn check(&self) -> Finding {
        let Some(inner) = self.0.upgrade() else { return gone() };
        if inner.config.upstream.is_keyless() {
            return Finding::unknown("asked without a key: there is no free question to ask");
        }
        // What was seen holds longer than a finding, here and at every other instance.
        inner.sighted().await.finding()
    }
}

/// How much of the billing month's credits is used.
struct Budget(Weak<Inner>);

#[async_trait]
impl Check for Budget {
    fn name(&self) -> &str {
        "credits:used"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        &[(Group::Ready, Effect::Warning), (Group::Budget, Effect::Fatal)]
    }

    async fn check(&self) -> Finding {
        let Some(inner) = self.0.upgrade() else { return gone() };
        if let Some(since) = inner.paused_since() {
            return Finding::degraded(format!("an operator has paused paid calls at {since}"));
        }
        let Ok(usage) = inner.engine.account().usage().await else {
            return Finding::unhealthy("nobody counts: nothing new is spent");
        };
        let account = inner.engine.account();
        let month = books::window(account, Window::Month, &usage, inner.clock.now());
        match month.limit {
            None => Finding::unknown("the plan's limit is not known yet"),
            Some(0) => Finding::unhealthy("the limit is 0 credits"),
            Some(limit) => Finding::by_thresholds(percent(month.used, limit), "percent", BUDGET),
        }
    }
}

/// How long recent answers took, hits and misses together.
struct Latency(Weak<Inner>);

#[async_trait]
impl Check for Latency {
    fn name(&self) -> &str {
        "answers:latency"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        WARNS
    }

    async fn check(&self) -> Finding {
        let Some(inner) = self.0.upgrade() else { return gone() };
        let now = inner.clock.now().since_epoch();
        let snapshot = inner.monitor.snapshot(now, monitor::Window::FiveMinutes);
        let mut rows = snapshot.operations();
        // What tiers took is within what answers took.
        rows.retain(|row| !tier_times::is_tier(&row.operation));
        let n: u64 = rows.iter().map(|row| row.count).sum();
        if n == 0 {
            return Finding::unknown("no answers in the last five minutes");
        }
        let total: f64 = rows.iter().map(|row| row.mean_ms * float(row.count)).sum();
        Finding::by_thresholds(total / float(n), "ms", LATENCY)
    }
}

/// Writes to, reads from and removes from each tier, under a key that no other instance uses.
struct Tiers(Weak<Inner>);

#[async_trait]
impl Check for Tiers {
    fn name(&self) -> &str {
        "tiers:write-read-remove"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        WARNS
    }

    async fn check(&self) -> Finding {
        let Some(inner) = self.0.upgrade() else { return gone() };
        let stack = inner.engine.stack();
        let key = Key::new(&format!("probe:{:016x}", fastrand::u64(..)));
        let (now, versions) = (inner.clock.now(), Versions::default());
        let meta = Meta {
            version: versions.next(now),
            fetched_at: now,
            fresh_until: now.after(PROBE_LIFE),
            usable_until: now.after(PROBE_LIFE),
            ..Meta::default()
        };
        let entry = Entry { body: Bytes::from_static(b"probe"), meta };
        stack.fill(&[(key.clone(), entry)]).await;
        let mut failed = read_back(stack, &key).await;
        for _ in 0..PROBE_LOOKS {
            if failed.is_empty() {
                break;
            }
            // Remote tiers are written behind the answer.
            tokio::time::sleep(PROBE_PAUSE).await;
            failed = read_back(stack, &key).await;
        }
        stack.remove(std::slice::from_ref(&key), versions.next(now)).await;
        if failed.is_empty() { Finding::healthy() } else { Finding::unhealthy(failed.join("; ")) }
    }
}

/// The tiers that do not give back what was written, and why.
async fn read_back(stack: &Stack, key: &Key) -> Vec<String> {
    let held = stack.explain(key).await;
    let judged = stack.names().iter().zip(&held).filter_map(|(name, held)| match held {
        Ok(Some(_)) => None,
        Ok(None) => Some(format!("{name}: what was written is not there")),
        Err(error) => Some(format!("{name}: {error}")),
    });
    judged.collect()
}

/// Whether anything can be served: from memory or a tier below, or because upstream is there.
struct Serving(Weak<Inner>);

#[async_trait]
impl Check for Serving {
    fn name(&self) -> &str {
        "cache:entities"
    }

    fn holds(&self) -> Option<Duration> {
        // Cheap to find out, and a load balancer waits for it.
        Some(Duration::from_secs(1))
    }

    async fn check(&self) -> Finding {
        let Some(inner) = self.0.upgrade() else { return gone() };
        let entities = inner.engine.size().entities;
        let has_below = inner.engine.stack().names().len() > 1;
        let finding = match (entities, inner.sightings.is_usable(), has_below) {
            (0, false, false) => Finding::unhealthy("nothing is cached, and upstream is away"),
            (0, false, true) => Finding::degraded("memory is empty, and upstream is away"),
            _ => Finding::healthy(),
        };
        finding.observed(float(u64::try_from(entities).unwrap_or(u64::MAX)), "entities")
    }
}

impl Cmcache {
    /// A group of checks as `application/health+json`, with the HTTP status to answer with.
    /// Groups are `live`, `ready`, `upstream`, `budget` and `deep`.
    pub async fn health_json(&self, group: Group) -> (u16, String) {
        let now = self.now();
        let report = self.health().report(group, now.since_epoch()).await;
        (report.http_status(), report.to_health_json(&now.to_string()))
    }

    /// Every check's name and its status in one word.
    pub async fn checks(&self) -> Vec<(String, String)> {
        let report = self.health().report(Group::Deep, self.now().since_epoch()).await;
        let checks = report.checks.into_iter();
        checks.map(|check| (check.name, check.status.word().to_owned())).collect()
    }
}

fn percent(used: u64, limit: u64) -> f64 {
    // In hundredths of a percent first: credits may exceed what a u32 counts.
    float(used.saturating_mul(10_000) / limit) / 100.0
}

#[cfg(test)]
mod tests;
