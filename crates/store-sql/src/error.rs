use cache_tiers::{TierError, TierErrorKind};
use credits::{ErrorKind, LedgerError};

/// A database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The URL names none.
    #[error("the database scheme {scheme:?} {problem}")]
    Url {
        /// What stands before the colon.
        scheme: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// It cannot be reached, or is no database.
    #[error("the database {name} cannot be opened: {}", .kind.name())]
    Open {
        /// Its dialect.
        name: &'static str,
        /// For branching.
        kind: ErrorKind,
        /// What the driver said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Its tables are those of another release and cannot be brought to this one.
    #[error("the tables of the database {name} cannot be brought to this release")]
    Migrate {
        /// Its dialect.
        name: &'static str,
        /// What the driver said.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
}

pub(crate) fn open(name: &'static str, source: sqlx::Error) -> SqlError {
    SqlError::Open { name, kind: kind(&source), source: Box::new(source) }
}

pub(crate) fn ledger(operation: &'static str, source: sqlx::Error) -> LedgerError {
    LedgerError { operation, kind: kind(&source), source: Some(Box::new(source)) }
}

pub(crate) fn tier(name: &'static str, source: sqlx::Error) -> TierError {
    let kind = match kind(&source) {
        ErrorKind::Unavailable => TierErrorKind::Unavailable,
        ErrorKind::Busy => TierErrorKind::TimedOut,
        ErrorKind::ReadOnly | ErrorKind::Full => TierErrorKind::Rejected,
        ErrorKind::Corrupt | ErrorKind::Invalid => TierErrorKind::Broken,
    };
    TierError::caused(name, kind, source)
}

/// The one place where a driver's error gets its meaning.
fn kind(error: &sqlx::Error) -> ErrorKind {
    match error {
        sqlx::Error::Database(error) => {
            error.code().map_or(ErrorKind::Invalid, |code| sqlite(&code))
        }
        sqlx::Error::PoolTimedOut => ErrorKind::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => ErrorKind::Corrupt,
        sqlx::Error::Encode(_) => ErrorKind::Invalid,
        _ => ErrorKind::Unavailable,
    }
}

/// Result codes, whose lowest byte is the kind: <https://sqlite.org/rescode.html>.
fn sqlite(code: &str) -> ErrorKind {
    match code.parse::<u32>().unwrap_or(0) & 0xff {
        5 | 6 => ErrorKind::Busy,
        8 => ErrorKind::ReadOnly,
        10 | 14 => ErrorKind::Unavailable,
        11 | 26 => ErrorKind::Corrupt,
        13 => ErrorKind::Full,
        _ => ErrorKind::Invalid,
    }
}
