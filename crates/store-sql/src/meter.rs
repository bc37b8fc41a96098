//! The count of credits in tables, shared by all instances: every operation is one transaction
//! that holds the row of its account.

mod counts;
mod rows;
mod sheet;

use std::sync::Arc;

use async_trait::async_trait;
use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Decision, Lease, LeaseAsk, Meter, MeterError, RaiseAsk, ReleaseAsk, ReportAsk,
    ReservationId, ReserveAsk, SettleAsk, Usage, UsageAsk,
};

use crate::{database::Database, error, limits};

pub(crate) use counts::{COLUMNS, Numbers};
pub(crate) use rows::meter_rows;
pub(crate) use sheet::{HOLD_COLUMNS, Hold, Sheet};

/// The meter in a database. Amounts are exact up to `i64::MAX`.
#[derive(Clone, Debug)]
pub struct SqlMeter {
    database: Arc<dyn Database>,
}

/// What is asked, of which account, and when.
#[derive(Debug)]
pub(crate) struct Step<'a> {
    pub(crate) account: &'a [u8],
    pub(crate) at: Timestamp,
    pub(crate) anchor: BillingAnchor,
    pub(crate) act: Act<'a>,
}

/// The operations of the port.
#[derive(Debug)]
pub(crate) enum Act<'a> {
    Reserve(&'a ReserveAsk),
    Lease(&'a LeaseAsk),
    Settle(&'a SettleAsk),
    Release(&'a ReleaseAsk),
    Report(&'a ReportAsk),
    Raise(&'a RaiseAsk),
    Usage,
}

/// What came of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) answer: Answer,
    pub(crate) usage: Usage,
    pub(crate) is_new: bool,
}

/// What is to be said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Reserve(Decision),
    Lease(Lease),
    Done,
}

impl Act<'_> {
    /// The hold that has to be looked at.
    pub(crate) const fn subject(&self) -> Option<ReservationId> {
        match self {
            Self::Settle(ask) => Some(ask.id),
            Self::Release(ask) => Some(ask.id),
            Self::Report(ask) => Some(ask.id),
            Self::Reserve(_) | Self::Lease(_) | Self::Raise(_) | Self::Usage => None,
        }
    }

    const fn operation(&self) -> &'static str {
        match self {
            Self::Reserve(_) => "reserve",
            Self::Lease(_) => "lease",
            Self::Report(_) => "report",
            Self::Settle(_) => "settle",
            Self::Release(_) => "release",
            Self::Raise(_) => "raise",
            Self::Usage => "tell the usage",
        }
    }
}

impl SqlMeter {
    pub(crate) const fn new(database: Arc<dyn Database>) -> Self {
        Self { database }
    }

    async fn run(
        &self,
        account: &str,
        (at, anchor): (Timestamp, BillingAnchor),
        act: Act<'_>,
    ) -> Result<Outcome, MeterError> {
        let operation = act.operation();
        let step = Step { account: account.as_bytes(), at, anchor, act };
        let outcome = self.database.meter(&step).await;
        let outcome = outcome.map_err(|source| error::meter(operation, source))?;
        if outcome.is_new {
            self.prune(at).await;
        }
        Ok(outcome)
    }

    /// For one that comes, a few go that nobody has used for long.
    async fn prune(&self, now: Timestamp) {
        let before = now.before(limits::METER_LIFE);
        if let Err(error) = self.database.prune_meter(before).await {
            tracing::debug!(%error, "unused accounts stay until the next time");
        }
    }
}

#[async_trait]
impl Meter for SqlMeter {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        let when = (ask.at, ask.budget.anchor);
        match self.run(&ask.account, when, Act::Reserve(ask)).await?.answer {
            Answer::Reserve(decision) => Ok(decision),
            Answer::Lease(_) | Answer::Done => Err(error::meter_broken("reserve")),
        }
    }

    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        let when = (ask.at, ask.budget.anchor);
        match self.run(&ask.account, when, Act::Lease(ask)).await?.answer {
            Answer::Lease(lease) => Ok(lease),
            Answer::Reserve(_) | Answer::Done => Err(error::meter_broken("lease")),
        }
    }

    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        self.run(&ask.account, (ask.at, ask.anchor), Act::Report(ask)).await.map(drop)
    }

    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.run(&ask.account, (ask.at, ask.anchor), Act::Settle(ask)).await.map(drop)
    }

    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.run(&ask.account, (ask.at, ask.anchor), Act::Release(ask)).await.map(drop)
    }

    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        let outcome = self.run(&ask.account, (ask.at, ask.anchor), Act::Usage).await?;
        Ok(outcome.usage)
    }

    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.run(&ask.account, (ask.at, ask.anchor), Act::Raise(ask)).await.map(drop)
    }
}
