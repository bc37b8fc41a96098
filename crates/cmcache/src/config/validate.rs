//! What cannot run is refused before a port is bound; what is unwise is told once.

use cmc_api::{CacheClass, Catalogue};

use super::{Config, ConfigError};

/// Something unwise that runs all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(pub String);

/// The tiers that can be named today.
const TIERS: [&str; 2] = ["memory", "sqlite"];
/// Tiers that later versions bring.
const LATER: [&str; 6] = ["redis", "valkey", "memcached", "mysql", "mariadb", "postgres"];

impl Config {
    /// Checks what no single value can tell.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: what is wrong, and what is right.
    pub fn validate(&self) -> Result<Vec<Warning>, ConfigError> {
        self.check_tiers()?;
        self.check_freshness()?;
        if !self.listen.ip().is_loopback() && self.clients.is_empty() {
            return Err(ConfigError(format!(
                "listen = {}: off loopback, at least one client token is required \
                 (`clients.NAME = \"token\"`, or CMCACHE_CLIENTS=name=token)",
                self.listen
            )));
        }
        let url = &self.upstream.url;
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return Err(ConfigError(format!(
                "upstream.url = {url}: it must start with https:// (or http:// on loopback)"
            )));
        }
        Ok(self.warnings())
    }

    fn check_tiers(&self) -> Result<(), ConfigError> {
        for (index, name) in self.tiers.iter().enumerate() {
            let name = name.as_str();
            if LATER.contains(&name) {
                return Err(ConfigError(format!(
                    "tiers: `{name}` is not there yet; this version has {}",
                    TIERS.join(" and ")
                )));
            }
            if !TIERS.contains(&name) {
                return Err(ConfigError(format!(
                    "tiers: there is no tier `{name}`; this version has {}",
                    TIERS.join(" and ")
                )));
            }
            if self.tiers[..index].iter().any(|earlier| earlier == name) {
                return Err(ConfigError(format!("tiers: `{name}` is named twice")));
            }
            if name == "sqlite" && !self.is_kept() {
                return Err(ConfigError(
                    "tiers: `sqlite` needs a data_dir; set one, or tiers = [\"memory\"]".to_owned(),
                ));
            }
        }
        match self.tier.keys().find(|name| !TIERS.contains(&name.as_str())) {
            Some(name) => Err(ConfigError(format!("tier.{name}: there is no such tier"))),
            None => Ok(()),
        }
    }

    fn check_freshness(&self) -> Result<(), ConfigError> {
        let known = |name: &str| {
            name == "stale_if_error" || CacheClass::ALL.iter().any(|class| class.name() == name)
        };
        match self.freshness.keys().find(|name| !known(name)) {
            Some(name) => {
                let classes: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
                Err(ConfigError(format!(
                    "`freshness.{name}` is no setting; there are {} and stale_if_error",
                    classes.join(", ")
                )))
            }
            None => Ok(()),
        }
    }

    /// An age below the cadence is obeyed, and pays for the same bytes.
    fn warnings(&self) -> Vec<Warning> {
        let catalogue = Catalogue::embedded();
        let below = CacheClass::ALL.iter().filter_map(|class| {
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
        });
        below.collect()
    }
}
