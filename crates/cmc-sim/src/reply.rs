//! What goes back over the wire, and how the connection ends.

use std::borrow::Cow;
use std::time::Duration;

/// How an answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    /// Half of the body, then the connection closes.
    Halved,
    /// So many bytes a second.
    Dripped(u64),
    /// The connection closes before anything was sent.
    Reset,
    /// Nothing, for as long as the caller waits.
    Never,
}

/// One answer, not yet in terms of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) content_type: Cow<'static, str>,
    pub(crate) body: Vec<u8>,
    pub(crate) ending: Ending,
    /// Beside the type and the length.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// Held back this long.
    pub(crate) delay: Duration,
    /// What was charged for it.
    pub(crate) credits: u64,
}

impl Reply {
    pub(crate) const fn json(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            content_type: Cow::Borrowed("application/json; charset=utf-8"),
            body,
            ending: Ending::Whole,
            headers: Vec::new(),
            delay: Duration::ZERO,
            credits: 0,
        }
    }

    pub(crate) fn html(status: u16, body: &str) -> Self {
        Self {
            content_type: Cow::Borrowed("text/html; charset=utf-8"),
            ..Self::json(status, body.as_bytes().to_vec())
        }
    }

    pub(crate) fn ended(ending: Ending) -> Self {
        Self { ending, ..Self::json(503, Vec::new()) }
    }
}
