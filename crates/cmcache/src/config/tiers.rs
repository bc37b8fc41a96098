//! The tiers that can be named, and what each takes. What its settings mean to its store is
//! checked where the store is set up, in the wiring.

use credits::{Credits, LeaseTerms};

use super::{
    AUTO, Config, ConfigError, LEDGER, Notes, OFF, Place, TierConfig, Warning,
    validate::{Checked, refuse},
};
use crate::wiring;

/// A tier that can be named.
pub(crate) struct TierKind {
    pub(crate) name: &'static str,
    /// How its URL begins; none for an embedded one.
    schemes: &'static [&'static str],
    /// Settings that not every tier takes.
    takes: &'static [&'static str],
    /// Whether it can grant leases, and how gladly: the lowest is taken first.
    pub(crate) leases: Option<u8>,
    /// Whether it carries notes between instances.
    pub(crate) carries_notes: bool,
    /// Whether it can count credits for all instances, and how gladly.
    pub(crate) counts: Option<u8>,
}

/// Where one budget is counted for all instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counter<'a> {
    /// In the store of this tier.
    Tier(&'a str),
    /// In the database of `ledger.url`.
    Ledger,
}

const REDIS: &[&str] = &[
    "url",
    "urls",
    "connections",
    "prefix",
    "compress_min_bytes",
    "ca_file",
    "sentinel_master",
    "cluster",
    "tracking",
    "shadow",
];
const MEMCACHED: &[&str] =
    &["url", "urls", "connections", "prefix", "compress_min_bytes", "shadow"];
const SERVER: &[&str] = &["url", "connections", "shadow"];

const fn redis(name: &'static str) -> TierKind {
    let schemes = &["redis", "rediss"];
    TierKind { name, schemes, takes: REDIS, leases: Some(0), carries_notes: true, counts: Some(0) }
}

