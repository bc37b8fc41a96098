//! A JSON writer that appends to one buffer, in the compact or the pretty style of the API.
//!
//! Every number of every answer goes through [`push_number`], so that one value has one text in
//! all versions of an endpoint.

use std::io::Write;

use crate::market::noise;

const INDENT: &[u8] = b"    ";

/// Writes one JSON document from left to right; commas and indentation are its own business.
#[derive(Debug)]
pub(crate) struct Json {
    out: Vec<u8>,
    is_pretty: bool,
    depth: usize,
    is_first: bool,
    is_after_key: bool,
    /// Where the last key began, and whether it was the first of its object.
    key_at: (usize, bool),
    gaps: Gaps,
    n_drawn: u64,
}

/// What is left out of a document on purpose.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Gaps {
    /// Keys whose value is null.
    pub(crate) omits_nulls: bool,
    /// The share of nullable numbers that are null.
    pub(crate) nulls: f64,
    /// Which ones.
    pub(crate) seed: u64,
}

impl Json {
    pub(crate) fn new(is_pretty: bool) -> Self {
        Self {
            out: Vec::with_capacity(2048),
            is_pretty,
            depth: 0,
            is_first: true,
            is_after_key: false,
            key_at: (0, true),
            gaps: Gaps::default(),
            n_drawn: 0,
        }
    }

    /// From here on, leave these out.
    pub(crate) const fn leave(&mut self, gaps: Gaps) {
        self.gaps = gaps;
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    pub(crate) fn open_object(&mut self) {
        self.open(b'{');
    }

    pub(crate) fn close_object(&mut self) {
        self.close(b'}');
    }

    pub(crate) fn open_array(&mut self) {
        self.open(b'[');
    }

    pub(crate) fn close_array(&mut self) {
        self.close(b']');
    }

    pub(crate) fn key(&mut self, name: &str) {
        self.key_at = (self.out.len(), self.is_first);
        self.separate();
        push_string(&mut self.out, name);
        self.out.push(b':');
        if self.is_pretty {
            self.out.push(b' ');
        }
        self.is_after_key = true;
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.begin_value();
        push_string(&mut self.out, text);
    }

    pub(crate) fn number(&mut self, value: f64) {
        self.begin_value();
        push_number(&mut self.out, value);
    }

    pub(crate) fn integer(&mut self, value: u64) {
        self.begin_value();
        write!(self.out, "{value}").expect("a Vec takes every write");
    }

    pub(crate) fn boolean(&mut self, value: bool) {
        self.literal(if value { "true" } else { "false" });
    }

    pub(crate) fn null(&mut self) {
        if self.gaps.omits_nulls && self.is_after_key {
            self.out.truncate(self.key_at.0);
            self.is_first = self.key_at.1;
            self.is_after_key = false;
            return;
        }
        self.literal("null");
    }

    /// `name: text` in an object.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        self.key(name);
        self.string(text);
    }

    /// `name: text or null`.
    pub(crate) fn maybe_text(&mut self, name: &str, text: Option<&str>) {
        self.key(name);
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    /// `name: number or null`.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<f64>) {
        self.key(name);
        match value {
            Some(value) if !self.is_lost() => self.number(value),
            _ => self.null(),
        }
    }

    /// `name: integer`.
    pub(crate) fn count(&mut self, name: &str, value: u64) {
        self.key(name);
        self.integer(value);
    }

    /// `name: integer or null`.
    pub(crate) fn maybe_count(&mut self, name: &str, value: Option<u64>) {
        self.key(name);
        match value {
            Some(value) => self.integer(value),
            None => self.null(),
        }
    }

    /// `name: 0 or 1`, the API's way to write most of its truths.
    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        self.count(name, u64::from(value));
    }

    /// `name: [strings]`.
    pub(crate) fn texts<'a>(&mut self, name: &str, texts: impl IntoIterator<Item = &'a str>) {
        self.key(name);
        self.open_array();
        for text in texts {
            self.string(text);
        }
        self.close_array();
    }

    /// Whether the next nullable number falls into a gap.
    fn is_lost(&mut self) -> bool {
        if self.gaps.nulls == 0.0 {
            return false;
        }
        self.n_drawn += 1;
        noise::unit(noise::mix2(self.gaps.seed, self.n_drawn)) < self.gaps.nulls
    }

    fn literal(&mut self, text: &str) {
        self.begin_value();
        self.out.extend_from_slice(text.as_bytes());
    }

    fn open(&mut self, bracket: u8) {
        self.begin_value();
        self.out.push(bracket);
        self.depth += 1;
        self.is_first = true;
    }

    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        if !self.is_first {
            self.break_line();
        }
        self.out.push(bracket);
        self.is_first = false;
    }

    fn begin_value(&mut self) {
        if self.is_after_key {
            self.is_after_key = false;
        } else if self.depth > 0 {
            self.separate();
        }
    }

    fn separate(&mut self) {
        if !self.is_first {
            self.out.push(b',');
        }
        self.is_first = false;
        self.break_line();
    }

    fn break_line(&mut self) {
        if self.is_pretty {
            self.out.push(b'\n');
            for _ in 0..self.depth {
                self.out.extend_from_slice(INDENT);
            }
        }
    }
}

/// The shortest text that reads back as `value`; scientific below 1e-6 and from 1e21 on.
pub(crate) fn push_number(out: &mut Vec<u8>, value: f64) {
    let size = value.abs();
    let written = if size == 0.0 || !value.is_finite() {
        write!(out, "0")
    } else if size < 1e-6 {
        write!(out, "{value:e}")
    } else if size >= 1e21 {
        let text = format!("{value:e}");
        write!(out, "{}", text.replace('e', "e+"))
    } else {
        write!(out, "{value}")
    };
    written.expect("a Vec takes every write");
}

/// [`push_number`] as a text of its own, for messages.
pub(crate) fn number_text(value: f64) -> String {
    let mut out = Vec::new();
    push_number(&mut out, value);
    String::from_utf8(out).expect("numbers are ASCII")
}

fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut clean_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[clean_from..at]);
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => write!(out, "\\u{byte:04x}").expect("a Vec takes every write"),
        }
        clean_from = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[clean_from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests;
