//! Why a gateway could not be put together.

use credits::OpenError;
use thiserror::Error;

use crate::config::ConfigError;

/// Why a gateway could not be put together.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The configuration cannot run.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory cannot be made or written to.
    #[error("data_dir {path}: {source}")]
    DataDir {
        /// The directory.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Another process keeps its books there.
    #[error("data_dir {path}: {reason}")]
    Journal {
        /// The directory.
        path: String,
        /// Who is in the way.
        #[source]
        reason: credits::JournalError,
    },
    /// The file of clients cannot be read.
    #[error("the clients: {0}")]
    Clients(#[from] crate::clients::ClientFileError),
    /// The embedded database cannot be opened.
    #[error("the database in data_dir cannot be opened: {0}")]
    Store(#[from] store_sql::SqlError),
    /// What was spent so far is not known, so nothing may be spent.
    #[error("the books cannot be opened: {0}")]
    Books(#[from] OpenError),
    /// The way to the paid API cannot be set up.
    #[error("upstream: {0}")]
    Upstream(#[from] cmc_api::HttpError),
}

impl StartError {
    /// Whether another configuration would help; else something is not there.
    #[must_use]
    pub const fn is_configuration(&self) -> bool {
        match self {
            Self::Config(_)
            | Self::DataDir { .. }
            | Self::Journal { .. }
            | Self::Clients(_)
            | Self::Upstream(_) => true,
            Self::Store(_) | Self::Books(_) => false,
        }
    }

    /// Whether another process keeps its books in the same folder.
    #[must_use]
    pub const fn is_in_use(&self) -> bool {
        matches!(self, Self::Journal { reason: credits::JournalError::InUse(_), .. })
    }
}
