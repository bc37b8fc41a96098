//! Writing envelopes byte for byte as the API does: docs/adr/0002, reading 1.

use std::io::Write;

use bytes::Bytes;
use credits::Credits;

use crate::operation::Style;

/// What a written `status` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status<'a> {
    /// Which stack to write as.
    pub style: Style,
    /// RFC 3339 with milliseconds and `Z`.
    pub timestamp: &'a str,
    /// Milliseconds.
    pub elapsed: u64,
    /// What the client is charged.
    pub credit_count: Credits,
    /// The number of all entries, on list endpoints that tell it.
    pub total_count: Option<u64>,
}

/// Appends everything before the text of `data`. In the classic style `data` must be written in
/// the same spacing, its members on level 2.
pub fn success_head(out: &mut Vec<u8>, status: &Status<'_>) {
    match status.style {
        Style::Classic => {
            out.extend_from_slice(b"{\n    \"status\": ");
            write_status(out, status);
            out.extend_from_slice(b",\n    \"data\": ");
        }
        Style::Java => out.extend_from_slice(b"{\"data\":"),
    }
}

/// Appends everything behind the text of `data`.
pub fn success_tail(out: &mut Vec<u8>, status: &Status<'_>) {
    match status.style {
        Style::Classic => out.extend_from_slice(b"\n}"),
        Style::Java => {
            out.extend_from_slice(b",\"status\":");
            write_status(out, status);
            out.push(b'}');
        }
    }
}

/// Appends the `status` object of a success, as it stands on level 1 of an answer.
pub fn write_status(out: &mut Vec<u8>, status: &Status<'_>) {
    let no_error = match status.style {
        Style::Classic => Outcome { code: 0, message: None },
        Style::Java => Outcome { code: 0, message: Some("") },
    };
    write_object(out, status, no_error);
}

/// The body of an error, in the style of its stack.
///
/// Without a `code` of its own an error bears its HTTP status.
#[must_use]
pub fn error_body(
    style: Style,
    http: u16,
    code: impl Into<Option<i64>>,
    message: &str,
    timestamp: &str,
) -> Bytes {
    let status =
        Status { style, timestamp, elapsed: 0, credit_count: Credits::new(0), total_count: None };
    let code = code.into().unwrap_or_else(|| i64::from(http));
    let outcome = Outcome { code, message: Some(message) };
    let mut out = Vec::with_capacity(256 + message.len());
    match style {
        Style::Classic => {
            out.extend_from_slice(b"{\n    \"status\": ");
            write_object(&mut out, &status, outcome);
            out.extend_from_slice(b"\n}");
        }
        Style::Java => {
            out.extend_from_slice(b"{\"status\":");
            write_object(&mut out, &status, outcome);
            out.push(b'}');
        }
    }
    out.into()
}

#[derive(Clone, Copy)]
struct Outcome<'a> {
    code: i64,
    message: Option<&'a str>,
}

fn write_object(out: &mut Vec<u8>, status: &Status<'_>, outcome: Outcome<'_>) {
    match status.style {
        Style::Classic => write_classic(out, status, outcome),
        Style::Java => write_java(out, status, outcome),
    }
}

fn write_classic(out: &mut Vec<u8>, status: &Status<'_>, outcome: Outcome<'_>) {
    out.extend_from_slice(b"{\n        \"timestamp\": ");
    write_text(out, status.timestamp);
    out.extend_from_slice(b",\n        \"error_code\": ");
    write_number(out, outcome.code);
    out.extend_from_slice(b",\n        \"error_message\": ");
    match outcome.message {
        Some(message) => write_text(out, message),
        None => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b",\n        \"elapsed\": ");
    write_number(out, status.elapsed);
    out.extend_from_slice(b",\n        \"credit_count\": ");
    write_number(out, status.credit_count.get());
    out.extend_from_slice(b",\n        \"notice\": null");
    if let Some(total_count) = status.total_count {
        out.extend_from_slice(b",\n        \"total_count\": ");
        write_number(out, total_count);
    }
    out.extend_from_slice(b"\n    }");
}

fn write_java(out: &mut Vec<u8>, status: &Status<'_>, outcome: Outcome<'_>) {
    out.extend_from_slice(b"{\"timestamp\":");
    write_text(out, status.timestamp);
    out.extend_from_slice(b",\"error_code\":\"");
    write_number(out, outcome.code);
    out.extend_from_slice(b"\",\"error_message\":");
    write_text(out, outcome.message.unwrap_or_default());
    out.extend_from_slice(b",\"elapsed\":");
    write_number(out, status.elapsed);
    out.extend_from_slice(b",\"credit_count\":");
    write_number(out, status.credit_count.get());
    if let Some(total_count) = status.total_count {
        out.extend_from_slice(b",\"total_count\":");
        write_number(out, total_count);
    }
    out.push(b'}');
}

fn write_number(out: &mut Vec<u8>, number: impl std::fmt::Display) {
    write!(out, "{number}").expect("writing into memory cannot fail");
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    serde_json::to_writer(out, text).expect("writing a string into memory cannot fail");
}
