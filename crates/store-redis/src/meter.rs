//! The count of credits, shared by all instances: every operation is one script on the server.

use std::sync::Arc;

use async_trait::async_trait;
use cache_tiers::Timestamp;
use credits::{
    BillingAnchor, Credits, Decision, Meter, MeterError, RaiseAsk, ReleaseAsk, ReserveAsk,
    SettleAsk, Usage, UsageAsk, Window, limits::ENDS_REMEMBERED_MAX,
};

use crate::{error, limits::METER_LIFE, link::Link, names, scripts};

/// The numbers that the script gives.
const NUMBERS: usize = 6;

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

impl RedisMeter {
    pub(crate) const fn new(link: Arc<Link>, prefix: Arc<str>) -> Self {
        Self { link, prefix }
    }

    /// Whether it was granted, and what was used before.
    async fn run(&self, ask: Ask<'_>) -> Result<(bool, Usage), MeterError> {
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
        Ok((numbers[0] == 1, usage))
    }
}

#[async_trait]
impl Meter for RedisMeter {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        let limit = |limit: Option<u64>| limit.map(|limit| limit.to_string()).unwrap_or_default();
        let own = vec![
            ask.id.to_string(),
            ask.price.get().to_string(),
            ask.lost_at.as_millis().to_string(),
            limit(ask.budget.minute_calls),
            limit(ask.budget.day.map(Credits::get)),
            limit(ask.budget.month.map(Credits::get)),
        ];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.budget.anchor);
        let (is_granted, usage) =
            self.run(Ask { operation: "reserve", account, at, anchor, own }).await?;
        if is_granted {
            return Ok(Decision::Granted);
        }
        // The server compared the same numbers; here they get their words.
        match ask.budget.decide(&usage, ask.price, ask.at) {
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

    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        let ask = Ask { operation: "usage", account, at, anchor, own: Vec::new() };
        self.run(ask).await.map(|(_, usage)| usage)
    }

    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        let own = vec![ask.window.name().to_owned(), ask.to.to_string()];
        let (account, at, anchor) = (&*ask.account, ask.at, ask.anchor);
        self.run(Ask { operation: "raise", account, at, anchor, own }).await.map(drop)
    }
}
