use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use crate::{SqlError, limits};

/// Which database, and how to use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlConfig {
    /// Where it is.
    pub(crate) target: Target,
    /// Connections that read at the same time.
    pub readers: u32,
    /// How long to wait for a lock of another process, or for a free connection.
    pub busy_timeout: Duration,
}

/// The dialects, each with what it takes to reach it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Sqlite(PathBuf),
}

impl SqlConfig {
    /// A file of `SQLite`, which is made if need be, its folder too.
    #[must_use]
    pub fn sqlite(path: impl AsRef<Path>) -> Self {
        Self {
            target: Target::Sqlite(path.as_ref().to_owned()),
            readers: limits::READERS,
            busy_timeout: limits::BUSY_TIMEOUT,
        }
    }

    /// Reads a URL: `sqlite:relative/file.db`, `sqlite:///absolute/file.db`.
    ///
    /// # Errors
    /// [`SqlError::Url`]; the message holds no more of the URL than its scheme, since the rest
    /// may hold a password.
    pub fn from_url(url: &str) -> Result<Self, SqlError> {
        let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
        let path = rest.strip_prefix("//").unwrap_or(rest);
        match scheme {
            "sqlite" if !path.is_empty() => Ok(Self::sqlite(path)),
            "sqlite" => Err(SqlError::Url { scheme: scheme.to_owned(), problem: "has no path" }),
            "mysql" | "mariadb" | "postgres" | "postgresql" => {
                Err(SqlError::Url { scheme: scheme.to_owned(), problem: "is not built in" })
            }
            _ => Err(SqlError::Url {
                scheme: scheme.chars().take(16).collect(),
                problem: "is no database that is known here; sqlite is",
            }),
        }
    }

    /// The name of its tier, in metrics and answers.
    pub(crate) const fn name(&self) -> &'static str {
        match self.target {
            Target::Sqlite(_) => "sqlite",
        }
    }
}

#[cfg(test)]
mod tests;
