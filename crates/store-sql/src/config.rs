use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

pub(crate) use address::{Address, Tls, TlsMode};

use crate::{SqlError, limits};

mod address;
mod url;

/// Which database, and how to use it. Shown without passwords.
#[derive(Clone)]
pub struct SqlConfig {
    /// Where it is.
    pub(crate) target: Target,
    /// Where reports are read, if not there.
    pub(crate) reports: Option<Target>,
    /// Connections to it that may be open at once. A file has one more, the one that writes.
    pub connections: u32,
    /// How long to wait for a free connection, for a new one, or for a lock of another.
    pub acquire_timeout: Duration,
    /// How long one statement may take before the server gives it up; a file knows no such thing.
    pub statement_timeout: Option<Duration>,
    /// How long a connection may lie idle before it is closed; a file's are kept.
    pub idle_timeout: Option<Duration>,
    /// How long a connection is used at all before it is replaced; a file's are kept.
    pub max_lifetime: Option<Duration>,
}

/// The dialects, each with what it takes to reach it.
#[derive(Clone)]
pub(crate) enum Target {
    Sqlite(PathBuf),
    Mysql(Address),
    Postgres(Address),
}

impl SqlConfig {
    /// A file of `SQLite`, which is made if need be, its folder too.
    #[must_use]
    pub fn sqlite(path: impl AsRef<Path>) -> Self {
        Self::at(Target::Sqlite(path.as_ref().to_owned()))
    }

    /// Reads a URL: `sqlite:relative/file.db`, `sqlite:///absolute/file.db`, or
    /// `mysql://user:password@host:3306/database` and the same with `mariadb`, `postgres` or
    /// `postgresql`. User, password and database are percent-decoded. What may follow a question
    /// mark stands in the README of this crate.
    ///
    /// # Errors
    /// [`SqlError::Url`]; the message holds no more of the URL than its scheme and the names of
    /// its parameters, since the rest may hold a password.
    pub fn from_url(url: &str) -> Result<Self, SqlError> {
        url::read(url).map(Self::at)
    }

    /// The same, with reports read from another copy of the database, such as a read replica. When
    /// it is away they are read from the database itself, and that is counted.
    ///
    /// # Errors
    /// [`SqlError::Url`] if the URL is none, or not of the same dialect, or of a file.
    pub fn with_reports_url(mut self, url: &str) -> Result<Self, SqlError> {
        let target = url::read(url)?;
        let same = matches!(
            (&self.target, &target),
            (Target::Mysql(_), Target::Mysql(_)) | (Target::Postgres(_), Target::Postgres(_))
        );
        if !same {
            return Err(SqlError::Url {
                scheme: url::scheme(url),
                problem: "is not that of the server whose reports it shall give".to_owned(),
            });
        }
        self.reports = Some(target);
        Ok(self)
    }

    /// The name of its tier, in metrics and answers.
    pub(crate) const fn name(&self) -> &'static str {
        self.target.name()
    }

    const fn at(target: Target) -> Self {
        Self {
            target,
            reports: None,
            connections: limits::CONNECTIONS,
            acquire_timeout: limits::ACQUIRE_TIMEOUT,
            statement_timeout: Some(limits::STATEMENT_TIMEOUT),
            idle_timeout: Some(limits::IDLE_TIMEOUT),
            max_lifetime: Some(limits::LIFETIME_MAX),
        }
    }
}

impl Target {
    const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Mysql(_) => "mysql",
            Self::Postgres(_) => "postgres",
        }
    }
}

impl fmt::Debug for SqlConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlConfig")
            .field("target", &self.target)
            .field("reports", &self.reports)
            .field("connections", &self.connections)
            .field("acquire_timeout", &self.acquire_timeout)
            .field("statement_timeout", &self.statement_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("max_lifetime", &self.max_lifetime)
            .finish()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Mysql(address) | Self::Postgres(address) => {
                write!(f, "{}://{address}", self.name())
            }
        }
    }
}

#[cfg(test)]
mod tests;
