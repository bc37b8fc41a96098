#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod budget;
mod burn;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod journal;
mod ledger;
mod levels;
pub mod limits;
mod memory;
mod meter;
mod pace;
mod posting;
mod report;
mod reservation;
mod window;

pub use account::{Account, AccountParts};
pub use amount::Credits;
pub use budget::{Budget, Decision, Reason, Refusal, Usage};
pub use burn::{Burn, BurnAlarm, Spending};
pub use error::{Denied, ErrorKind, LedgerError, MeterError, OpenError};
pub use journal::{End, FileJournal, Journal, JournalError, NoJournal, OpenReservation, Recovered};
pub use ledger::{Cursor, Filter, GroupBy, Ledger, Page, PageOf, Total};
pub use levels::{LevelState, Levels, Passed};
pub use memory::{MemoryLedger, MemoryMeter};
pub use meter::{Meter, RaiseAsk, ReleaseAsk, ReserveAsk, SettleAsk, UsageAsk};
pub use pace::{Pace, Stretch, stretch};
pub use posting::{Posting, PostingId};
pub use report::{Line, Report, Served, efficiency_score};
pub use reservation::{Purpose, Reservation, ReservationId, Settled};
pub use window::{BillingAnchor, Window};
