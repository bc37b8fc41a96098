//! The bounds of this crate, by name.

use std::time::Duration;

/// Keys in one reading or removing statement.
pub const KEYS_PER_STATEMENT_MAX: usize = 500;

/// Rows in one writing statement: eleven columns each, far below what any dialect can bind.
pub const ROWS_PER_STATEMENT_MAX: usize = 100;

/// Bytes of frames in one writing statement to a server, beyond its first row: servers refuse
/// packets above a size, 16 MiB with the smallest default.
pub const BYTES_PER_STATEMENT_MAX: usize = 4 * 1024 * 1024;

/// Rows that one step of pruning removes; each step is a transaction of its own, so that writers
/// get in between.
pub const PRUNE_STEP_ROWS_MAX: usize = 500;

/// Old leases that go at once, beside the taking of new ones.
pub const LEASES_PRUNED_MAX: usize = 2_000;

/// How long the counts of an account are kept after their last use: longer than a billing month.
pub const METER_LIFE: Duration = Duration::from_secs(70 * 86_400);

/// Unused accounts that go when a new one comes.
pub const ACCOUNTS_PRUNED_MAX: i64 = 8;

/// Ends of an account between two deletions of those that are too old to be remembered.
pub const ENDS_FORGOTTEN_STEP: i64 = 64;

/// Largest encoded entry: a whole listing of five thousand coins is a quarter of it.
pub const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Largest encoded entry in `MySQL`: with its packet it stays below the 16 MiB that `MariaDB` takes
/// where nobody set another size.
pub const FRAME_BYTES_MAX_MYSQL: usize = 15 * 1024 * 1024;

/// Longest account, operation or outcome that every server takes, in characters.
pub const WORD_CHARS_MAX: usize = 190;

/// Connections where nobody set another number.
pub const CONNECTIONS: u32 = 4;

/// How long to wait for a lock, or for a free connection, where nobody set another length.
pub const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a statement may take where nobody set another length.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection to a server may lie idle where nobody set another length.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(600);

/// How long a connection to a server is used where nobody set another length.
pub const LIFETIME_MAX: Duration = Duration::from_secs(1_800);

/// How long the first connecting may take, with the migrations.
pub const OPENING_MAX: Duration = Duration::from_secs(60);

/// How long a server that could not be opened is left alone; calls fail at once meanwhile.
pub const OPENING_PAUSE: Duration = Duration::from_secs(1);

/// How long an instance waits until another one has brought the tables to this release.
pub const MIGRATION_LOCK_MAX: Duration = Duration::from_secs(30);

/// How often a transaction that a server chose as the victim of a deadlock is tried.
pub const DEADLOCK_TRIES_MAX: u32 = 5;

/// Months of postings that are kept where nobody set another number: a year and the current one.
pub const RETENTION_MONTHS: u32 = 13;

/// Months after the current one that are made ahead.
pub const MONTHS_AHEAD: i64 = 2;

/// How long maintenance waits for a lock, and so lets writers wait behind it.
pub const MAINTENANCE_LOCK_MAX: Duration = Duration::from_secs(2);

/// Lines of a report.
pub const REPORT_ROWS_MAX: usize = 10_000;

/// How long to wait for a connection to a copy for reports, before the database itself is asked.
pub const REPLICA_TIMEOUT: Duration = Duration::from_secs(1);

/// How long a connection may take to say that it lives.
pub const PING_MAX: Duration = Duration::from_secs(2);
