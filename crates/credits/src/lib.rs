#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod blocks;
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
mod policy;
mod posting;
mod report;
mod reservation;
mod window;

pub use account::{Account, AccountParts};
pub use amount::Credits;
pub use blocks::{Ahead, LeaseTerms};
pub use budget::{Block, Budget, Decision, Lease, Reason, Refusal, Usage, Wanted};
pub use error::{Denied, ErrorKind, LedgerError, MeterError, OpenError};
pub use journal::{
    End, FileJournal, Journal, JournalError, NoJournal, OpenBlock, OpenReservation, Recovered,
};
pub use ledger::{Cursor, Filter, GroupBy, Ledger, Page, PageOf, Total};
pub use memory::{MemoryLedger, MemoryMeter};
pub use meter::{
    LeaseAsk, Meter, RaiseAsk, ReleaseAsk, ReportAsk, ReserveAsk, SettleAsk, UsageAsk,
};
pub use pace::{Pace, Stretch, stretch};
pub use policy::Policy;
pub use posting::{Posting, PostingId};
pub use report::{Line, Report, Served, efficiency_score};
pub use reservation::{Purpose, Reservation, ReservationId, Settled};
pub use window::{BillingAnchor, Window};
