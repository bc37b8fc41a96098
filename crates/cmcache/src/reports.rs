//! Reports: what was spent, joined with what was got for it.
//!
//! Money comes from the ledger, which is exact; what was answered comes from the tallies, which
//! may lack the last minute before a sudden death. Both are read for the same whole hours.

mod ask;
mod columns;
mod csv;
mod foresight;
mod guide;
mod line;
mod usage;

pub use ask::{LedgerAsk, REPORT_DEFAULT, ReportAsk, Words, cursor_text};
pub use columns::{COLUMNS, Column, Figure};
pub use csv::postings_csv;
pub use foresight::Foresight;
pub use guide::{GuideAnalytics, GuideEfficiency, GuideReport};
pub use line::{UsageLine, Wasted};
pub use usage::UsageReport;

pub(crate) use foresight::foresee;
pub(crate) use guide::guide;
pub(crate) use usage::usage;

/// The version of the reports' form: it changes when a field loses its meaning.
const FORM: u32 = 1;

/// A share of the whole; `None` of nothing.
#[expect(clippy::cast_precision_loss, reason = "a quotient is read by people")]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests;
