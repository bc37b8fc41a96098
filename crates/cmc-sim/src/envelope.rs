//! The two wire styles: where `status` stands and how its fields are typed.

use crate::json::{Gaps, Json};
use crate::quirks::{Code, ErrorNotice, Quirks};
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

impl Stack {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Classic => "classic",
            Self::Java => "java",
        }
    }
}

/// How the envelopes of one stack are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    stack: Stack,
    error_code: Code,
    success_code: Code,
    has_error_notice: bool,
}

impl Style {
    pub(crate) fn of(stack: Stack, quirks: &Quirks) -> Self {
        let is_java = stack == Stack::Java;
        Self {
            stack,
            error_code: if is_java { quirks.error_code_style } else { Code::Int },
            success_code: if is_java { quirks.success_code_style } else { Code::Int },
            has_error_notice: !is_java && quirks.error_notice == ErrorNotice::Null,
        }
    }
}

/// The fields of `status` that vary on success.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status {
    pub(crate) now_ms: Millis,
    pub(crate) elapsed_ms: u64,
    /// `None` leaves the key out.
    pub(crate) credits: Option<u64>,
    pub(crate) total_count: Option<u64>,
}

/// A body that carries data, written by `data`.
pub(crate) fn success(
    style: Style,
    status: Status,
    gaps: Gaps,
    data: impl FnOnce(&mut Json),
) -> Vec<u8> {
    let mut json = Json::new(style.stack == Stack::Classic);
    json.open_object();
    if style.stack == Stack::Classic {
        write_status(&mut json, style, status, None);
    }
    json.key("data");
    json.leave(gaps);
    data(&mut json);
    json.leave(Gaps::default());
    if style.stack == Stack::Java {
        write_status(&mut json, style, status, None);
    }
    json.close_object();
    json.into_bytes()
}

/// A body that carries nothing but the reason.
pub(crate) fn error(style: Style, now_ms: Millis, elapsed_ms: u64, refusal: &Refusal) -> Vec<u8> {
    let mut json = Json::new(style.stack == Stack::Classic);
    let status = Status { now_ms, elapsed_ms, credits: Some(0), total_count: None };
    json.open_object();
    write_status(&mut json, style, status, Some(refusal));
    json.close_object();
    json.into_bytes()
}

fn write_status(json: &mut Json, style: Style, status: Status, refusal: Option<&Refusal>) {
    json.key("status");
    json.open_object();
    json.text("timestamp", &time::iso(status.now_ms));
    let code = u64::from(refusal.map_or(0, |refusal| refusal.code));
    let typed = if refusal.is_some() { style.error_code } else { style.success_code };
    match typed {
        Code::Int => json.count("error_code", code),
        Code::String => json.text("error_code", &code.to_string()),
    }
    let detail = refusal.and_then(|refusal| refusal.detail.as_deref());
    if detail.is_some() {
        json.text("category", "VALIDATION");
    }
    match (refusal, style.stack) {
        (Some(refusal), _) => json.text("error_message", &refusal.message),
        (None, Stack::Classic) => json.maybe_text("error_message", None),
        (None, Stack::Java) => json.text("error_message", ""),
    }
    if let Some(detail) = detail {
        json.text("error_detail", detail);
    }
    json.count("elapsed", status.elapsed_ms);
    if let Some(credits) = status.credits {
        json.count("credit_count", credits);
    }
    if style.stack == Stack::Classic && (refusal.is_none() || style.has_error_notice) {
        json.maybe_text("notice", None);
    }
    if let Some(total) = status.total_count {
        json.count("total_count", total);
    }
    json.close_object();
}
