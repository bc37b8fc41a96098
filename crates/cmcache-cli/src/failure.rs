//! Any error → one line on stderr and an exit code.

use std::process::ExitCode;

use cmcache::{
    StartError,
    config::ConfigError,
    engine::{AnswerError, FlightError},
};

use crate::print;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    name: &'static str,
    message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: 2, name: "usage", message: message.into() }
    }

    pub(crate) fn nothing_found() -> Self {
        let message = "nothing found: the API knows none of what was asked".to_owned();
        Self { code: 1, name: "not_found", message }
    }

    pub(crate) fn unavailable(message: impl Into<String>) -> Self {
        Self { code: 4, name: "unavailable", message: message.into() }
    }

    /// Tells it: one line, or one JSON object.
    pub(crate) fn told(&self, json: bool) -> ExitCode {
        if json {
            let error = serde_json::json!({ "code": self.name, "message": self.message });
            print::error(&serde_json::json!({ "error": error }).to_string());
        } else {
            print::error(&format!("cmcache: {}", self.message));
        }
        ExitCode::from(self.code)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self { code: 1, name: "failed", message: format!("{error:#}") }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self { code: 3, name: "configuration", message: error.0 }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        let mut message = error.to_string();
        if error.is_in_use() {
            message.push_str("; ask the gateway that runs there, or name another --data-dir");
        }
        if error.is_configuration() {
            Self { code: 3, name: "configuration", message }
        } else {
            Self::unavailable(message)
        }
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let message = error.to_string();
        match &error {
            AnswerError::Bad(_) => Self { code: 2, name: "bad_request", message },
            AnswerError::TooDear { .. } => Self { code: 5, name: "budget", message },
            AnswerError::Failed(FlightError::Denied(_)) => {
                Self { code: 5, name: "budget", message }
            }
            AnswerError::Failed(FlightError::Upstream(upstream)) if !upstream.is_outage() => {
                Self { code: 1, name: "refused", message }
            }
            _ => Self::unavailable(message),
        }
    }
}