const fn server(name: &'static str, schemes: &'static [&'static str]) -> TierKind {
    let (leases, counts) = (Some(1), Some(1));
    TierKind { name, schemes, takes: SERVER, leases, carries_notes: false, counts }
}

const fn embedded(name: &'static str, takes: &'static [&'static str]) -> TierKind {
    TierKind { name, schemes: &[], takes, leases: None, carries_notes: false, counts: None }
}

/// Every tier that can be named.
pub(crate) const TIERS: [TierKind; 8] = [
    embedded("memory", &["max_bytes"]),
    embedded("sqlite", &["connections", "shadow"]),
    redis("redis"),
    redis("valkey"),
    TierKind {
        name: "memcached",
        schemes: &["memcache"],
        takes: MEMCACHED,
        leases: Some(2),
        carries_notes: false,
        counts: None,
    },
    server("mysql", &["mysql", "mariadb"]),
    server("mariadb", &["mysql", "mariadb"]),
    server("postgres", &["postgres", "postgresql"]),
];

/// Settings that every tier takes.
const EVERY: [&str; 3] = ["retention", "deadline", "max_value_bytes"];
/// A billing month reaches into two calendar months, and what it has spent is summed up.
const RETENTION_MONTHS: std::ops::RangeInclusive<u32> = 2..=1_200;

impl TierKind {
    /// The tier of this name.
    pub(crate) fn of(name: &str) -> Option<&'static Self> {
        TIERS.iter().find(|kind| kind.name == name)
    }

    const fn is_embedded(&self) -> bool {
        self.schemes.is_empty()
    }

    fn check(&self, name: &str, tier: &TierConfig, is_used: bool) -> Checked {
        for (setting, _) in tier.shown() {
            if EVERY.contains(&setting) || self.takes.contains(&setting) {
                continue;
            }
            return refuse(match setting {
                "url" | "urls" => format!("tiers.{name}.url: `{name}` is embedded and takes none"),
                "max_bytes" => format!(
                    "tiers.{name}.max_bytes: only `memory` is bounded by bytes; set \
                     tiers.{name}.retention"
                ),
                _ => format!("tiers.{name}.{setting}: `{name}` takes {}", self.all_it_takes()),
            });
        }
        if self.is_embedded() {
            return Ok(());
        }
        if tier.url.is_some() && !tier.urls.is_empty() {
            return refuse(format!("tiers.{name}: set `url` or `urls`, not both"));
        }
        if is_used && tier.places().next().is_none() {
            let scheme = self.schemes[0];
            return refuse(format!("tiers.{name}.url: where is it? Write it as {scheme}://…"));
        }
        tier.places().try_for_each(|place| self.check_place(name, place))
    }

    fn check_place(&self, name: &str, place: &Place) -> Checked {
        match place.scheme() {
            Some(scheme) if self.schemes.contains(&scheme) => Ok(()),
            // Only memcached knows servers by host and port alone.
            None if self.takes == MEMCACHED && !place.expose().contains("://") => Ok(()),
            _ => refuse(format!(
                "tiers.{name}.url: `{place}` does not begin with {}://",
                self.schemes.join(":// or ")
            )),
        }
    }

    fn all_it_takes(&self) -> String {
        [self.takes, &EVERY].concat().join(", ")
    }
}

impl Config {
    pub(super) fn check_tiers(&self) -> Checked {
        for (index, name) in self.tiers.iter().enumerate() {
            kind("tiers", name)?;
            if self.tiers[..index].contains(name) {
                return refuse(format!("tiers: `{name}` is named twice"));
            }
            if name == "sqlite" && !self.is_kept() {
                return refuse(
                    "tiers: `sqlite` needs a data_dir; set one, or tiers = [\"memory\"]",
                );
            }
        }
        let unset = TierConfig::default();
        for name in &self.tiers {
            let set = self.tier.get(name).unwrap_or(&unset);
            kind("tiers", name)?.check(name, set, true)?;
            wiring::check_tier(name, set)?;
        }
        for (name, tier) in self.tier.iter().filter(|(name, _)| !self.tiers.contains(name)) {
            kind(&format!("tiers.{name}"), name)?.check(name, tier, false)?;
        }
        Ok(())
    }

    pub(super) fn check_ledger(&self) -> Checked {
        let ledger = &self.ledger;
        if ledger.url.is_none() && ledger.reports_url.is_some() {
            return refuse("ledger.reports_url: it is a replica of ledger.url, which is not set");
        }
        if !RETENTION_MONTHS.contains(&ledger.retention.get()) {
            return refuse(format!(
                "ledger.retention: between {} and {} months: a billing month reaches into two \
                 calendar months",
                RETENTION_MONTHS.start(),
                RETENTION_MONTHS.end()
            ));
        }
        wiring::check_ledger(ledger)
    }

    pub(super) fn check_shared(&self) -> Checked {
        self.check_lessor()?;
        self.check_counter()
    }

    fn check_counter(&self) -> Checked {
        let name = self.shared.meter.as_str();
        let can = |name: &str| TierKind::of(name).is_some_and(|kind| kind.counts.is_some());
        let is_there = match name {
            AUTO | OFF => true,
            LEDGER => self.ledger.url.is_some(),
            _ => self.tiers.iter().any(|tier| tier == name) && can(name),
        };
        if is_there {
            return Ok(());
        }
        let tiers = self.tiers.iter().map(String::as_str).filter(|tier| can(tier));
        let able: Vec<_> = tiers.chain(self.ledger.url.as_ref().map(|_| LEDGER)).collect();
        refuse(format!(
            "shared.meter = {name}: it must be auto, off, `ledger` where ledger.url is set, or one \
             of the tiers that count (here: {})",
            if able.is_empty() { "none".to_owned() } else { able.join(", ") }
        ))
    }

    fn check_lessor(&self) -> Checked {
        let name = self.shared.leases.as_str();
        if [AUTO, OFF].contains(&name) {
            return Ok(());
        }
        let can = |name: &str| TierKind::of(name).is_some_and(|kind| kind.leases.is_some());
        if self.tiers.iter().any(|tier| tier == name) && can(name) {
            return Ok(());
        }
        let able: Vec<_> = self.tiers.iter().filter(|tier| can(tier)).cloned().collect();
        refuse(format!(
            "shared.leases = {name}: it must be auto, off, or one of the tiers that grant leases \
             (here: {})",
            if able.is_empty() { "none".to_owned() } else { able.join(", ") }
        ))
    }

    /// The tier that grants leases, if any does.
    pub(crate) fn lessor(&self) -> Option<&str> {
        let rank = |name: &&String| TierKind::of(name).and_then(|kind| kind.leases);
        match self.shared.leases.as_str() {
            OFF => None,
            AUTO => {
                let able = self.tiers.iter().filter(|name| rank(name).is_some());
                able.filter(|name| !self.is_shadow(name)).min_by_key(rank).map(String::as_str)
            }
            name => Some(name),
        }
    }

    /// Where all instances count one budget, if they do.
    pub(crate) fn counter(&self) -> Option<Counter<'_>> {
        let rank = |name: &&String| TierKind::of(name).and_then(|kind| kind.counts);
        match self.shared.meter.as_str() {
            OFF => None,
            LEDGER => Some(Counter::Ledger),
            AUTO => {
                let able = self.tiers.iter().filter(|name| rank(name).is_some());
                let tier = able.filter(|name| !self.is_shadow(name)).min_by_key(rank);
                let ledger = self.ledger.url.as_ref().map(|_| Counter::Ledger);
                tier.map(|name| Counter::Tier(name)).or(ledger)
            }
            name => Some(Counter::Tier(name)),
        }
    }

    /// On what terms an instance leases blocks of a shared budget.
    pub(crate) fn lease_terms(&self) -> LeaseTerms {
        let terms = LeaseTerms::default();
        let credits_max = self.budget.lease.map_or(terms.credits_max, Credits::new);
        LeaseTerms { credits_max, ..terms }
    }

    /// The tier that carries notes, if any does.
    pub(crate) fn notary(&self) -> Option<&str> {
        let carries = |name: &&String| TierKind::of(name).is_some_and(|kind| kind.carries_notes);
        let mut able = self.tiers.iter().filter(|name| !self.is_shadow(name));
        able.find(carries).map(String::as_str).filter(|_| self.shared.notes == Notes::Auto)
    }

    /// On its way in or out: what instances agree on must not change with it.
    fn is_shadow(&self, name: &str) -> bool {
        self.tier.get(name).is_some_and(|tier| tier.shadow)
    }

    /// Books on a server outlive the process; what is under way does not, without a journal.
    pub(super) fn journal_is_missing(&self) -> Option<Warning> {
        (self.ledger.url.is_some() && !self.is_kept()).then(|| {
            Warning(
                "ledger.url without data_dir: there is no journal, so calls that are under way \
                 when the process is killed are not on record"
                    .to_owned(),
            )
        })
    }
}

fn kind(place: &str, name: &str) -> Result<&'static TierKind, ConfigError> {
    let names: Vec<_> = TIERS.iter().map(|kind| kind.name).collect();
    TierKind::of(name).ok_or_else(|| {
        ConfigError(format!("{place}: there is no tier `{name}`; there are {}", names.join(", ")))
    })
}

#[cfg(test)]
mod tests;
