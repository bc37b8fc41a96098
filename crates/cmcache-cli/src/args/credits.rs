//! The options of `credits`.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::At;

/// `credits`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Credits {
    /// What to say [default: status]
    #[command(subcommand)]
    pub(crate) what: Option<CreditsWhat>,
    #[command(flatten)]
    pub(crate) at: At,
}

/// What `credits` says.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum CreditsWhat {
    /// Limits, use and what is left
    Status,
    /// What was spent on what, and what was got for it
    Report(ReportOf),
    /// The charges, newest first
    Ledger(LedgerOf),
    /// The coins for which most was charged since the gateway started
    Coins(CoinsOf),
    /// What will have been spent at the reset, and how long the rest lasts
    Forecast,
    /// What the recorded demand would have cost under other plans and ages, and which plan would do
    WhatIf(WhatIfOf),
}

/// Over which time.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Span {
    /// From then: a length before now, such as 12h or 30d, or an instant
    #[arg(long, value_name = "WHEN")]
    pub(crate) since: Option<String>,
    /// Until then [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) until: Option<String>,
}

/// `credits report`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ReportOf {
    #[command(flatten)]
    pub(crate) span: Span,
    /// A line for each [default: operation]
    #[arg(long, value_enum)]
    pub(crate) by: Option<By>,
    /// The two reports of the guide that the project grew from, with its score
    #[arg(long, conflicts_with = "by")]
    pub(crate) guide: bool,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

/// `credits coins`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct CoinsOf {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
}

/// `credits what-if`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct WhatIfOf {
    #[command(flatten)]
    pub(crate) span: Span,
    /// Only under this plan, may be given several times [default: all that have a price]
    #[arg(long, value_name = "NAME")]
    pub(crate) plan: Vec<String>,
    /// Maximum age of quotes, listings and totals: 120, 5m [default: as configured]
    #[arg(long, value_name = "LENGTH")]
    pub(crate) ttl: Option<String>,
}

/// What the lines of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum By {
    /// Operations of the API
    Operation,
    /// Clients of the gateway
    Client,
    /// Days, UTC
    Day,
    /// Hours, UTC
    Hour,
}

impl By {
    /// As in URLs.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Client => "client",
            Self::Day => "day",
            Self::Hour => "hour",
        }
    }
}

/// `credits ledger`
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct LedgerOf {
    #[command(flatten)]
    pub(crate) span: Span,
    /// What this client paid of them, instead of what the key was charged
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,
    /// Only charges of this path
    #[arg(long, value_name = "PATH")]
    pub(crate) operation: Option<String>,
    /// Only charges of calls that ended so: ok, timed_out, …
    #[arg(long, value_name = "WORD")]
    pub(crate) outcome: Option<String>,
    /// Only charges whose true amount is not known (true), or is (false)
    #[arg(long, value_name = "BOOL")]
    pub(crate) assumed: Option<bool>,
    /// At most so many [default: 200]
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub(crate) limit: Option<usize>,
    /// All of them, page by page
    #[arg(long)]
    pub(crate) all: bool,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}
