//! The only place that reads the environment.

use std::{ffi::OsString, path::PathBuf};

use cmcache::cmc_api::Secret;

use crate::failure::Failure;

/// `CMCACHE_<SECTION>__<KEY>`.
const PREFIX: &str = "CMCACHE_";
/// Names with the prefix that are no settings: clap and tests read them.
const NO_SETTINGS: [&str; 6] = ["CONFIG", "DATA_DIR", "CLIENTS", "BIN", "SDK_PYTHON", "STRICT"];

/// What the environment says.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    /// `CMC_PRO_API_KEY`
    pub(crate) key: Option<Secret>,
    /// `CMCACHE_CONFIG`
    pub(crate) config: Option<PathBuf>,
    /// Dotted keys and values.
    pub(crate) settings: Vec<(String, String)>,
}

/// What was typed, the program's name first.
pub(crate) fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// Whether colours are welcome: `NO_COLOR` is not set, and the terminal is more than a printer.
pub(crate) fn likes_colours() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Reads the process's environment.
pub(crate) fn read() -> Result<Environment, Failure> {
    of(std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))))
}

fn of(vars: impl Iterator<Item = (String, String)>) -> Result<Environment, Failure> {
    let mut environment = Environment::default();
    for (name, value) in vars {
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "CMC_PRO_API_KEY" => environment.key = Some(Secret::new(&value)),
            "CMCACHE_CONFIG" => environment.config = Some(PathBuf::from(value)),
            "CMCACHE_DATA_DIR" => environment.settings.push(("data_dir".to_owned(), value)),
            "CMCACHE_CLIENTS" => clients(&value, &mut environment.settings)?,
            _ => {
                let Some(rest) = name.strip_prefix(PREFIX) else { continue };
                if NO_SETTINGS.contains(&rest) || rest.starts_with("TEST_") {
                    continue;
                }
                let key = rest.to_lowercase().replace("__", ".");
                environment.settings.push((key, value));
            }
        }
    }
    environment.settings.sort();
    Ok(environment)
}

/// `name=token,name2=token2`
fn clients(value: &str, settings: &mut Vec<(String, String)>) -> Result<(), Failure> {
    for pair in value.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((name, token)) = pair.split_once('=') else {
            return Err(Failure::usage("CMCACHE_CLIENTS must be name=token,name2=token2"));
        };
        settings.push((format!("clients.{}", name.trim()), token.trim().to_owned()));
    }
    Ok(())
}

/// `RUST_LOG`, if it is set.
pub(crate) fn log_filter() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    std::env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Environment {
        of(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))).unwrap()
    }

    #[test]
    fn any_setting_can_be_given_by_its_name() {
        // Containers are configured by environment alone.
        let read = read(&[
            ("CMCACHE_FRESHNESS__QUOTES", "90s"),
            ("CMCACHE_DATA_DIR", "/data"),
            ("CMCACHE_CLIENTS", "web=1234, bot=x"),
            ("CMCACHE_BIN", "ignored"),
            ("PATH", "/bin"),
        ]);
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            read.settings,
            [
                pair("clients.bot", "x"),
                pair("clients.web", "1234"),
                pair("data_dir", "/data"),
                pair("freshness.quotes", "90s"),
            ]
        );
    }

    #[test]
    fn the_key_is_a_secret() {
        // Debug ends in logs.
        assert!(!format!("{:?}", read(&[("CMC_PRO_API_KEY", "canary")])).contains("canary"));
    }
}
