#![doc = include_str!("../README.md")]

mod account;
mod amount;
mod blocks;
mod budget;
mod burn;
mod client;
mod clients;
#[cfg(feature = "conformance")]
pub mod conformance;
mod error;
mod forecast;
mod journal;
mod ledger;
mod levels;
pub mod limits;
mod memory;
mod meter;
mod pace;
mod policy;
mod posting;
mod quota;
mod report;
mod reservation;
mod split;
mod tally;
mod window;

pub use account::{Account, AccountParts, ShareOf};
pub use amount::Credits;
pub use blocks::{Ahead, LeaseTerms};
pub use budget::{Block, Budget, Decision, Lease, Reason, Refusal, Usage, Wanted};
pub use burn::{Burn, BurnAlarm, Spending};
pub use client::{Client, Hold, client_account, client_of};
pub use clients::{Clients, ClientsParts};
pub use error::{Denied, ErrorKind, LedgerError, MeterError, OpenError};
pub use forecast::{Band, Forecast, ForecastAsk, Season, forecast};
pub use journal::{
    End, FileJournal, Journal, JournalError, NoJournal, OpenBlock, OpenReservation, Recovered,
};
pub use ledger::{Cursor, Filter, GroupBy, Ledger, Page, PageOf, Total};
pub use levels::{LevelState, Levels, Passed};
pub use memory::{MemoryLedger, MemoryMeter, MemoryTallies};
pub use meter::{
    LeaseAsk, Meter, RaiseAsk, ReleaseAsk, ReportAsk, ReserveAsk, SettleAsk, UsageAsk,
};
pub use pace::{
    Funds, Ladder, Lot, Memory, Outlook, PaceSettings, Paced, Pacer, Profile, Seen, Signal, Step,
};
pub use policy::Policy;
pub use posting::{Posting, PostingId};
pub use quota::{NotQuota, Part, Priority, Quota};
pub use report::{Line, Report, Served, efficiency_score};
pub use reservation::{Purpose, Reservation, ReservationId, Settled};
pub use split::{Party, Splitter};
pub use tally::{Figure, Figures, N_FIGURES, Tally, TallyBook, TallyBy, TallyFilter};
pub use window::{BillingAnchor, Window};
