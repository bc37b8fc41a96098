//! The medians of several seeds, as numbers and as JSON.

use serde::Serialize;

use super::{
    models::{Tally, rules},
    play::Played,
    scene::{Outcome, URL_CACHE},
};

/// One rate, over all seeds: medians, but for what must never happen, which is the worst.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) rate: f64,
    pub(crate) seeds: Vec<u64>,
    pub(crate) requests: u64,
    pub(crate) cmcache: Measured,
    /// What any schedule pays at least.
    pub(crate) bound: Parts,
    /// Credits over the bound, seed by seed; the median.
    pub(crate) over_bound: f64,
    pub(crate) schemes: Vec<Scheme>,
    /// The cheapest simple rule, where they were asked along.
    pub(crate) best_rule: Option<Best>,
}

/// What the cache did.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) credits: u64,
    pub(crate) calls: u64,
    /// In the minute that had most, over all seeds.
    pub(crate) calls_in_busiest_minute: u64,
    /// On average, after the first minute.
    pub(crate) calls_per_minute: f64,
    /// Of entities, after the first minute.
    pub(crate) hit_rate: f64,
    /// Of hits in this process, in real time.
    pub(crate) hit_us: Percentiles,
    /// Of quotes, listings and totals.
    pub(crate) age_ms: Percentiles,
    /// What misses waited beyond the wire.
    pub(crate) added_wait_ms: Percentiles,
    /// Over all seeds.
    pub(crate) failed: u64,
    pub(crate) stale: u64,
    pub(crate) refused_by_upstream: u64,
    /// Quotes that were compared with what upstream gave for that coin, currency and instant.
    pub(crate) compared: u64,
    pub(crate) wrong: u64,
    /// Answers older than they said.
    pub(crate) older_than_told: u64,
    /// Credits at the end of each minute, of the first seed.
    pub(crate) credits_by_minute: Vec<u64>,
    /// Of the first seed: operation, credits, calls.
    pub(crate) operations: Vec<(String, u64, u64)>,
}

/// 50, 95, 99 and 100 of a hundred.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Percentiles {
    pub(crate) p50: f64,
    pub(crate) p95: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

/// The bound and its parts.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Parts {
    pub(crate) credits: u64,
    pub(crate) quotes: u64,
    pub(crate) infos: u64,
    pub(crate) global: u64,
    pub(crate) fear: u64,
}

/// What another scheme pays.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    pub(crate) credits: u64,
    pub(crate) calls: u64,
}

/// The cheapest simple rule of each seed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Best {
    /// Of the first seed.
    pub(crate) name: String,
    pub(crate) credits: u64,
    /// Our credits over its, seed by seed; the median.
    pub(crate) ours_over_it: f64,
}

impl Summary {
    /// Of at least one outcome.
    pub(crate) fn of(rate: f64, outcomes: &[Outcome]) -> Self {
        let each = |value: &dyn Fn(&Outcome) -> u64| outcomes.iter().map(value).collect();
        let over = outcomes
            .iter()
            .map(|outcome| outcome.played.credits as f64 / outcome.bound.credits().max(1) as f64);
        Self {
            rate,
            seeds: outcomes.iter().map(|outcome| outcome.seed).collect(),
            requests: median(each(&|outcome| outcome.played.n_requests)),
            cmcache: Measured::of(outcomes),
            bound: Parts {
                credits: median(each(&|outcome| outcome.bound.credits())),
                quotes: median(each(&|outcome| outcome.bound.quotes)),
                infos: median(each(&|outcome| outcome.bound.infos)),
                global: median(each(&|outcome| outcome.bound.global)),
                fear: median(each(&|outcome| outcome.bound.fear)),
            },
            over_bound: median_of(over.collect()),
            schemes: schemes(outcomes),
            best_rule: best(outcomes),
        }
    }

    /// What the scheme of that name pays.
    pub(crate) fn credits_of(&self, name: &str) -> Option<u64> {
        self.schemes.iter().find(|scheme| scheme.name == name).map(|scheme| scheme.credits)
    }

