//! The `status` of every answer, read as strictly as the strictest client reads it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// What a `status` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// 0 on success.
    pub code: i64,
    /// Whether the code was written as a string, as newer endpoints do.
    pub is_code_text: bool,
    /// `None` where the envelope says null.
    pub message: Option<String>,
    /// What the caller was charged.
    pub credits: u64,
    /// How many there are in all, where the endpoint tells.
    pub total_count: Option<u64>,
}

impl Envelope {
    /// # Errors
    /// Names the first thing that a strict client would stumble over.
    pub(crate) fn parse(body: &[u8]) -> Result<Self> {
        let shown = || String::from_utf8_lossy(body).chars().take(200).collect::<String>();
        let root: Value =
            serde_json::from_slice(body).with_context(|| format!("not JSON: {}", shown()))?;
        let status = root.get("status").with_context(|| format!("no status: {}", shown()))?;
        Self::read(status).with_context(|| status.to_string())
    }

    fn read(status: &Value) -> Result<Self> {
        let code = &status["error_code"];
        let is_code_text = code.is_string();
        let code = code.as_i64().or_else(|| code.as_str()?.parse().ok());
        ensure!(status["timestamp"].is_string(), "timestamp must be a string");
        ensure!(status["elapsed"].is_u64(), "elapsed must be an integer");
        let message = status.get("error_message").context("no error_message")?;
        ensure!(message.is_null() || message.is_string(), "error_message must be a string");
        Ok(Self {
            code: code.context("error_code must be an integer")?,
            is_code_text,
            message: message.as_str().map(str::to_owned),
            credits: status["credit_count"].as_u64().context("credit_count must be an integer")?,
            total_count: status["total_count"].as_u64(),
        })
    }

    /// Whether this is a refusal with words.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.code != 0 && self.message.as_deref().is_some_and(|text| !text.is_empty())
    }
}
