//! What cannot run is refused before a port is bound; what is unwise is told once.

use std::{net::IpAddr, sync::Arc};

use cmc_api::{CacheClass, Catalogue, Secret};

use super::{Config, ConfigError, Policy};

/// Something unwise that runs all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// The tiers that can be named today.
const TIERS: [&str; 2] = ["memory", "sqlite"];
/// Tiers that later versions bring.
const LATER: [&str; 6] = ["redis", "valkey", "memcached", "mysql", "mariadb", "postgres"];
/// More attempts than this only make an outage worse.
const RETRIES_MAX: u32 = 10;

type Checked = Result<(), ConfigError>;

fn refuse<T>(why: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError(why.into()))
}

impl Config {
    /// Checks what no single value can tell.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: what is wrong, and what is right.
    pub fn validate(&self) -> Result<Vec<Warning>, ConfigError> {
        self.check_later()?;
        self.check_tiers()?;
        self.check_freshness()?;
        self.check_clients()?;
        self.check_upstream()?;
        let catalogue = self.catalogue()?;
        Ok(self.ages_below_cadence(&catalogue).chain(self.bare_key()).collect())
    }

    /// The catalogue that is in force: the one of `upstream.catalogue`, else the built-in one.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: the file cannot be read, or what is wrong with it and on which line.
    pub fn catalogue(&self) -> Result<Arc<Catalogue>, ConfigError> {
        let file = &self.upstream.catalogue;
        if file.as_os_str().is_empty() {
            return Ok(Catalogue::embedded());
        }
        let refuse = |error| ConfigError(format!("upstream.catalogue: {error}"));
        Catalogue::from_file(file).map(Arc::new).map_err(refuse)
    }

    fn check_later(&self) -> Checked {
        let absent =
            [("warm.coins", self.warm.is_empty()), ("webhook.url", self.webhook.is_empty())];
        if let Some((key, _)) = absent.iter().find(|(_, is_empty)| !is_empty) {
            return refuse(format!("{key}: comes with a later version; this one does not have it"));
        }
        match self.budget.policy {
            Policy::Closed => Ok(()),
            other @ (Policy::Lease | Policy::Open) => refuse(format!(
                "budget.policy = {}: comes with a later version; this one has `closed`: when \
                 nobody counts, nothing new is spent",
                other.name()
            )),
        }
    }

    fn check_tiers(&self) -> Checked {
        for (index, name) in self.tiers.iter().enumerate() {
            is_tier("tiers", name)?;
            if self.tiers[..index].contains(name) {
                return refuse(format!("tiers: `{name}` is named twice"));
            }
            if name == "sqlite" && !self.is_kept() {
                return refuse(
                    "tiers: `sqlite` needs a data_dir; set one, or tiers = [\"memory\"]",
                );
            }
        }
        for (name, tier) in &self.tier {
            is_tier(&format!("tiers.{name}"), name)?;
            if tier.url.is_some() || !tier.urls.is_empty() {
                return refuse(format!("tiers.{name}.url: `{name}` is embedded and takes none"));
            }
            if tier.max_bytes.is_some() && name != "memory" {
                return refuse(format!(
                    "tiers.{name}.max_bytes: only `memory` is bounded by bytes; set \
                     tiers.{name}.retention"
                ));
            }
        }
        Ok(())
    }

    fn check_freshness(&self) -> Checked {
        let known = |name: &str| {
            name == "stale_if_error" || CacheClass::ALL.iter().any(|class| class.name() == name)
        };
        match self.freshness.keys().find(|name| !known(name)) {
            Some(name) => {
                let classes: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
                refuse(format!(
                    "`freshness.{name}` is no setting; there are {} and stale_if_error",
                    classes.join(", ")
                ))
            }
            None => Ok(()),
        }
    }

    fn check_clients(&self) -> Checked {
        if !self.listen.ip().is_loopback() && self.clients.is_empty() {
            return refuse(format!(
                "listen = {}: off loopback, at least one client token is required \
                 (`clients.NAME = \"token\"`, or CMCACHE_CLIENTS=name=token)",
                self.listen
            ));
        }
        let clients: Vec<(&String, &Secret)> = self.clients.iter().collect();
        for (index, (name, token)) in clients.iter().enumerate() {
            if token.expose().is_empty() {
                return refuse(format!("clients.{name}: the token is empty"));
            }
            let twin = clients[..index].iter().find(|(_, other)| other.expose() == token.expose());
            if let Some((other, _)) = twin {
                return refuse(format!("clients.{name}: `{other}` has the same token"));
            }
        }
        Ok(())
    }

    fn check_upstream(&self) -> Checked {
        let upstream = &self.upstream;
        let is_plain = !upstream.url.contains(['@', '?', '#']);
        if !is_plain || host(&upstream.url).is_none_or(str::is_empty) {
            // Not repeated: it may hold a password.
            return refuse(
                "upstream.url: it must be https://host[/path] (or http://), without user, query \
                 or fragment",
            );
        }
        if upstream.timeout.get().is_zero() {
            return refuse("upstream.timeout: no answer comes within 0 s");
        }
        if upstream.connections == 0 {
            return refuse("upstream.connections: at least 1 is needed");
        }
        if upstream.retries > RETRIES_MAX {
            return refuse(format!("upstream.retries: at most {RETRIES_MAX}"));
        }
        Ok(())
    }

    /// An age below the cadence is obeyed, and pays for the same bytes.
    fn ages_below_cadence(&self, catalogue: &Catalogue) -> impl Iterator<Item = Warning> {
        CacheClass::ALL.iter().filter_map(move |class| {
            let set = self.freshness.get(class.name())?;
            let cadence = catalogue
                .operations()
                .filter(|operation| operation.class == *class)
                .filter_map(|operation| operation.cadence)
                .min()?;
            (set.get() < cadence).then(|| {
                Warning(format!(
                    "freshness.{} = {set} is below the API's own cadence of {} s: \
                     it pays for the same bytes",
                    class.name(),
                    cadence.as_secs()
                ))
            })
        })
    }

    /// Whoever is on the way reads a key that travels without TLS.
    fn bare_key(&self) -> Option<Warning> {
        let upstream = &self.upstream;
        let is_sent = upstream.key.is_some() && !upstream.is_keyless();
        let is_bare = upstream.url.starts_with("http://") && !is_loopback(&upstream.url);
        (is_sent && is_bare).then(|| {
            Warning(format!("upstream.url = {}: the key is sent in clear text", upstream.url))
        })
    }
}

fn is_tier(place: &str, name: &str) -> Checked {
    let ours = TIERS.join(" and ");
    if TIERS.contains(&name) {
        Ok(())
    } else if LATER.contains(&name) {
        refuse(format!("{place}: `{name}` comes with a later version; this one has {ours}"))
    } else {
        refuse(format!("{place}: there is no tier `{name}`; this version has {ours}"))
    }
}

/// Host and port of a URL.
fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    Some(rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

fn is_loopback(url: &str) -> bool {
    let authority = host(url).unwrap_or_default();
    let name = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => authority.split(':').next().unwrap_or(authority),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
