//! The two wire styles: where `status` stands and how its fields are typed.

use crate::json::Json;
use crate::refusal::Refusal;
use crate::time::{self, Millis};

/// Which of the API's two stacks answers a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stack {
    /// v1 and v2: pretty, `status` first, integer codes, `notice`.
    Classic,
    /// v3 and later: compact, `data` first, codes as strings.
    Java,
}

/// The fields of `status` that vary on success.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status {
    pub(crate) now_ms: Millis,
    pub(crate) elapsed_ms: u64,
    pub(crate) credits: u64,
    pub(crate) total_count: Option<u64>,
}

/// A body that carries data, written by `data`.
pub(crate) fn success(stack: Stack, status: Status, data: impl FnOnce(&mut Json)) -> Vec<u8> {
    let mut json = Json::new(stack == Stack::Classic);
    json.open_object();
    if stack == Stack::Classic {
        write_status(&mut json, stack, status, None);
    }
    json.key("data");
    data(&mut json);
    if stack == Stack::Java {
        write_status(&mut json, stack, status, None);
    }
    json.close_object();
    json.into_bytes()
}

/// A body that carries nothing but the reason.
pub(crate) fn error(stack: Stack, now_ms: Millis, elapsed_ms: u64, refusal: &Refusal) -> Vec<u8> {
    let mut json = Json::new(stack == Stack::Classic);
    let status = Status { now_ms, elapsed_ms, credits: 0, total_count: None };
    json.open_object();
    write_status(&mut json, stack, status, Some(refusal));
    json.close_object();
    json.into_bytes()
}

fn write_status(json: &mut Json, stack: Stack, status: Status, refusal: Option<&Refusal>) {
    json.key("status");
    json.open_object();
    json.text("timestamp", &time::iso(status.now_ms));
    let code = u64::from(refusal.map_or(0, |refusal| refusal.code));
    match stack {
        Stack::Classic => json.count("error_code", code),
        Stack::Java => json.text("error_code", &code.to_string()),
    }
    match (refusal, stack) {
        (Some(refusal), _) => json.text("error_message", &refusal.message),
        (None, Stack::Classic) => json.maybe_text("error_message", None),
        (None, Stack::Java) => json.text("error_message", ""),
    }
    json.count("elapsed", status.elapsed_ms);
    json.count("credit_count", status.credits);
    if stack == Stack::Classic {
        json.maybe_text("notice", None);
    }
    if let Some(total) = status.total_count {
        json.count("total_count", total);
    }
    json.close_object();
}
