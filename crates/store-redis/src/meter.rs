//! The count of credits, shared by all instances: every operation is one script on the server.

use std::sync::Arc;

use async_trait::async_trait;
use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Block, Budget, Credits, Decision, Lease, LeaseAsk, Meter, MeterError, RaiseAsk,
    ReleaseAsk, ReportAsk, ReserveAsk, SettleAsk, Usage, UsageAsk, Window,
    limits::ENDS_REMEMBERED_MAX,
};

use crate::{error, limits::METER_LIFE, link::Link, names, scripts};

/// The numbers that the script gives.
const NUMBERS: usize = 8;

/// The meter in Redis. Amounts are exact up to 2^53.
#[derive(Clone, Debug)]
pub struct RedisMeter {
    link: Arc<Link>,
    prefix: Arc<str>,
}

/// What the script is told, and what it is for.
struct Ask<'a> {
    operation: &'static str,
    account: &'a str,
    at: Timestamp,
    anchor: BillingAnchor,
    own: Vec<String>,
}

/// What the script gives.
#[derive(Clone, Copy, Debug)]
struct Told {
    is_granted: bool,
    /// What was used before.
    usage: Usage,
    block: Block,
}

impl RedisMeter {
    pub(crate) const fn new(link: Arc<Link>, prefix: Arc<str>) -> Self {
        Self { link, prefix }
    }

    async fn run(&self, ask: Ask<'_>) -> Result<Told, MeterError> {
        let mut call = scripts::METER.prepare_invoke();
        for part in names::METER_PARTS {
            call.key(names::meter(&self.prefix, ask.account, part));
        }
        call.arg(ask.operation).arg(ask.at.as_millis());
        call.arg(ENDS_REMEMBERED_MAX).arg(u64::try_from(METER_LIFE.as_millis()).unwrap_or(0));
        for window in Window::ALL {
            let (start, reset) = window.bounds(ask.at, ask.anchor);
            call.arg(start.as_millis()).arg(reset.as_millis());
        }
        ask.own.iter().for_each(|argument| {
            call.arg(argument);
        });
        let run = self.link.with(|mut wire| {
            Box::pin(async move { call.invoke_async::<Vec<u64>>(&mut wire).await })
        });
        let numbers = run.await.map_err(|failed| error::meter(ask.operation, failed))?;
        if numbers.len() != NUMBERS {
            return Err(error::meter_broken(ask.operation));
        }
        let usage = Usage {
            minute_calls: numbers[1],
            day: Credits::new(numbers[2]),
            month: Credits::new(numbers[3]),
            reserved: Credits::new(numbers[4]),
            n_open: numbers[5],
        };
        let block = Block { credits: Credits::new(numbers[6]), calls: numbers[7] };
        Ok(Told { is_granted: numbers[0] == 1, usage, block })
    }
}

#[async_trait]
impl Meter for RedisMeter {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        let mut own = vec![
            ask.id.to_string(),
            ask.price.get().to_string(),
            ask.lost_at.as_millis().to_string(),
        ];
        own.extend(limits(&ask.budget));
        let (account, at, anchor) = (&*ask.account, ask.at, ask.budget.anchor);
        let told = self.run(Ask { operation: "reserve", account, at, anchor, own }).await?;
        if told.is_granted {
            return Ok(Decision::Granted);
        }
        // The server compared the same numbers; here they get their words.
        match ask.budget.decide(&told.usage, ask.price, ask.at) {
            refused @ Decision::Refused(_) => Ok(refused),
            Decision::Granted => Err(error::meter_broken("reserve")),
        }
    }

    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        let own = vec![ask.id.to_string(), ask.charged.get().to_string()];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        self.run(Ask { operation: "settle", account, at, anchor, own }).await.map(drop)
    }

    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        let own = vec![ask.id.to_string()];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        self.run(Ask { operation: "release", account, at, anchor, own }).await.map(drop)
    }

    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        let wanted = &ask.wanted;
        let mut own = vec![
            ask.id.to_string(),
            wanted.least.get().to_string(),
            ask.lost_at.as_millis().to_string(),
        ];
        own.extend(limits(&ask.budget));
        let sizes = [wanted.most.get(), wanted.calls_most, wanted.share.max(1)];
        own.extend(sizes.map(|size| size.to_string()));
        let (account, at, anchor) = (&*ask.account, ask.at, ask.budget.anchor);
        let told = self.run(Ask { operation: "lease", account, at, anchor, own }).await?;
        if told.is_granted {
            return Ok(Lease::Granted(told.block));
        }
        match ask.budget.lease(&told.usage, wanted, ask.at) {
            refused @ Lease::Refused(_) => Ok(refused),
            Lease::Granted(_) => Err(error::meter_broken("lease")),
        }
    }

    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        let own = vec![
            ask.id.to_string(),
            ask.charged.get().to_string(),
            ask.ceiling.get().to_string(),
            ask.calls.to_string(),
            ask.lost_at.as_millis().to_string(),
            u8::from(ask.ended).to_string(),
        ];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        self.run(Ask { operation: "report", account, at, anchor, own }).await.map(drop)
    }

    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        let ask = Ask { operation: "usage", account, at, anchor, own: Vec::new() };
        self.run(ask).await.map(|told| told.usage)
    }

    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        let own = vec![ask.window.name().to_owned(), ask.to.to_string()];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        self.run(Ask { operation: "raise", account, at, anchor, own }).await.map(drop)
    }
}

/// Of minute, day and month; empty is no limit.
fn limits(budget: &Budget) -> [String; 3] {
    let limit = |limit: Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
    [
        limit(budget.minute_calls),
        limit(budget.day.map(Credits::get)),
        limit(budget.month.map(Credits::get)),
    ]
}
