use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

/// Something to be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Under which it is delivered once; a receiver sees it as `webhook-id`.
    pub id: Arc<str>,
    /// JSON.
    pub body: Arc<str>,
    /// When it was written, in milliseconds since the Unix epoch.
    pub written_ms: u64,
}

impl Letter {
    /// A letter, written at an instant since the Unix epoch.
    #[must_use]
    pub fn new(id: impl Into<Arc<str>>, body: impl Into<Arc<str>>, at: Duration) -> Self {
        let written_ms = u64::try_from(at.as_millis()).unwrap_or(u64::MAX);
        Self { id: id.into(), body: body.into(), written_ms }
    }

    /// When it was written.
    #[must_use]
    pub const fn written(&self) -> Duration {
        Duration::from_millis(self.written_ms)
    }
}