    /// How many times as much a cache by URL pays.
    pub(crate) fn url_cache_over_ours(&self) -> f64 {
        let url = self.credits_of(URL_CACHE).unwrap_or_default();
        url as f64 / self.cmcache.credits.max(1) as f64
    }
}

impl Measured {
    fn of(outcomes: &[Outcome]) -> Self {
        let played = || outcomes.iter().map(|outcome| &outcome.played);
        let sum = |value: fn(&Played) -> u64| played().map(value).sum::<u64>();
        let of = |value: fn(&Played) -> &[u32], unit: f64| {
            Percentiles::median(played().map(|it| Percentiles::of(value(it), unit)).collect())
        };
        let first = &outcomes[0].played;
        Self {
            credits: median(played().map(|it| it.credits).collect()),
            calls: median(played().map(|it| it.calls).collect()),
            calls_in_busiest_minute: played().map(Played::busiest_minute).max().unwrap_or(0),
            calls_per_minute: median_of(played().map(Played::later_calls).collect()),
            hit_rate: median_of(played().map(Played::hit_rate).collect()),
            hit_us: of(|it| &it.hits_ns, 1_000.0),
            age_ms: of(|it| &it.ages_ms, 1.0),
            added_wait_ms: of(|it| &it.added_ms, 1.0),
            failed: sum(|it| it.n_failed),
            stale: sum(|it| it.n_stale),
            refused_by_upstream: sum(|it| it.refused),
            compared: sum(|it| it.n_compared),
            wrong: sum(|it| it.n_wrong),
            older_than_told: sum(|it| it.n_dishonest),
            credits_by_minute: first.by_minute.iter().map(|(credits, _)| *credits).collect(),
            operations: first.operations.clone(),
        }
    }
}

impl Percentiles {
    pub(crate) fn of(values: &[u32], unit: f64) -> Self {
        if values.is_empty() {
            return Self::default();
        }
        let mut values = values.to_vec();
        values.sort_unstable();
        let at = |share: usize| {
            let place = (values.len() * share).div_ceil(100).max(1) - 1;
            f64::from(values[place.min(values.len() - 1)]) / unit
        };
        Self { p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }

    /// Of each the median, but of the highest the highest.
    #[expect(clippy::needless_pass_by_value, reason = "it is made for this")]
    fn median(all: Vec<Self>) -> Self {
        let of = |value: fn(&Self) -> f64| median_of(all.iter().map(value).collect());
        let max = all.iter().map(|it| it.max).fold(0.0, f64::max);
        Self { p50: of(|it| it.p50), p95: of(|it| it.p95), p99: of(|it| it.p99), max }
    }
}

fn schemes(outcomes: &[Outcome]) -> Vec<Scheme> {
    let names = outcomes[0].models.iter().map(|(name, _)| name);
    names
        .map(|name| {
            let same = |outcome: &Outcome| {
                let found = outcome.models.iter().find(|(known, _)| known == name);
                found.map_or_else(Tally::default, |(_, tally)| *tally)
            };
            Scheme {
                name: name.clone(),
                credits: median(outcomes.iter().map(|outcome| same(outcome).credits).collect()),
                calls: median(outcomes.iter().map(|outcome| same(outcome).calls).collect()),
            }
        })
        .collect()
}

fn best(outcomes: &[Outcome]) -> Option<Best> {
    let is_rule = |name: &str| rules().iter().any(|rule| rule.name == name);
    let best = |outcome: &Outcome| {
        let found = outcome.models.iter().filter(|(name, _)| is_rule(name));
        let found = found.map(|(name, tally)| (tally.credits, name.clone()));
        found.min_by_key(|(credits, _)| *credits)
    };
    let (_, name) = best(&outcomes[0])?;
    let paid: Vec<(u64, f64)> = outcomes
        .iter()
        .filter_map(|outcome| {
            let (credits, _) = best(outcome)?;
            Some((credits, outcome.played.credits as f64 / credits.max(1) as f64))
        })
        .collect();
    Some(Best {
        name,
        credits: median(paid.iter().map(|(credits, _)| *credits).collect()),
        ours_over_it: median_of(paid.iter().map(|(_, ratio)| *ratio).collect()),
    })
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

fn median_of(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests;
