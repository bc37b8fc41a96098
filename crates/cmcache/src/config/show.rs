//! Every value and where it came from, for people.

use cmc_api::CacheClass;
use serde::Serialize;

use crate::events::Kind;

use super::{Config, Length, LogFormat, Policy, Preset, Source, load::documented};

/// A value as `config show` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Dotted key.
    pub key: String,
    /// The value; secrets are `***`.
    pub value: String,
    /// Where it came from.
    pub origin: Source,
}

/// What stands for a secret.
const HIDDEN: &str = "***";

impl Config {
    /// Every value and where it came from. Secrets are hidden.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let mut rows = Rows { config: self, rows: Vec::new() };
        rows.push("preset", self.preset.name());
        rows.push("listen", self.listen);
        rows.push("data_dir", self.data_dir.display());
        self.upstream(&mut rows);
        self.ages(&mut rows);
        rows.push("tiers", self.tiers.join(","));
        rows.push("tiers_read", self.tiers_read.name());
        self.of_tiers(&mut rows);
        self.common(&mut rows);
        rows.push("budget.month", optional(self.budget.month));
        rows.push("budget.day", optional(self.budget.day));
        rows.push("budget.minute", optional(self.budget.minute));
        rows.push("budget.policy", self.budget.policy.name());
        self.pace(&mut rows);
        rows.push("budget.lease", self.lease_terms().credits_max);
        for name in self.clients.keys() {
            rows.push(&format!("clients.{name}"), HIDDEN);
        }
        self.of_quotas(&mut rows);
        self.telling(&mut rows);
        self.ahead(&mut rows);
        rows.push("log.filter", &self.log.filter);
        rows.push("log.format", self.log.format.name());
        self.otel(&mut rows);
        rows.rows
    }

    fn otel(&self, rows: &mut Rows<'_>) {
        let otel = &self.otel;
        rows.push("otel.endpoint", &otel.endpoint);
        rows.push("otel.headers", if otel.headers.is_some() { HIDDEN } else { "" });
        rows.push("otel.service_name", &otel.service_name);
        rows.push("otel.sample", otel.sample);
        rows.push("otel.traces", otel.traces);
        rows.push("otel.metrics", otel.metrics);
        rows.push("otel.metrics_interval", otel.metrics_interval);
        rows.push("otel.exemplars", otel.exemplars);
    }

    fn telling(&self, rows: &mut Rows<'_>) {
        let levels = self.levels();
        let levels: Vec<String> = levels.as_slice().iter().map(ToString::to_string).collect();
        match (&self.alerts.levels, self.preset) {
            (None, Preset::Guide) => {
                rows.push_from("alerts.levels", levels.join(","), Source::Preset);
            }
            _ => rows.push("alerts.levels", levels.join(",")),
        }
        for kind in Kind::ALL {
            let key = format!("events.{kind}");
            match self.events.get(kind.name()) {
                Some(is_told) => rows.push(&key, is_told),
                None if !self.preset.tells(*kind) => rows.push_from(&key, false, Source::Preset),
                None => rows.push(&key, true),
            }
        }
        let webhook = &self.webhook;
        rows.push("webhook.url", if webhook.url.is_some() { HIDDEN } else { "" });
        rows.push("webhook.secret", if webhook.secret.is_some() { HIDDEN } else { "" });
        rows.push("webhook.events", webhook.shown_kinds());
        rows.push("webhook.format", webhook.format.name());
        rows.push("webhook.timeout", webhook.timeout);
    }

    fn upstream(&self, rows: &mut Rows<'_>) {
        let upstream = &self.upstream;
        rows.push("upstream.url", &upstream.url);
        rows.push("upstream.key", if upstream.key.is_some() { HIDDEN } else { "" });
        rows.push("upstream.keyless", upstream.keyless);
        rows.push("upstream.timeout", upstream.timeout);
        rows.push("upstream.retries", upstream.retries);
        rows.push("upstream.retry_delay", upstream.retry_delay);
        rows.push("upstream.connections", upstream.connections);
        rows.push("upstream.boarding_window", upstream.boarding_window);
        rows.push("upstream.catalogue", upstream.catalogue.display());
    }

    fn ages(&self, rows: &mut Rows<'_>) {
        for class in CacheClass::ALL {
            let key = format!("freshness.{}", class.name());
            match (self.freshness.get(class.name()), self.preset.age(class)) {
                (Some(set), _) => rows.push(&key, set),
                (None, Some(age)) => rows.push_from(&key, age, Source::Preset),
                (None, None) => rows.push(&key, "cadence"),
            }
        }
        let stale = Length::of(self.freshness().stale_if_error);
        rows.push("freshness.stale_if_error", stale);
        rows.push("freshness.jitter", Length::of(self.freshness().jitter));
    }

    fn pace(&self, rows: &mut Rows<'_>) {
        rows.push("pace.mode", self.pace.mode.name());
        for (class, age) in &self.pace.max_age {
            rows.push(&format!("pace.max_age.{class}"), age);
        }
        rows.push("pace.reserve", self.pace.reserve);
        rows.push("pace.essential", self.pace.essential);
        rows.push("pace.shrink", self.pace.shrink);
        rows.push("pace.client_max_age", self.pace.client_max_age.name());
    }

    fn common(&self, rows: &mut Rows<'_>) {
        rows.push("ledger.url", optional(self.ledger.url.as_ref()));
        rows.push("ledger.reports_url", optional(self.ledger.reports_url.as_ref()));
        rows.push("ledger.retention", self.ledger.retention);
        rows.push("demand.record", self.demand.record);
        rows.push("demand.retention", self.demand.retention);
        rows.push("demand.max_bytes", self.demand.max_bytes);
        rows.push("shared.leases", &self.shared.leases);
        rows.push("shared.notes", self.shared.notes.name());
        rows.push("shared.clients", self.shared.clients.display());
        rows.push("shared.meter", &self.shared.meter);
        rows.push("admin.token", if self.admin.token.is_some() { HIDDEN } else { "" });
    }

    fn of_quotas(&self, rows: &mut Rows<'_>) {
        for (name, quota) in &self.quotas {
            let key = |limit: &str| format!("quotas.{name}.{limit}");
            let limits = [("month", quota.month), ("day", quota.day)];
            for (limit, set) in limits.into_iter().filter_map(|(name, set)| Some((name, set?))) {
                rows.push(&key(limit), set);
            }
            if let Some(minute) = quota.minute {
                rows.push(&key("minute"), minute);
            }
            rows.push(&key("priority"), quota.priority);
            rows.push(&key("reserved"), quota.reserved);
        }
    }

    fn ahead(&self, rows: &mut Rows<'_>) {
        let (warm, refresh) = (&self.warm, &self.refresh);
        rows.push("warm.coins", warm.coins);
        rows.push("warm.by", warm.by.name());
        rows.push("warm.names", warm.names.join(","));
        rows.push("warm.converts", warm.converts.join(","));
        rows.push("warm.at_start", warm.at_start);
        rows.push("warm.every", warm.every);
        rows.push("warm.share", warm.share);
        rows.push("refresh.policy", refresh.name());
        rows.push("refresh.stale_while_revalidate", refresh.stale_while_revalidate);
    }

    fn of_tiers(&self, rows: &mut Rows<'_>) {
        let names =
            self.tiers.iter().chain(self.tier.keys().filter(|name| !self.tiers.contains(name)));
        for name in names {
            let set = self.tier.get(name).cloned().unwrap_or_default();
            for (setting, value) in set.shown() {
                rows.push(&format!("tier.{name}.{setting}"), value);
            }
            if let (None, Some(preset)) = (set.retention, self.preset.retention(name)) {
                rows.push_from(&format!("tier.{name}.retention"), preset, Source::Preset);
            }
        }
    }
}

impl Policy {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Lease => "lease",
            Self::Open => "open",
        }
    }
}

impl LogFormat {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
        }
    }
}

struct Rows<'a> {
    config: &'a Config,
    rows: Vec<Shown>,
}

impl Rows<'_> {
    fn push(&mut self, key: &str, value: impl ToString) {
        let origin = self.config.origins.get(key).copied().unwrap_or(Source::Default);
        self.push_from(key, value, origin);
    }

    #[expect(clippy::needless_pass_by_value, reason = "callers hand over what they show")]
    fn push_from(&mut self, key: &str, value: impl ToString, origin: Source) {
        self.rows.push(Shown { key: documented(key), value: value.to_string(), origin });
    }
}

fn optional(limit: Option<impl ToString>) -> String {
    limit.map_or_else(String::new, |limit| limit.to_string())
}
