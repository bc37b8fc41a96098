//! What cannot run is refused before a port is bound; what is unwise is told once.

use std::{net::IpAddr, sync::Arc};

use cmc_api::{CacheClass, Catalogue, Secret};
use credits::Part;

use super::{Config, ConfigError};
use crate::{
    clients::{ClientFile, NAME_BYTES_MAX},
    events::Kind,
};

/// Something unwise that runs all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// Settings of `freshness` that are no class of data.
const OF_ALL_CLASSES: [&str; 2] = ["stale_if_error", "jitter"];
/// More attempts than this only make an outage worse.
const RETRIES_MAX: u32 = 10;

pub(super) type Checked = Result<(), ConfigError>;

pub(super) fn refuse<T>(why: impl Into<String>) -> Result<T, ConfigError> {
    Err(ConfigError(why.into()))
}

impl Config {
    /// Checks what no single value can tell.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: what is wrong, and what is right.
    pub fn validate(&self) -> Result<Vec<Warning>, ConfigError> {
        self.check_budget()?;
        self.check_tiers()?;
        self.check_ledger()?;
        self.check_shared()?;
        self.check_freshness()?;
        self.pace.check()?;
        self.check_clients()?;
        self.check_events()?;
        self.check_alerts()?;
        self.check_webhook()?;
        self.check_otel()?;
        self.check_admin()?;
        self.check_upstream()?;
        self.warm.check()?;
        let catalogue = self.catalogue()?;
        let unwise = self.bare_key().into_iter().chain(self.journal_is_missing());
        let unwise = unwise.chain(self.webhook_warnings()).chain(self.otel_warning());
        Ok(self.ages_below_cadence(&catalogue).chain(unwise).collect())
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

    fn check_budget(&self) -> Checked {
        match self.budget.lease {
            Some(0) => refuse("budget.lease: a block of 0 credits pays for nothing; at least 1"),
            Some(_) | None => Ok(()),
        }
    }

    fn check_freshness(&self) -> Checked {
        let known = |name: &str| {
            OF_ALL_CLASSES.contains(&name)
                || CacheClass::ALL.iter().any(|class| class.name() == name)
        };
        match self.freshness.keys().find(|name| !known(name)) {
            Some(name) => {
                let classes: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
                refuse(format!(
                    "`freshness.{name}` is no setting; there are {}, {}",
                    classes.join(", "),
                    OF_ALL_CLASSES.join(", ")
                ))
            }
            None => Ok(()),
        }
    }

    fn check_events(&self) -> Checked {
        match self.events.keys().find(|name| Kind::parse(name).is_none()) {
            Some(name) => {
                let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                refuse(format!("`events.{name}` is no setting; there are {}", all.join(", ")))
            }
            None => Ok(()),
        }
    }

    fn check_clients(&self) -> Checked {
        if !self.listen.ip().is_loopback() && self.clients.is_empty() && !self.has_kept_clients()? {
            return refuse(format!(
                "listen = {}: off loopback, at least one client token is required \
                 (`cmcache client add NAME`, `clients.NAME = \"token\"`, or \
                 CMCACHE_CLIENTS=name=token)",
                self.listen
            ));
        }
        let reserved: u32 = self.quotas.values().map(|quota| u32::from(quota.reserved.get())).sum();
        if reserved > u32::from(Part::WHOLE.get()) {
            return refuse("quotas: more than 100% of the budget is reserved in all");
        }
        if let Some(name) = self.clients.keys().find(|name| name.len() > NAME_BYTES_MAX) {
            return refuse(format!("clients.{name}: a name has at most {NAME_BYTES_MAX} bytes"));
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

    fn has_kept_clients(&self) -> Result<bool, ConfigError> {
        let Some(file) = self.clients_file().map(ClientFile::at) else { return Ok(false) };
        let kept = file.read().map_err(|error| ConfigError(format!("shared.clients: {error}")))?;
        Ok(kept.is_some_and(|kept| !kept.is_empty()))
    }

    fn check_admin(&self) -> Checked {
        let Some(token) = &self.admin.token else { return Ok(()) };
        if token.expose().trim().is_empty() {
            return refuse("admin.token: the token is empty");
        }
        let twin = self.clients.iter().find(|(_, other)| other.expose() == token.expose());
        twin.map_or(Ok(()), |(name, _)| {
            refuse(format!("admin.token: clients.{name} has the same token, and would act too"))
        })
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

/// Host and port of a URL.
pub(super) fn host(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    Some(rest.split(['/', '?', '#']).next().unwrap_or(rest))
}

pub(super) fn is_loopback(url: &str) -> bool {
    let authority = host(url).unwrap_or_default();
    let name = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next().unwrap_or(v6),
        None => authority.split(':').next().unwrap_or(authority),
    };
    name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
