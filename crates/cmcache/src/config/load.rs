//! File, environment and `--set` become one table, and the table a [`Config`].

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use thiserror::Error;
use toml::{Table, Value};

use super::{
    Config,
    keys::{self, Kind},
};

/// Where a value came from; later ones win.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Nobody set it.
    Default,
    /// The preset.
    Preset,
    /// The configuration file.
    File,
    /// An environment variable.
    Environment,
    /// `--set` or another flag.
    Flag,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Preset => "preset",
            Self::File => "file",
            Self::Environment => "environment",
            Self::Flag => "flag",
        })
    }
}

/// A configuration that cannot run: what is wrong, and what is right.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{0}")]
pub struct ConfigError(pub String);

type Origins = BTreeMap<String, Source>;

impl Config {
    /// Puts a configuration together. `file` is the text and name of the file; `environment` holds
    /// dotted keys and values; `flags` are `key=value`. Flags win over the environment, which wins
    /// over the file, which wins over the preset.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: a syntax error with its line, an unknown key with the nearest known one, a
    /// value of the wrong kind. A secret is never repeated in it.
    pub fn load(
        file: Option<(&str, &str)>,
        environment: &[(String, String)],
        flags: &[String],
    ) -> Result<Self, ConfigError> {
        let mut origins = Origins::new();
        let mut table = Table::new();
        if let Some((text, name)) = file {
            table = toml::from_str(text).map_err(|error| syntax(name, text, &error))?;
            take_sections(&mut table);
            mark(&table, "", &mut origins);
        }
        for (key, value) in environment {
            set(&mut table, key, value, Source::Environment, &mut origins)?;
        }
        for flag in flags {
            // What it is set to may be a secret.
            let (key, value) = flag.split_once('=').ok_or_else(|| {
                ConfigError("a setting without a value; write it as key=value".to_owned())
            })?;
            set(&mut table, key.trim(), value.trim(), Source::Flag, &mut origins)?;
        }
        for (key, source) in &origins {
            known(key, *source)?;
        }
        let mut config: Self = serde_path_to_error::deserialize(Value::Table(table))
            .map_err(|error| wrong(&error.path().to_string(), error.inner(), &origins))?;
        config.origins = origins;
        Ok(config)
    }
}

/// A key of the file in the words of the contract: `tier.memory.x` is `tiers.memory.x`.
pub(super) fn documented(key: &str) -> String {
    match key.strip_prefix("tier.") {
        Some(rest) => format!("tiers.{rest}"),
        None => key.to_owned(),
    }
}

/// `[tiers.memory]` means `[tier.memory]`, where no list is in the way.
fn take_sections(table: &mut Table) {
    if table.get("tiers").is_some_and(Value::is_table)
        && !table.contains_key("tier")
        && let Some(sections) = table.remove("tiers")
    {
        table.insert("tier".to_owned(), sections);
    }
}

/// Where it is wrong, without the line itself: it may hold a secret.
fn syntax(name: &str, text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ConfigError(format!("{name}, line {line}: {}", error.message().trim()))
}

fn known(key: &str, source: Source) -> Result<(), ConfigError> {
    let key = documented(key);
    if keys::kind(&key).is_some() {
        return Ok(());
    }
    let nearest = keys::nearest(&key);
    Err(ConfigError(format!(
        "`{key}` (from the {source}) is no setting; did you mean `{nearest}`?"
    )))
}

fn wrong(path: &str, error: &toml::de::Error, origins: &Origins) -> ConfigError {
    let key = documented(path);
    let whole = key.split('[').next().unwrap_or(&key);
    if let Some(must) = keys::kind(whole).and_then(Kind::secret) {
        return ConfigError(format!("{whole}: {must}"));
    }
    let from = origins.get(path).map_or_else(String::new, |source| format!(" (from the {source})"));
    ConfigError(format!("{key}: {}{from}", error.message().trim()))
}

/// Sets a dotted key.
fn set(
    table: &mut Table,
    key: &str,
    text: &str,
    source: Source,
    origins: &mut Origins,
) -> Result<(), ConfigError> {
    known(key, source)?;
    let value = value(keys::kind(&documented(key)).unwrap_or(Kind::Value), text);
    let place = match key.strip_prefix("tiers.") {
        Some(rest) => format!("tier.{rest}"),
        None => key.to_owned(),
    };
    // A name behind `clients.` may hold dots of its own.
    let mut parts: Vec<&str> = match place.split_once('.') {
        Some(("clients", name)) => vec!["clients", name],
        _ => place.split('.').collect(),
    };
    let last = parts.pop().unwrap_or_default();
    let mut inner = table;
    for part in parts {
        let entry = inner.entry(part.to_owned()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(section) = entry else {
            return Err(ConfigError(format!("`{key}`: `{part}` is a value, not a section")));
        };
        inner = section;
    }
    inner.insert(last.to_owned(), value);
    origins.insert(place, source);
    Ok(())
}

fn value(kind: Kind, text: &str) -> Value {
    let literal = || {
        let parsed: Option<Table> = toml::from_str(&format!("v = {text}")).ok();
        parsed.and_then(|mut table| table.remove("v"))
    };
    let plain = || Value::String(text.to_owned());
    match kind {
        // Quotes are allowed, not needed; a token of digits stays a text.
        Kind::Text | Kind::Secret => literal().filter(Value::is_str).unwrap_or_else(plain),
        Kind::Value => literal().unwrap_or_else(plain),
        Kind::List | Kind::Secrets => literal().filter(Value::is_array).unwrap_or_else(|| {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            Value::Array(names.map(|name| Value::String(name.to_owned())).collect())
        }),
    }
}

/// Remembers the keys of the file.
fn mark(table: &Table, prefix: &str, origins: &mut Origins) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => mark(inner, &format!("{key}."), origins),
            _ => {
                origins.insert(key, Source::File);
            }
        }
    }
}
