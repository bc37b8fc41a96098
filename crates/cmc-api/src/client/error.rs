//! Why a typed call has no typed reply.

use thiserror::Error;

use crate::{call::CallError, error::UpstreamError, query::QueryError};

/// Why a typed call has no typed reply. It never holds a key.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The parameters make no sense; nothing was sent.
    #[error("the API would refuse this: {0}")]
    Query(#[from] QueryError),
    /// More is asked for than one request may carry; nothing was sent.
    #[error("this does not fit one request")]
    Call(#[from] CallError),
    /// The API refused, or could not be reached.
    #[error("the call failed")]
    Upstream(#[from] UpstreamError),
    /// The answer, or a body to be sent, has another shape than documented.
    #[error("unexpected shape at `{path}`: {problem}")]
    Shape {
        /// Where in `data`, as `[3].quote.USD.price`.
        path: String,
        /// What is wrong there.
        problem: String,
    },
}
