//! Every way in which the API says no, with its status, code and exact words.

use std::borrow::Cow;

/// An answer that is not data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) http: u16,
    pub(crate) code: u32,
    pub(crate) message: Cow<'static, str>,
    /// Of the one operation whose status tells more.
    pub(crate) detail: Option<Cow<'static, str>>,
}

impl Refusal {
    const fn new(http: u16, code: u32, message: &'static str) -> Self {
        Self { http, code, message: Cow::Borrowed(message), detail: None }
    }

    /// Bad parameters.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { http: 400, code: 400, message: Cow::Owned(message.into()), detail: None }
    }

    /// Whether it is about history beyond the plan.
    pub(crate) fn is_about_history(&self) -> bool {
        self.message.starts_with("Your plan is limited to") && self.message.contains("histor")
    }

    /// `Invalid value for "id": "7"`, or the plural for several.
    pub(crate) fn unresolved<T: AsRef<str>>(name: &str, values: &[T]) -> Self {
        let list: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
        let plural = if list.len() > 1 { "s" } else { "" };
        Self::invalid(format!("Invalid value{plural} for \"{name}\": \"{}\"", list.join(",")))
    }
}

pub(crate) const KEY_INVALID: Refusal = Refusal::new(401, 1001, "This API Key is invalid.");
pub(crate) const KEY_MISSING: Refusal = Refusal::new(401, 1002, "API key missing.");
pub(crate) const UNPAID: Refusal = Refusal::new(
    402,
    1003,
    "Your API Key must be activated. Please go to pro.coinmarketcap.com/account/plan.",
);
pub(crate) const EXPIRED: Refusal =
    Refusal::new(402, 1004, "Your API Key's subscription plan has expired.");
pub(crate) const KEY_REQUIRED: Refusal =
    Refusal::new(403, 1005, "An API Key is required for this call.");
pub(crate) const NOT_IN_PLAN: Refusal =
    Refusal::new(403, 1006, "Your API Key subscription plan doesn't support this endpoint.");
pub(crate) const DISABLED: Refusal =
    Refusal::new(403, 1007, "This API Key has been disabled. Please contact support.");
pub(crate) const MINUTE_LIMIT: Refusal = Refusal::new(
    429,
    1008,
    "You've exceeded your API Key's HTTP request rate limit. Rate limits reset every minute.",
);
pub(crate) const DAILY_LIMIT: Refusal =
    Refusal::new(429, 1009, "You've exceeded your API Key's daily rate limit.");
pub(crate) const MONTHLY_LIMIT: Refusal =
    Refusal::new(429, 1010, "You've exceeded your API Key's monthly rate limit.");
pub(crate) const IP_LIMIT: Refusal = Refusal::new(429, 1011, "You've hit an IP rate limit.");
pub(crate) const ANONYMOUS_LIMIT: Refusal =
    Refusal::new(429, 1022, "You've reached the limit for anonymous access");
/// The other answer to a path nobody serves.
pub(crate) const NOT_FOUND: Refusal = Refusal::new(404, 404, "Not Found");
/// Anything wrong with the parameters of v5.
pub(crate) const INVALID_PARAMETER: Refusal = Refusal::new(400, 4001, "Invalid parameter");
/// Anything wrong with those of the decentralised exchanges.
pub(crate) const PARAMETER_ERROR: Refusal = Refusal::new(400, 400, "Parameter error");
/// One of them that is missing, where that is told.
pub(crate) const PARAMETER_MISSING: Refusal = Refusal::new(400, 4002, "Required parameter missing");
/// While only recorded answers are given.
pub(crate) const NOT_RECORDED: Refusal = Refusal::new(404, 404, "Not recorded");
pub(crate) const METHOD: Refusal = Refusal::new(405, 405, "Method Not Allowed");
pub(crate) const TARGET_TOO_LARGE: Refusal = Refusal::new(414, 414, "Request-URI Too Large");
pub(crate) const INTERNAL: Refusal = Refusal::new(500, 500, "An internal server error occurred");
/// The answer to a path nobody serves: HTTP 200 with an error inside.
pub(crate) const BUSY: Refusal =
    Refusal::new(200, 500, "The system is busy, please try again later!");
