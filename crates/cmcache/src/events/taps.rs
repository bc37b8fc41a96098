//! Where events come from that nobody has to think of: calls on their way, charges being booked.

use std::{fmt, io, sync::Arc, time::Duration};

use clock::Clock;
use cmc_api::{
    Call, Charge, Reply, UpstreamError, UpstreamErrorKind as Kind, layers::Tap, metrics,
};
use credits::{End, Journal, OpenBlock, OpenReservation, PostingId, Recovered, ReservationId};

use super::{Events, What};
use crate::prices::Prices;

/// Tells of every attempt, and learns from what it was charged.
pub(crate) fn tap(events: &Events, prices: &Arc<Prices>, clock: &Arc<dyn Clock>) -> Tap {
    let (events, prices, clock) = (events.clone(), Arc::clone(prices), Arc::clone(clock));
    let watch = Arc::clone(&clock);
    let listener = move |call: &Call, answered: Result<&Reply, &UpstreamError>, elapsed| {
        let operation = metrics::operation_of(call);
        let at = clock.now();
        for what in told(&operation, call, answered, elapsed).into_iter().flatten() {
            events.publish(at, what);
        }
        if let Some(drift) = answered.ok().and_then(|reply| prices.judge(call, reply, at)) {
            events.publish(at, drift);
        }
    };
    Tap::new(Arc::new(listener)).timed_by(Arc::new(move || watch.now().since_epoch()))
}

/// What one attempt is worth telling: that it was made, and what went wrong.
fn told(
    operation: &Arc<str>,
    call: &Call,
    answered: Result<&Reply, &UpstreamError>,
    elapsed: Duration,
) -> [Option<What>; 2] {
    let charge = answered.map_or_else(|error| error.charge, |reply| reply.charge);
    let was_sent = answered.map_or_else(|error| error.attempts > 0, |_| true);
    let made = was_sent.then(|| What::ApiCallMade {
        operation: Arc::clone(operation),
        outcome: answered.map_or_else(|error| error.kind.name(), |_| "ok"),
        credits: match charge {
            Charge::Exactly(credits) => Some(credits.get()),
            Charge::Nothing => Some(0),
            Charge::Unknown => None,
        },
        elapsed_ms: millis(elapsed),
        items: call.n_items(),
        converts: call.n_converts(),
    });
    [made, answered.err().and_then(|error| trouble(operation, error, elapsed))]
}

fn trouble(operation: &Arc<str>, error: &UpstreamError, elapsed: Duration) -> Option<What> {
    let operation = Arc::clone(operation);
    let limit = match error.kind {
        Kind::MinuteLimit => "minute",
        Kind::DailyLimit => "day",
        Kind::MonthlyLimit => "month",
        Kind::IpLimit => "address",
        Kind::Throttled => "own",
        // Told once, when it opens.
        Kind::BreakerOpen => return None,
        _ => {
            return Some(What::ApiError {
                operation,
                error: error.kind.name(),
                code: error.answer.as_ref().map(|answer| answer.code),
                http_status: error.answer.as_ref().map(|answer| answer.http_status),
                elapsed_ms: millis(elapsed),
            });
        }
    };
    Some(What::RateLimitHit { operation, limit, retry_after_ms: error.retry_after.map(millis) })
}

fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// A journal that tells of every charge when it is written down: once each, and of those that
/// nobody confirmed, too.
pub(crate) struct Announced {
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) events: Events,
    /// Whose charges are told: those of the key. Shares of clients are parts of these.
    pub(crate) account: Arc<str>,
}

impl Journal for Announced {
    fn opened(&self, open: &OpenReservation) -> io::Result<()> {
        self.journal.opened(open)
    }

    fn closed(&self, end: &End) -> io::Result<()> {
        if let End::Booked(posting) = end
            && posting.account == self.account
            && !posting.charged.is_zero()
        {
            let what = What::CreditConsumed {
                operation: Arc::clone(&posting.operation),
                credits: posting.charged.get(),
                reserved: posting.reserved.get(),
                assumed: posting.assumed,
                keys: posting.n_keys,
                elapsed_ms: posting.elapsed_ms,
            };
            self.events.publish(posting.at, what);
        }
        self.journal.closed(end)
    }

    fn leasing(&self, block: &OpenBlock) -> io::Result<()> {
        self.journal.leasing(block)
    }

    fn returned(&self, block: ReservationId) -> io::Result<()> {
        self.journal.returned(block)
    }

    fn recover(&self, account: &str) -> io::Result<Recovered> {
        self.journal.recover(account)
    }

    fn trim(&self, acknowledged: &[PostingId]) -> io::Result<()> {
        self.journal.trim(acknowledged)
    }
}

impl fmt::Debug for Announced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.journal.fmt(f)
    }
}
