//! The bounds of this crate, by name.

use std::time::Duration;

/// Keys in one reading or removing statement.
pub const KEYS_PER_STATEMENT_MAX: usize = 500;

/// Rows in one writing statement: eleven columns each, far below what any dialect can bind.
pub const ROWS_PER_STATEMENT_MAX: usize = 100;

/// Rows that one step of pruning removes; each step is a transaction of its own, so that writers
/// get in between.
pub const PRUNE_STEP_ROWS_MAX: usize = 500;

/// Largest encoded entry: a whole listing of five thousand coins is a quarter of it.
pub const FRAME_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Reading connections where nobody set another number.
pub const READERS: u32 = 4;

/// How long to wait for a lock, or for a free connection, where nobody set another length.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
