#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod budget;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod journal;
mod ledger;
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
pub use error::{Denied, ErrorKind, LedgerError, MeterError, OpenError};
pub use journal::{End, FileJournal, Journal, JournalError, NoJournal, OpenReservation, Recovered};
pub use ledger::{Cursor, Filter, GroupBy, Ledger, Page, PageOf, Total};
pub use memory::{MemoryLedger, MemoryMeter};
pub use meter::{Meter, RaiseAsk, ReleaseAsk, ReserveAsk, SettleAsk, UsageAsk};
pub use pace::{
    Funds, Ladder, Lot, Memory, Outlook, PaceSettings, Paced, Pacer, Profile, Seen, Signal, Step,
};
pub use posting::{Posting, PostingId};
pub use report::{Line, Report, Served, efficiency_score};
pub use reservation::{Purpose, Reservation, ReservationId, Settled};
pub use window::{BillingAnchor, Window};
