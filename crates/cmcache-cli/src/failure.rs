//! Any error → one line on stderr and an exit code.

use std::process::ExitCode;

use cmcache::{
    StartError,
    clients::ClientFileError,
    cmc_api::{QueryError, UpstreamError, UpstreamErrorKind},
    config::ConfigError,
    engine::{AnswerError, FlightError},
};
use serde_json::Value;

use crate::print;

/// The exit codes, as help tells them.
pub(crate) const CODES: &str = "Exit codes:
  0  done
  1  failed, or nothing found
  2  usage: the command line, or a query that the API would not take
  3  configuration
  4  upstream, a gateway or a store is unavailable
  5  refused by the budget or by a limit of the plan
  6  refused by the API
  7  the API does not accept the key, or its plan does not allow it
  8  a file cannot be read or written";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    name: &'static str,
    message: String,
    /// What could have been meant.
    candidates: Vec<Value>,
}

impl Failure {
    fn new(code: u8, name: &'static str, message: String) -> Self {
        Self { code, name, message, candidates: Vec::new() }
    }

    /// What went wrong, in one line.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(2, "usage", message.into())
    }

    /// What the API would say, as is known without asking it.
    pub(crate) fn bad(error: &QueryError) -> Self {
        Self::new(2, "bad_request", error.message.clone())
    }

    /// A name that means several things.
    pub(crate) fn ambiguous(message: String, candidates: Vec<Value>) -> Self {
        Self { candidates, ..Self::new(2, "ambiguous", message) }
    }

    pub(crate) fn nothing_found() -> Self {
        Self::unknown("nothing found: the API knows none of what was asked".to_owned(), Vec::new())
    }

    /// A name that means nothing.
    pub(crate) fn unknown(message: String, candidates: Vec<Value>) -> Self {
        Self { candidates, ..Self::new(1, "not_found", message) }
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self::new(4, "unavailable", message.into())
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &str, error: &std::io::Error) -> Self {
        Self::new(8, "file", format!("{path}: {error}"))
    }

    /// What a gateway, or the API itself, refused with this HTTP status.
    pub(crate) fn http(status: u16, message: String) -> Self {
        match status {
            401..=403 => Self::new(7, "key", message),
            429 => Self::new(5, "budget", message),
            400..=499 => Self::new(6, "refused", message),
            _ => Self::unavailable(message),
        }
    }

    /// Tells it: one line, or one JSON object.
    pub(crate) fn told(&self, json: bool) -> ExitCode {
        if json {
            let mut error = serde_json::json!({ "code": self.name, "message": self.message });
            if !self.candidates.is_empty() {
                error["candidates"] = Value::Array(self.candidates.clone());
            }
            print::error(&serde_json::json!({ "error": error }).to_string());
        } else {
            print::error(&format!("cmcache: {}", self.message));
        }
        ExitCode::from(self.code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(1, "failed", format!("{error:#}"))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(3, "configuration", error.0)
    }
}

impl From<ClientFileError> for Failure {
    fn from(error: ClientFileError) -> Self {
        let message = error.to_string();
        match error {
            ClientFileError::Unknown(_) => Self::unknown(message, Vec::new()),
            ClientFileError::Io { .. } | ClientFileError::Unreadable { .. } => {
                Self::new(8, "file", message)
            }
            ClientFileError::Name
            | ClientFileError::Taken(_)
            | ClientFileError::Full
            | ClientFileError::Reserved(_) => Self::usage(message),
            ClientFileError::Chance(_) => Self::new(1, "failed", message),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let mut message = error.to_string();
        if error.is_in_use() {
            message.push_str("; ask the gateway that runs there, or name another --data-dir");
        }
        if error.is_configuration() {
            Self::new(3, "configuration", message)
        } else {
            Self::unavailable(message)
        }
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let message = error.to_string();
        match &error {
            AnswerError::Bad(_) => Self::new(6, "refused", message),
            AnswerError::TooDear { .. } | AnswerError::Failed(FlightError::Denied(_)) => {
                Self::new(5, "budget", message)
            }
            AnswerError::Failed(
                FlightError::Upstream(upstream) | FlightError::Paused { error: upstream, .. },
            ) => of_upstream(upstream, message),
            _ => Self::unavailable(message),
        }
    }
}

fn of_upstream(error: &UpstreamError, message: String) -> Failure {
    use UpstreamErrorKind::{
        DailyLimit, IpLimit, Key, MinuteLimit, MonthlyLimit, Payment, PlanGate, Refused, Throttled,
    };
    match error.kind {
        Key | Payment | PlanGate => Failure::new(7, "key", message),
        MinuteLimit | DailyLimit | MonthlyLimit | IpLimit | Throttled => {
            Failure::new(5, "limit", message)
        }
        Refused => Failure::new(6, "refused", message),
        _ => Failure::unavailable(message),
    }
}
