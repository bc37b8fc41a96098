//! The typed client over the cache: every operation as a builder, answered from the tiers.

use async_trait::async_trait;
use bytes::Bytes;
use cmc_api::{
    ApiError, Call, Client, QueryError, Reply, Upstream, UpstreamError, UpstreamErrorKind,
    envelope::{self, Status},
};
use credits::{Denied, Window};
use engine::{Answer, AnswerError, FlightError, Terms};

use crate::cmcache::Cmcache;

/// The cache, in the place where a client expects the API.
#[derive(Clone, Debug)]
struct Cached(Cmcache);

impl Cmcache {
    /// A typed client whose calls are answered from the cache, within its budget. What an answer
    /// cost is its `credit_count`: usually nothing. [`Reply::age`] tells how old it is.
    #[must_use]
    pub fn client(&self) -> Client {
        let catalogue = std::sync::Arc::clone(&self.inner().catalogue);
        Client::new(Cached(self.clone())).with_catalogue(catalogue)
    }
}

#[async_trait]
impl Upstream for Cached {
    async fn call(&self, call: &Call) -> Result<Reply, UpstreamError> {
        let method = call.method().as_str();
        let query = self.0.parse(method, call.path(), call.query(), call.body().clone());
        let query = query.map_err(|error| refused(&error))?;
        let answered = self.0.answer(&query, &Terms::default()).await;
        let answer = answered.map_err(|error| failure(&error))?;
        let mut reply = Reply::read(200, body(&answer))?;
        reply.age = answer.age;
        Ok(reply)
    }
}

/// The envelope that a gateway would send.
fn body(answer: &Answer) -> Bytes {
    let timestamp = answer.at.to_string();
    let status = Status {
        style: answer.style,
        timestamp: &timestamp,
        elapsed: 0,
        credit_count: answer.charged,
        total_count: answer.total_count,
    };
    let mut out = Vec::with_capacity(answer.data.len() + 320);
    envelope::success_head(&mut out, &status);
    out.extend_from_slice(&answer.data);
    envelope::success_tail(&mut out, &status);
    out.into()
}

/// The API's own words for a query that is wrong.
fn refused(error: &QueryError) -> UpstreamError {
    UpstreamError::unsent(UpstreamErrorKind::Refused).with_answer(ApiError {
        http_status: error.http,
        code: error.code,
        message: error.message.clone(),
    })
}

fn failure(error: &AnswerError) -> UpstreamError {
    let kind = match error {
        AnswerError::Bad(error) => return refused(error),
        AnswerError::Failed(FlightError::Upstream(error) | FlightError::Paused { error, .. }) => {
            return (**error).clone();
        }
        AnswerError::Failed(FlightError::Denied(denied)) => limit_of(denied),
        AnswerError::Failed(FlightError::Deadline) => UpstreamErrorKind::TimedOut,
        AnswerError::Failed(FlightError::Unreadable(_)) => UpstreamErrorKind::NotJson,
        AnswerError::Failed(FlightError::Unsendable(_)) => UpstreamErrorKind::Refused,
        _ => UpstreamErrorKind::Throttled,
    };
    UpstreamError::unsent(kind).with_source(error.clone())
}

fn limit_of(denied: &Denied) -> UpstreamErrorKind {
    match denied.refusal().map(|refusal| refusal.window) {
        Some(Window::Day) => UpstreamErrorKind::DailyLimit,
        Some(Window::Month) => UpstreamErrorKind::MonthlyLimit,
        Some(Window::Minute) | None => UpstreamErrorKind::Throttled,
    }
}

#[cfg(test)]
mod tests;
