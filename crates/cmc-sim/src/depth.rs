//! How far back each plan may look: the one table of it.

use crate::config::Plan;
use crate::operations::Ask;
use crate::refusal::Refusal;
use crate::time::{self, Millis};

/// Months back; `None`: to the beginning.
type Months = Option<i64>;

/// What kind of history is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Steps of less than a day.
    Intraday,
    /// Steps of a day or more.
    Daily,
    /// Days of `listings/historical`.
    Listings,
    /// `time` of conversions.
    Conversion,
}

impl Depth {
    const fn months(self, plan: Plan) -> Months {
        match (self, plan) {
            (Self::Conversion, Plan::Basic) => Some(0),
            (Self::Conversion | Self::Intraday, Plan::Builder | Plan::Startup)
            | (Self::Intraday, Plan::Basic) => Some(1),
            (Self::Conversion | Self::Intraday, Plan::Growth) => Some(3),
            (Self::Conversion | Self::Intraday, Plan::Professional)
            | (Self::Daily | Self::Listings, Plan::Basic) => Some(12),
            (Self::Daily | Self::Listings, Plan::Builder) => Some(36),
            (Self::Conversion, Plan::Enterprise) => Some(72),
            (Self::Intraday, Plan::Enterprise)
            | (
                Self::Daily | Self::Listings,
                Plan::Startup | Plan::Growth | Plan::Professional | Plan::Enterprise,
            ) => None,
        }
    }

    /// Refuses an instant beyond the plan; the whole first day is within.
    pub(crate) fn check(self, ask: &Ask<'_>, from: Option<Millis>) -> Result<(), Refusal> {
        let (Some(from), Some(months)) = (from, self.months(ask.payer.plan)) else {
            return Ok(());
        };
        let edge = if months == 0 { ask.now_ms } else { time::months_before(ask.now_ms, months) };
        if from >= edge {
            return Ok(());
        }
        let message = format!("Your plan is limited to {months} months of historical data");
        let status = ask.quirks.history_depth_status;
        Err(Refusal { http: status, code: u32::from(status), ..Refusal::invalid(message) })
    }
}
