//! Why there is no answer about a key.

use std::{io, sync::Arc};

use cache_tiers::{TierError, TierErrorKind};
use memcache::exp::Error;

use crate::store::NAME;

/// Why there is no answer about one key.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    pub(crate) kind: TierErrorKind,
    pub(crate) whose: Whose,
    source: Option<Arc<Error>>,
}

/// Whom it concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// All keys of that server.
    Servers,
    /// This key: the server is well.
    Keys,
    /// A key before this one in the exchange: it ended there, and this one's fate is unknown.
    Neighbours,
    /// No one there: our own calls are too many, or one of them too slow.
    Ours,
}

impl Trouble {
    pub(crate) const fn new(kind: TierErrorKind, whose: Whose) -> Self {
        Self { kind, whose, source: None }
    }

    pub(crate) fn into_error(self) -> TierError {
        match self.source {
            Some(source) => TierError::caused(NAME, self.kind, source),
            None => TierError::new(NAME, self.kind),
        }
    }
}

impl From<Arc<Error>> for Trouble {
    fn from(error: Arc<Error>) -> Self {
        let (kind, whose) = judge(&error);
        Self { kind, whose, source: Some(error) }
    }
}

fn judge(error: &Error) -> (TierErrorKind, Whose) {
    match error {
        Error::Ambiguous { source, .. } => judge(source),
        Error::Io(error) if error.kind() == io::ErrorKind::TimedOut => {
            (TierErrorKind::TimedOut, Whose::Servers)
        }
        Error::Timeout { .. } => (TierErrorKind::TimedOut, Whose::Servers),
        Error::Io(_) => (TierErrorKind::Unavailable, Whose::Servers),
        // `SERVER_ERROR`: no memory for this item, or it is too large for that server.
        Error::Server(_) => (TierErrorKind::Rejected, Whose::Keys),
        // `ERROR`, `CLIENT_ERROR`: it does not understand us at all.
        Error::Rejected(_) => (TierErrorKind::Rejected, Whose::Servers),
        _ => (TierErrorKind::Broken, Whose::Servers),
    }
}

/// An exchange ends at its first refusal: only that one was refused.
pub(crate) fn settle<T>(answers: Vec<Result<T, Error>>) -> Vec<Result<T, Trouble>> {
    let mut has_ended = false;
    let settled = answers.into_iter().map(|answer| {
        answer.map_err(|error| {
            let mut trouble = Trouble::from(Arc::new(error));
            if trouble.whose == Whose::Keys && std::mem::replace(&mut has_ended, true) {
                trouble.whose = Whose::Neighbours;
            }
            trouble
        })
    });
    settled.collect()
}
