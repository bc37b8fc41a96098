//! Who counts, and how long anybody waits for that.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use clock::Clock;
use credits::{
    AccountParts, Budget, Decision, ErrorKind, Lease, LeaseAsk, MemoryMeter, Meter, MeterError,
    Policy, RaiseAsk, ReleaseAsk, ReportAsk, ReserveAsk, SettleAsk, Usage, UsageAsk,
};

use super::kept::Kept;
use crate::config::{self, Config};

/// How long an asker waits for a store that counts: a database has more patience than a client.
const DEADLINE: Duration = Duration::from_secs(1);

/// What the account of the paid key is made of. Without a shared meter the process counts by
/// itself.
pub(crate) fn account(
    config: &Config,
    (name, budget): (&str, Budget),
    (kept, shared): (&Kept, Option<Arc<dyn Meter>>),
    clock: &Arc<dyn Clock>,
) -> AccountParts {
    let meter: Arc<dyn Meter> = match shared {
        Some(meter) => Arc::new(Impatient(meter)),
        None => Arc::new(MemoryMeter::default()),
    };
    let terms = config.lease_terms();
    AccountParts {
        name: Arc::from(name),
        meter,
        journal: Arc::clone(&kept.journal),
        budget,
        policy: match config.budget.policy {
            config::Policy::Closed => Policy::Closed,
            config::Policy::Lease => Policy::Lease(terms),
            config::Policy::Open => Policy::Open(terms),
        },
        clock: Arc::clone(clock),
    }
}

/// A meter in a store that may hang. What is given up may have been done all the same: the account
/// takes back what it does not know to hold.
#[derive(Debug)]
struct Impatient(Arc<dyn Meter>);

async fn soon<T>(
    operation: &'static str,
    asked: impl Future<Output = Result<T, MeterError>>,
) -> Result<T, MeterError> {
    let late = || MeterError { operation, kind: ErrorKind::Unavailable, source: None };
    tokio::time::timeout(DEADLINE, asked).await.unwrap_or_else(|_| Err(late()))
}

#[async_trait]
impl Meter for Impatient {
    fn is_local(&self) -> bool {
        self.0.is_local()
    }
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        soon("reserve", self.0.reserve(ask)).await
    }
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        soon("settle", self.0.settle(ask)).await
    }
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        soon("release", self.0.release(ask)).await
    }
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        soon("lease", self.0.lease(ask)).await
    }
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        soon("report", self.0.report(ask)).await
    }
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        soon("tell the usage", self.0.usage(ask)).await
    }
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        soon("raise", self.0.raise(ask)).await
    }
}
