//! The words that quirks take.

use serde::{Deserialize, Serialize};

/// An enumeration of words.
macro_rules! choice {
    ($(#[doc = $about:literal])+ $name:ident {
        $($(#[doc = $doc:literal])+ $word:literal $variant:ident,)+
    }) => {
        $(#[doc = $about])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $variant,)+
        }
    };
}

choice! {
    /// What a path that nobody serves gets.
    UnknownPath {
        /// HTTP 200 with `error_code` 500 inside.
        "busy_200" Busy200,
        /// HTTP 404 in an envelope.
        "not_found_404" NotFound404,
        /// 404 without a known key, otherwise 200.
        "by_key" ByKey,
    }
}

choice! {
    /// Where a key may stand.
    KeyPlace {
        /// In `X-CMC_PRO_API_KEY`.
        "header" Header,
        /// In `CMC_PRO_API_KEY`.
        "query" Query,
    }
}

choice! {
    /// What happens to the call that crosses a limit of credits.
    OverLimit {
        /// The last one is served whatever it costs.
        "serve_crossing" ServeCrossing,
        /// It is refused, a cheaper one may be served.
        "refuse_crossing" RefuseCrossing,
    }
}

choice! {
    /// Headers beside a 429.
    RateLimitHeaders {
        /// None.
        "off" Off,
        /// `Retry-After`, in seconds.
        "retry_after" RetryAfter,
        /// `x-ratelimit-reset`, in Unix seconds.
        "reset" Reset,
        /// These two.
        "both" Both,
    }
}

choice! {
    /// A dated set of batch sizes.
    Tariff {
        /// 100 everywhere; the map costs 1.
        "2022" Year2022,
        /// 200 where it is 250 now.
        "2026-08" August2026,
        /// The newest.
        "2026-10" October2026,
    }
}

choice! {
    /// What identifiers get that cannot be resolved.
    Unresolved {
        /// HTTP 400.
        "400" Refused,
        /// Nothing, successfully.
        "empty" Empty,
    }
}

choice! {
    /// How symbols appear as keys.
    SymbolKeys {
        /// In capitals.
        "upper" Upper,
        /// As in the request.
        "as_sent" AsSent,
    }
}

choice! {
    /// How a code is typed.
    Code {
        /// `"0"`.
        "string" String,
        /// `0`.
        "int" Int,
    }
}

choice! {
    /// `notice` in errors.
    ErrorNotice {
        /// Null.
        "null" Null,
        /// Not there.
        "absent" Absent,
    }
}

choice! {
    /// What a parameter gets that the operation does not know.
    QueryUnknown {
        /// HTTP 400.
        "refused" Refused,
        /// Nothing.
        "ignored" Ignored,
    }
}

choice! {
    /// Which answers leave keys out whose value is null.
    NullKeys {
        /// None.
        "never" Never,
        /// `cryptocurrency/info`.
        "info" Info,
        /// All.
        "always" Always,
    }
}

choice! {
    /// How a coin without a rank is written.
    Unranked {
        /// `null`.
        "null" Null,
        /// `0`.
        "zero" Zero,
        /// Without the key.
        "absent" Absent,
    }
}

choice! {
    /// Who answers what a recording does not hold.
    Unrecorded {
        /// The market.
        "market" Market,
        /// Nobody: HTTP 404.
        "refuse" Refuse,
    }
}
