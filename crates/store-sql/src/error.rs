use cache_tiers::{TierError, TierErrorKind};
use credits::{ErrorKind, LedgerError, MeterError};
use sqlx::{mysql::MySqlDatabaseError, postgres::PgDatabaseError};

/// A database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum SqlError {
    /// The URL names none.
    #[error("the database scheme {scheme:?} {problem}")]
    Url {
        /// What stands before the colon.
        scheme: String,
        /// What is wrong.
        problem: String,
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
    /// It could not be maintained.
    #[error("the database {name} cannot be maintained: {}", .kind.name())]
    Maintain {
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
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

pub(crate) fn open(name: &'static str, source: sqlx::Error) -> SqlError {
    SqlError::Open { name, kind: kind(&source), source: Box::new(source) }
}

pub(crate) fn maintain(name: &'static str, source: sqlx::Error) -> SqlError {
    SqlError::Maintain { name, kind: kind(&source), source: Box::new(source) }
}

pub(crate) fn ledger(operation: &'static str, source: sqlx::Error) -> LedgerError {
    LedgerError { operation, kind: kind(&source), source: Some(Box::new(source)) }
}

pub(crate) fn meter(operation: &'static str, source: sqlx::Error) -> MeterError {
    MeterError { operation, kind: kind(&source), source: Some(Box::new(source)) }
}

/// It said something else than it was asked.
pub(crate) const fn meter_broken(operation: &'static str) -> MeterError {
    MeterError { operation, kind: ErrorKind::Corrupt, source: None }
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

/// Whether the connection has gone, or its server.
pub(crate) fn is_gone(error: &sqlx::Error) -> bool {
    kind(error) == ErrorKind::Unavailable
}

/// The one place where a driver's error gets its meaning.
pub(crate) fn kind(error: &sqlx::Error) -> ErrorKind {
    match error {
        sqlx::Error::Database(error) => {
            if let Some(error) = error.try_downcast_ref::<MySqlDatabaseError>() {
                mysql(error.number())
            } else if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
                postgres(error.code())
            } else {
                error.code().map_or(ErrorKind::Invalid, |code| sqlite(&code))
            }
        }
        sqlx::Error::Migrate(_) => ErrorKind::Corrupt,
        sqlx::Error::PoolTimedOut => ErrorKind::Busy,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => ErrorKind::Corrupt,
        sqlx::Error::Encode(_) => ErrorKind::Invalid,
        _ => ErrorKind::Unavailable,
    }
}

/// Whether others were in the way: later is right.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    kind(error) == ErrorKind::Busy
}

/// Whether the server gave up this transaction so that others get on: at once again is right.
pub(crate) fn is_deadlock(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let mysql = error.try_downcast_ref::<MySqlDatabaseError>();
    let postgres = error.try_downcast_ref::<PgDatabaseError>();
    mysql.is_some_and(|error| matches!(error.number(), 1020 | 1213))
        || postgres.is_some_and(|error| matches!(error.code(), "40001" | "40P01"))
}

/// Whether the server knows us, but does not let us do this; waiting does not help.
pub(crate) fn is_denied(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let mysql = error.try_downcast_ref::<MySqlDatabaseError>();
    let postgres = error.try_downcast_ref::<PgDatabaseError>();
    mysql.is_some_and(|error| DENIED_BY_MYSQL.contains(&error.number()))
        || postgres.is_some_and(|error| error.code() == DENIED_BY_POSTGRES)
}

const DENIED_BY_MYSQL: [u16; 4] = [1142, 1143, 1227, 1370];
const DENIED_BY_POSTGRES: &str = "42501";

/// Connection, who are you, resources, shutting down or starting, system errors.
const UNAVAILABLE_CLASSES: [&str; 5] = ["08", "28", "53", "57", "58"];

/// Error numbers of `MySQL` and `MariaDB`; those below 1900 mean the same in both.
fn mysql(number: u16) -> ErrorKind {
    match number {
        // Locks, deadlocks, changed meanwhile, too long, killed, too many at once.
        1205 | 1213 | 1020 | 1317 | 1226 | 1969 | 3024 | 3572 => ErrorKind::Busy,
        // Too many connections, shutting down, no memory, or no right to be there at all.
        1040
        | 1203
        | 1053
        | 1037
        | 1038
        | 1041
        | 1042
        | 1044
        | 1045
        | 1049
        | 1129
        | 1130
        | 1152..=1161
        | 1184
        | 1251
        | 1698
        | 1862
        | 4151 => ErrorKind::Unavailable,
        // The server or this transaction is there to be read only.
        1036 | 1290 | 1792 | 1836 | 3100 => ErrorKind::ReadOnly,
        number if DENIED_BY_MYSQL.contains(&number) => ErrorKind::ReadOnly,
        // Tables, disk, or what was granted of it.
        1021 | 1030 | 1114 | 3675 => ErrorKind::Full,
        1034 | 1035 | 1194 | 1195 | 1712 | 1877 => ErrorKind::Corrupt,
        _ => ErrorKind::Invalid,
    }
}

/// SQLSTATE: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn postgres(code: &str) -> ErrorKind {
    match code {
        // Read-only transaction, or a standby, or no right to write.
        "25006" | DENIED_BY_POSTGRES => ErrorKind::ReadOnly,
        // Serialisation, deadlock, lock not available, object in use, given up after its time.
        "40001" | "40P01" | "55P03" | "55006" | "57014" | "25P03" => ErrorKind::Busy,
        "53100" => ErrorKind::Full,
        // No such database.
        "3D000" => ErrorKind::Unavailable,
        "XX001" | "XX002" => ErrorKind::Corrupt,
        code if UNAVAILABLE_CLASSES.iter().any(|class| code.starts_with(class)) => {
            ErrorKind::Unavailable
        }
        _ => ErrorKind::Invalid,
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

#[cfg(test)]
mod tests;
