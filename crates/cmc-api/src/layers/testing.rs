//! What the tests of the layers share.

use std::{sync::Arc, time::Duration};

use crate::{
    call::Call,
    error::{Charge, UpstreamError, UpstreamErrorKind},
    reply::Reply,
    scripted::{self, ScriptedUpstream},
    upstream::{Now, Upstream},
};

/// Tokio's (paused) time, beginning at `origin`.
pub(super) fn now_from(origin: Duration) -> Now {
    let start = tokio::time::Instant::now();
    Arc::new(move || origin + start.elapsed())
}

/// Answers every call with 1 credit.
pub(super) fn works() -> ScriptedUpstream {
    ScriptedUpstream::answering(|_| Ok(scripted::reply("[]", 1)))
}

pub(super) fn failure(kind: UpstreamErrorKind) -> UpstreamError {
    UpstreamError::new(kind, Charge::Nothing)
}

/// Fails so for ever.
pub(super) fn fails(kind: UpstreamErrorKind) -> ScriptedUpstream {
    ScriptedUpstream::answering(move |_| Err(failure(kind)))
}

pub(super) async fn ask(upstream: &impl Upstream) -> Result<Reply, UpstreamError> {
    upstream.call(&Call::key_info()).await
}
