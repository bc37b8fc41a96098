//! An upstream that answers from a script: for tests of whoever calls one.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use bytes::Bytes;
use credits::Credits;
use tokio::sync::{Semaphore, watch};

use crate::{
    call::Call,
    envelope,
    error::{UpstreamError, UpstreamErrorKind},
    operation::Style,
    reply::Reply,
    upstream::Upstream,
};

/// What a scripted call ends with.
pub type Scripted = Result<Reply, UpstreamError>;

type Answering = Arc<dyn Fn(&Call) -> Scripted + Send + Sync>;

/// Answers from a queue, else by a closure; remembers what it was asked; can be blocked.
///
/// Clones share everything, so that a test keeps one and gives the other away.
#[derive(Clone)]
pub struct ScriptedUpstream(Arc<Inner>);

struct Inner {
    script: Mutex<Script>,
    running: watch::Sender<Running>,
}

struct Script {
    queue: VecDeque<Scripted>,
    answering: Answering,
    calls: Vec<Call>,
    /// Closed = open to all; permits = one call each.
    gate: Arc<Semaphore>,
}

/// How many calls are, and were, under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Running {
    /// Now.
    pub now: usize,
    /// At most at once.
    pub max: usize,
    /// Ended by being dropped.
    pub dropped: usize,
}

impl Default for ScriptedUpstream {
    fn default() -> Self {
        Self::new()
    }
}

impl ScriptedUpstream {
    /// Refuses every call, until told otherwise.
    #[must_use]
    pub fn new() -> Self {
        Self::answering(|_| Err(UpstreamError::unsent(UpstreamErrorKind::Refused)))
    }

    /// Answers every call by `answer`.
    #[must_use]
    pub fn answering(answer: impl Fn(&Call) -> Scripted + Send + Sync + 'static) -> Self {
        let gate = Arc::new(Semaphore::new(0));
        gate.close();
        let script =
            Script { queue: VecDeque::new(), answering: Arc::new(answer), calls: Vec::new(), gate };
        let (running, _) = watch::channel(Running::default());
        Self(Arc::new(Inner { script: Mutex::new(script), running }))
    }

    /// Answers by another closure from now on.
    pub fn answer_by(&self, answer: impl Fn(&Call) -> Scripted + Send + Sync + 'static) {
        self.script().answering = Arc::new(answer);
    }

    /// Answers the next unscripted call so, before the closure is asked again.
    pub fn push(&self, answer: Scripted) {
        self.script().queue.push_back(answer);
    }

    /// Holds every call from now on until it is released.
    pub fn block(&self) {
        self.script().gate = Arc::new(Semaphore::new(0));
    }

    /// Lets `n` blocked calls go, those that wait first.
    pub fn release(&self, n: usize) {
        self.script().gate.add_permits(n);
    }

    /// Lets all blocked calls go, and those to come.
    pub fn release_all(&self) {
        self.script().gate.close();
    }

    /// Every call so far, in the order of arrival.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.script().calls.clone()
    }

    /// How many calls so far.
    #[must_use]
    pub fn n_calls(&self) -> usize {
        self.script().calls.len()
    }

    /// How many calls are, and were, under way.
    #[must_use]
    pub fn running(&self) -> Running {
        *self.0.running.borrow()
    }

    /// Waits until `n` calls are under way at once.
    pub async fn until_running(&self, n: usize) {
        let mut running = self.0.running.subscribe();
        // It fails only without a sender, and the sender lives in self.
        drop(running.wait_for(|running| running.now >= n).await);
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Upstream for ScriptedUpstream {
    async fn call(&self, call: &Call) -> Scripted {
        let mut under_way = UnderWay::among(&self.0.running);
        let gate = {
            let mut script = self.script();
            script.calls.push(call.clone());
            Arc::clone(&script.gate)
        };
        if let Ok(permit) = gate.acquire().await {
            permit.forget();
        }
        let scripted = self.script().queue.pop_front();
        let answer = scripted.unwrap_or_else(|| {
            let answering = Arc::clone(&self.script().answering);
            answering(call)
        });
        under_way.ended = true;
        answer
    }
}

/// The reply to a call that cost `credits`, with `data` as JSON text.
///
/// # Panics
/// If `data` is not JSON.
#[must_use]
pub fn reply(data: &str, credits: u64) -> Reply {
    let status = envelope::Status {
        style: Style::Java,
        timestamp: "2026-10-05T09:14:31.207Z",
        elapsed: 1,
        credit_count: Credits::new(credits),
        total_count: None,
    };
    let mut body = Vec::new();
    envelope::success_head(&mut body, &status);
    body.extend_from_slice(data.as_bytes());
    envelope::success_tail(&mut body, &status);
    Reply::read(200, body.into()).expect("the script holds JSON")
}

/// The error that the API reports with this HTTP status, code and message.
///
/// # Panics
/// If they are those of a success.
#[must_use]
pub fn refusal(http_status: u16, code: i64, message: &str) -> UpstreamError {
    let body: Bytes = envelope::error_body(Style::Classic, http_status, code, message, "");
    Reply::read(http_status, body).expect_err("the script holds an error")
}

/// One call under way, also counted out if its future is dropped.
struct UnderWay<'a> {
    running: &'a watch::Sender<Running>,
    ended: bool,
}

impl<'a> UnderWay<'a> {
    fn among(running: &'a watch::Sender<Running>) -> Self {
        running.send_modify(|running| {
            running.now += 1;
            running.max = running.max.max(running.now);
        });
        Self { running, ended: false }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.running.send_modify(|running| {
            running.now -= 1;
            running.dropped += usize::from(!self.ended);
        });
    }
}

impl fmt::Debug for ScriptedUpstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedUpstream").field("running", &self.running()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
