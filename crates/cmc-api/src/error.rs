//! What went wrong on the way out, as instructions to whoever called.

mod classify;

use std::{error::Error, fmt, sync::Arc, time::Duration};

use credits::Credits;

pub(crate) use classify::{kind_by_body, kind_by_http};

/// What a call cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Charge {
    /// Surely nothing: it was never sent, or refused.
    Nothing,
    /// What the API says.
    Exactly(Credits),
    /// Nobody knows: it was sent, and the answer is lost. Booked as spent.
    Unknown,
}

/// What the API itself said, to be passed on to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// The HTTP status it came with.
    pub http_status: u16,
    /// The `error_code` of the body.
    pub code: i64,
    /// The `error_message` of the body.
    pub message: String,
}

/// Why a call has no reply.
///
/// Answers four questions: what happened ([`kind`](Self::kind)), is it worth another attempt
/// ([`UpstreamErrorKind::is_retryable`]), when ([`retry_after`](Self::retry_after)), and what did
/// it cost ([`charge`](Self::charge)). Cloneable, because all askers of a flight share it.
#[derive(Clone, Debug)]
pub struct UpstreamError {
    /// What happened.
    pub kind: UpstreamErrorKind,
    /// What it cost.
    pub charge: Charge,
    /// When the other side, or our own limiter, says that it is worth coming back.
    pub retry_after: Option<Duration>,
    /// What the API itself said, if it was the API that refused.
    pub answer: Option<Box<ApiError>>,
    /// How many attempts were made; 0 if nothing was sent.
    pub attempts: u32,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl UpstreamError {
    /// An error of this kind that cost `charge`, after one attempt.
    #[must_use]
    pub const fn new(kind: UpstreamErrorKind, charge: Charge) -> Self {
        Self { kind, charge, retry_after: None, answer: None, attempts: 1, source: None }
    }

    /// An error that was decided here: nothing was sent, nothing was charged.
    #[must_use]
    pub const fn unsent(kind: UpstreamErrorKind) -> Self {
        let mut error = Self::new(kind, Charge::Nothing);
        error.attempts = 0;
        error
    }

    /// With what the API itself said.
    #[must_use]
    pub fn with_answer(mut self, answer: ApiError) -> Self {
        self.answer = Some(Box::new(answer));
        self
    }

    /// With a hint when to come back.
    #[must_use]
    pub const fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.retry_after = retry_after;
        self
    }

    /// With the cause. The cause must not show a key, nor a URL that may hold one.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Whether another attempt of the same call may succeed, at whatever price.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }

    /// Whether an old entry is better than this error.
    #[must_use]
    pub const fn is_outage(&self) -> bool {
        self.kind.is_outage()
    }
}

impl fmt::Display for UpstreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.message())?;
        match &self.answer {
            Some(answer) => write!(f, " ({}: {})", answer.code, answer.message),
            None => Ok(()),
        }
    }
}

impl Error for UpstreamError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// What happened to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UpstreamErrorKind {
    /// No connection; nothing was sent.
    Connect,
    /// No answer in time.
    TimedOut,
    /// The connection broke, or the body was cut or too long.
    Interrupted,
    /// An answer that is no envelope: a proxy's page, or not JSON at all.
    NotJson,
    /// The API failed (5xx, or 200 with code 500).
    ServerFault,
    /// 1008: too many requests in this calendar minute.
    MinuteLimit,
    /// 1009: the day's credits are spent.
    DailyLimit,
    /// 1010: the month's credits are spent.
    MonthlyLimit,
    /// 1011, 1022, or a 429 from somebody in front of the API: too many requests from our address.
    IpLimit,
    /// 1001, 1002, 1005, 1007: the API key is missing, wrong or disabled.
    Key,
    /// 1003, 1004: the plan is not paid.
    Payment,
    /// 1006: the plan does not include the endpoint.
    PlanGate,
    /// The API refuses this query: validation, an unknown identifier, an unknown path.
    Refused,
    /// The endpoint's breaker is open; nothing was sent.
    BreakerOpen,
    /// Our own minute limiter has no room soon enough; nothing was sent.
    Throttled,
}

impl UpstreamErrorKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 15] = [
        Self::Connect,
        Self::TimedOut,
        Self::Interrupted,
        Self::NotJson,
        Self::ServerFault,
        Self::MinuteLimit,
        Self::DailyLimit,
        Self::MonthlyLimit,
        Self::IpLimit,
        Self::Key,
        Self::Payment,
        Self::PlanGate,
        Self::Refused,
        Self::BreakerOpen,
        Self::Throttled,
    ];

    /// Whether another attempt of the same call may succeed soon. It says nothing about the price:
    /// see [`UpstreamError::charge`].
    #[must_use]
    pub const fn is_retryable(self) -> bool {
        match self {
            Self::Connect
            | Self::TimedOut
            | Self::Interrupted
            | Self::NotJson
            | Self::ServerFault
            | Self::MinuteLimit
            | Self::IpLimit => true,
            Self::DailyLimit
            | Self::MonthlyLimit
            | Self::Key
            | Self::Payment
            | Self::PlanGate
            | Self::Refused
            | Self::BreakerOpen
            | Self::Throttled => false,
        }
    }

    /// Whether the trouble lies with the API, the way to it or our account, and not with the query:
    /// then an old entry is better than the error.
    #[must_use]
    pub const fn is_outage(self) -> bool {
        !matches!(self, Self::PlanGate | Self::Refused)
    }

    /// The name in metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::TimedOut => "timed_out",
            Self::Interrupted => "interrupted",
            Self::NotJson => "not_json",
            Self::ServerFault => "server_fault",
            Self::MinuteLimit => "minute_limit",
            Self::DailyLimit => "daily_limit",
            Self::MonthlyLimit => "monthly_limit",
            Self::IpLimit => "ip_limit",
            Self::Key => "key",
            Self::Payment => "payment",
            Self::PlanGate => "plan_gate",
            Self::Refused => "refused",
            Self::BreakerOpen => "breaker_open",
            Self::Throttled => "throttled",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Connect => "the API cannot be reached",
            Self::TimedOut => "the API did not answer in time",
            Self::Interrupted => "the API's answer was interrupted",
            Self::NotJson => "the API's answer is not an envelope",
            Self::ServerFault => "the API failed",
            Self::MinuteLimit => "the API's minute limit is reached",
            Self::DailyLimit => "the API's daily limit is reached",
            Self::MonthlyLimit => "the API's monthly limit is reached",
            Self::IpLimit => "the API limits our address",
            Self::Key => "the API does not accept the API key",
            Self::Payment => "the plan of the API key is not paid",
            Self::PlanGate => "the plan of the API key does not include the endpoint",
            Self::Refused => "the API refused the query",
            Self::BreakerOpen => "the endpoint failed too often and is left alone for a while",
            Self::Throttled => "the minute limit leaves no room soon enough",
        }
    }
}

#[cfg(test)]
mod tests;
