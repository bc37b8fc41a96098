//! The bounds of this crate, by name.

use std::time::Duration;

/// How long a reservation may stay open before a meter books it as spent. Longer than any call
/// with all its attempts takes.
pub const HOLD: Duration = Duration::from_secs(300);

/// How long a leased block is drawn from: longer than a store takes to fail over, so that paying
/// goes on meanwhile.
pub const BLOCK_LIFE: Duration = Duration::from_secs(60);

/// How long a leased block lies unused before it goes back to the others.
pub const BLOCK_IDLE: Duration = Duration::from_secs(5);

/// Blocks of one account, those included that wait for calls under way.
pub const BLOCKS_MAX: usize = 256;

/// More calls than any block has.
pub const CALLS_OF_BLOCK_MAX: u64 = 1 << 32;

/// For how long a meter that said no is believed without asking again: many ask at once when a
/// budget is used up.
pub const NO_HOLDS: Duration = Duration::from_millis(50);

/// Ends that may wait for a meter that is away while spending goes on without it.
pub const ENDS_WAITING_MAX: usize = 65_536;

/// Accounts one memory meter keeps.
pub const ACCOUNTS_MAX: usize = 65_536;

/// Ended reservations a memory meter remembers per account, so that a repeated end books once.
pub const ENDS_REMEMBERED_MAX: usize = 4_096;

/// Postings that may wait for a dead ledger before new spending is refused. At 120 calls a minute
/// the ledger may be away for a day and a half.
pub const POSTINGS_WAITING_MAX: usize = 262_144;

/// Postings written to a ledger at once.
pub const POST_BATCH_MAX: usize = 512;

/// Postings in one page of a ledger query.
pub const PAGE_MAX: usize = 1_000;

/// Groups in one answer of `Ledger::totals`.
pub const TOTALS_MAX: usize = 10_000;

/// Postings a memory ledger keeps; it refuses more rather than forget money.
pub const MEMORY_POSTINGS_MAX: usize = 1_000_000;

/// A journal file is rewritten when it has grown past this.
pub const JOURNAL_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// A journal that holds nothing alive is emptied when it is at least this big.
pub const JOURNAL_BYTES_IDLE_MAX: u64 = 64 * 1024;

/// How often a rebuild of the meter looks again because something was booked meanwhile.
pub const REBUILDS_MAX: usize = 4;

/// Parties of whom a splitter remembers who paid the odd credit.
pub const PARTIES_REMEMBERED_MAX: usize = 4_096;

/// How long a client that may not spend now should wait before it asks again.
pub const WITHHELD_FOR: Duration = Duration::from_secs(60);
/// Tallies a memory book keeps: a month of thirty operations; then the oldest go.
pub const MEMORY_TALLIES_MAX: usize = 22_320;

/// Hours of history that a forecast looks at: ten weeks.
pub const FORECAST_HOURS_MAX: usize = 1_680;

/// Courses that a forecast draws to find its band.
pub const FORECAST_COURSES: usize = 400;
/// How far, in points of a percent, use must fall below a level before it is told again.
pub const LEVEL_HYSTERESIS: u8 = 5;

/// How far, in percent of its multiple, the rate must fall before a burn alarm stops.
pub const BURN_HYSTERESIS: u8 = 20;

/// Minutes of spending that are remembered: what the slowest burn alarm looks at.
pub const SPENDING_MINUTES: i64 = 3 * 24 * 60;

/// Lots of which the demand is learned.
pub const LOTS_MAX: usize = 1_024;

/// Lots that are reckoned with one by one when a plan is made; the many small ones count as one.
pub const LOTS_RECKONED_MAX: usize = 48;
