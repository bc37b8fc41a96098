//! The options of `get` and `price`.

use clap::Args as ClapArgs;

use super::{Asked, Priced, Settings};

/// What the help of `get` says at its end.
const GET_HELP: &str = "A PATH is an operation of the API, with or without a query: \
    cmcache get /v2/cryptocurrency/info --id 1, or cmcache get '/v2/cryptocurrency/info?id=1'. \
    `cmcache get --list` prints all of them; `cmcache get PATH --help` prints what one takes.";

/// What the help of `price` says at its end.
const PRICE_HELP: &str = "PATH, NAME and their parameters are those of `cmcache get`: see \
    `cmcache get --help`.";

/// `get`
#[derive(Clone, Debug, ClapArgs)]
#[command(subcommand_help_heading = "Names")]
#[command(override_usage = "cmcache get [OPTIONS] <PATH|NAME> [PARAMETERS]...")]
#[command(after_help = GET_HELP)]
pub(crate) struct Get {
    #[command(subcommand)]
    pub(crate) asked: Option<Asked>,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) gateway: ThroughGateway,
    #[command(flatten)]
    pub(crate) output: Output,
    /// Print all operations of the API, with price and plan
    #[arg(long)]
    pub(crate) list: bool,
    /// Read all pages of an operation that has `start` and `limit`
    #[arg(long, global = true, conflicts_with = "raw")]
    pub(crate) all: bool,
    /// Say what it would cost and which calls would be made; buy nothing
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
}

/// `price`
#[derive(Clone, Debug, ClapArgs)]
#[command(override_usage = "cmcache price [OPTIONS] <PATH|NAME> [PARAMETERS]...")]
#[command(after_help = PRICE_HELP)]
pub(crate) struct Price {
    #[command(subcommand)]
    pub(crate) asked: Option<Priced>,
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(flatten)]
    pub(crate) gateway: ThroughGateway,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// Through a running gateway instead of this process.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct ThroughGateway {
    /// Ask the gateway that runs there, instead of in this process
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) url: Option<String>,
}

/// How an answer is printed.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Output {
    /// Print the API's data, byte for byte
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print comma-separated values: a line per object, all its fields
    #[arg(long, global = true, conflicts_with_all = ["json", "raw"])]
    pub(crate) csv: bool,
    /// Print the whole body as the gateway would send it
    #[arg(long, global = true, conflicts_with = "json")]
    pub(crate) raw: bool,
    /// Fit tables to so many columns [default: the terminal's; no limit elsewhere]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) width: Option<u16>,
    /// Say nothing of age, cache and credits, and show no progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}
