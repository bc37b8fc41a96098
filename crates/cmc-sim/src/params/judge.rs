//! Who words a refusal of parameters: the classic validator, or one of the newer services.

use crate::refusal::{self, Refusal};

/// Begins the words about limits of a plan, which are the same everywhere.
const OF_THE_PLAN: &str = "Your plan is limited to";
/// Ends the words about a parameter that is missing.
const MISSING: &str = "is required";

/// A validator, known by the path that it guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    /// Names what is wrong.
    Worded,
    /// Says that something is.
    V5,
    /// The same in other words.
    Dex,
    /// [`Judge::Dex`], with a word for what is missing.
    Holders,
    /// Has a status of its own.
    Multiplier,
}

impl Judge {
    pub(crate) fn of(path: &str) -> Self {
        if path == "/v2/dex/multiplier" {
            Self::Multiplier
        } else if path.starts_with("/v1/dex/holders/") {
            Self::Holders
        } else if path.starts_with("/v5/") {
            Self::V5
        } else if path.contains("/dex/") || path.starts_with("/v1/k-line/") {
            Self::Dex
        } else {
            Self::Worded
        }
    }

    /// A refusal in its words; what is not about parameters stays as it is.
    pub(crate) fn word(self, refusal: Refusal) -> Refusal {
        let is_about_parameters = (refusal.http, refusal.code) == (400, 400);
        if !is_about_parameters || refusal.message.starts_with(OF_THE_PLAN) {
            return refusal;
        }
        match self {
            Self::Worded => refusal,
            Self::V5 => refusal::INVALID_PARAMETER,
            Self::Holders if refusal.message.ends_with(MISSING) => refusal::PARAMETER_MISSING,
            Self::Dex | Self::Holders => refusal::PARAMETER_ERROR,
            Self::Multiplier => {
                Refusal { detail: Some(refusal.message), ..refusal::INVALID_PARAMETER }
            }
        }
    }
}
