//! File, environment and `--set` become one table, and the table a [`Config`].

use std::{collections::BTreeMap, fmt};

use serde::Serialize;
use thiserror::Error;
use toml::{Table, Value};

use super::Config;

/// Where a value came from; later ones win.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Nobody set it.
    Default,
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

/// Keys that a tier's own table takes: `tiers.memory.max_bytes` means `tier.memory.max_bytes`.
const OF_TIER: &str = "tiers.";

impl Config {
    /// Puts a configuration together. `file` is the text and name of the file; `environment` holds
    /// dotted keys and values; `flags` are `key=value`. Flags win over the environment, which wins
    /// over the file.
    ///
    /// # Errors
    ///
    /// [`ConfigError`]: a syntax error with its line, an unknown key with the nearest known one, a
    /// value of the wrong kind.
    pub fn load(
        file: Option<(&str, &str)>,
        environment: &[(String, String)],
        flags: &[String],
    ) -> Result<Self, ConfigError> {
        let mut origins = BTreeMap::new();
        let mut table = Table::new();
        if let Some((text, name)) = file {
            // The file alone first: its errors keep line and column.
            table = toml::from_str(text)
                .map_err(|error| ConfigError(format!("{name}: {}", error.to_string().trim())))?;
            mark(&table, "", &Source::File, &mut origins);
        }
        for (key, value) in environment {
            set(&mut table, key, value, &Source::Environment, &mut origins)?;
        }
        for flag in flags {
            let (key, value) = flag.split_once('=').ok_or_else(|| {
                ConfigError(format!("`{flag}` is no setting; write it as key=value"))
            })?;
            set(&mut table, key.trim(), value.trim(), &Source::Flag, &mut origins)?;
        }
        let mut config: Self = serde_path_to_error::deserialize(Value::Table(table))
            .map_err(|error| explain(&error.path().to_string(), &error.inner().to_string()))?;
        config.origins = origins;
        Ok(config)
    }

    /// Every value and where it came from.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let mut rows = Vec::new();
        let mut row = |key: &str, value: String| {
            let origin = self.origins.get(key).cloned().unwrap_or(Source::Default);
            rows.push(Shown { key: key.to_owned(), value, origin });
        };
        row("preset", format!("{:?}", self.preset).to_lowercase());
        row("listen", self.listen.to_string());
        row("data_dir", self.data_dir.display().to_string());
        row("upstream.url", self.upstream.url.clone());
        let key = if self.upstream.key.is_some() { "***" } else { "" };
        row("upstream.key", key.to_owned());
        row("upstream.timeout", self.upstream.timeout.to_string());
        row("upstream.retries", self.upstream.retries.to_string());
        row("upstream.retry_delay", self.upstream.retry_delay.to_string());
        row("upstream.connections", self.upstream.connections.to_string());
        row("tiers", self.tiers.join(", "));
        let number = |limit: Option<u64>| limit.map_or_else(String::new, |n| n.to_string());
        row("budget.month", number(self.budget.month));
        row("budget.day", number(self.budget.day));
        row("budget.minute", number(self.budget.minute.map(u64::from)));
        row("budget.policy", format!("{:?}", self.budget.policy).to_lowercase());
        for (class, length) in &self.freshness {
            row(&format!("freshness.{class}"), length.to_string());
        }
        for (name, tier) in &self.tier {
            let lengths = [("retention", &tier.retention), ("deadline", &tier.deadline)];
            for (setting, value) in lengths {
                if let Some(value) = value {
                    row(&format!("tier.{name}.{setting}"), value.to_string());
                }
            }
            if let Some(bytes) = &tier.max_bytes {
                row(&format!("tier.{name}.max_bytes"), bytes.to_string());
            }
        }
        for name in self.clients.keys() {
            row(&format!("clients.{name}"), "***".to_owned());
        }
        rows
    }
}

/// Sets a dotted key: the value as TOML if it is some, else as text.
fn set(
    table: &mut Table,
    key: &str,
    value: &str,
    source: &Source,
    origins: &mut BTreeMap<String, Source>,
) -> Result<(), ConfigError> {
    let key = match key.strip_prefix(OF_TIER) {
        Some(rest) => format!("tier.{rest}"),
        None => key.to_owned(),
    };
    let mut value = literal(value);
    if key == "tiers"
        && let Value::String(names) = &value
    {
        let names = names.split(',').map(|name| Value::String(name.trim().to_owned()));
        value = Value::Array(names.collect());
    }
    let mut parts: Vec<&str> = key.split('.').collect();
    let last = parts.pop().unwrap_or_default();
    let mut place = table;
    for part in parts {
        let entry = place.entry(part.to_owned()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = entry else {
            return Err(ConfigError(format!("`{key}`: `{part}` is a value, not a section")));
        };
        place = inner;
    }
    place.insert(last.to_owned(), value);
    origins.insert(key, source.clone());
    Ok(())
}

fn literal(text: &str) -> Value {
    let parsed: Option<Table> = toml::from_str(&format!("v = {text}")).ok();
    parsed.and_then(|mut table| table.remove("v")).unwrap_or_else(|| Value::String(text.to_owned()))
}

fn mark(table: &Table, prefix: &str, source: &Source, origins: &mut BTreeMap<String, Source>) {
    for (key, value) in table {
        let key = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => mark(inner, &format!("{key}."), source, origins),
            _ => {
                origins.insert(key, source.clone());
            }
        }
    }
}

/// An unknown key is told with the nearest known one.
fn explain(path: &str, message: &str) -> ConfigError {
    let Some(rest) = message.strip_prefix("unknown field `") else {
        return ConfigError(format!("{path}: {}", message.trim()));
    };
    let (unknown, rest) = rest.split_once('`').unwrap_or((rest, ""));
    let known = rest.split('`').skip(1).step_by(2);
    let nearest = known.min_by_key(|known| distance(unknown, known));
    let path = path.trim_start_matches('.');
    let place = match path.rsplit_once('.') {
        Some((section, last)) if last == unknown => format!("{section}.{unknown}"),
        None if path == unknown || path.is_empty() => unknown.to_owned(),
        _ if path.ends_with(unknown) => path.to_owned(),
        _ => format!("{path}.{unknown}"),
    };
    let hint = nearest.map_or_else(String::new, |known| format!("; did you mean `{known}`?"));
    ConfigError(format!("`{place}` is no setting{hint}"))
}

/// Edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
}
