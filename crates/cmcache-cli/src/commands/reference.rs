//! The reference pages, written from the code that they describe.

use std::{path::Path, process::ExitCode};

use anyhow::Context;
use clap::CommandFactory;
use cmcache::{cmc_api::Catalogue, config::Config};

use crate::{args::Args, failure::Failure};

pub(crate) fn run(dir: &Path) -> Result<ExitCode, Failure> {
    for (name, text) in [
        ("cli.md", cli()),
        ("config.md", config()),
        ("endpoints.md", endpoints()),
        ("metrics.md", metrics()),
    ] {
        let path = dir.join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
    }
    Ok(ExitCode::SUCCESS)
}

const MARK: &str = "<!-- Written by `cargo xtask docs`; do not edit. -->\n\n";

fn cli() -> String {
    let mut out = format!("{MARK}# The command line\n");
    let mut command = Args::command().term_width(100);
    command.build();
    let mut commands = vec![command.clone()];
    while let Some(command) = (!commands.is_empty()).then(|| commands.remove(0)) {
        let mut shown = command.clone();
        let help = shown.render_long_help().to_string();
        let name = command.get_bin_name().unwrap_or(command.get_name()).to_owned();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        out.push_str(&format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()));
        let subs = command.get_subcommands().filter(|sub| !sub.is_hide_set());
        commands.extend(subs.filter(|sub| sub.get_name() != "help").cloned());
    }
    out
}

fn config() -> String {
    let mut out = format!(
        "{MARK}# Configuration\n\nA flag wins over the environment, which wins over the file, which \
         wins over the default. Any key can be given as `--set key=value` or as \
         `CMCACHE_<SECTION>__<KEY>`.\n\n| key | default |\n| --- | --- |\n"
    );
    for row in Config::default().shown() {
        out.push_str(&format!("| `{}` | `{}` |\n", row.key, row.value.replace('|', "\\|")));
    }
    out.push_str(
        "\nBesides, by name:\n\n| key | meaning |\n| --- | --- |\n\
         | `freshness.<class>` | maximum age served while upstream is well, e.g. `60s` |\n\
         | `freshness.stale_if_error` | how much longer a value may be served when fetching fails |\n\
         | `tiers.<name>.max_bytes` | how much a tier may hold, e.g. `256MiB` (in a file: `[tier.<name>]`) |\n\
         | `tiers.<name>.deadline` | how long a tier may take to answer |\n\
         | `tiers.<name>.retention` | how long a tier keeps an entry at most |\n\
         | `clients.<name>` | the token of a client |\n",
    );
    out
}

fn endpoints() -> String {
    let catalogue = Catalogue::embedded();
    let mut out = format!(
        "{MARK}# The operations of the API\n\nPrices and cadences of {}. Families other than \
         `whole` are composed from cached entities; `whole` answers are cached under their \
         canonical query.\n\n| operation | class | family | cadence | price | plan |\n\
         | --- | --- | --- | --- | --- | --- |\n",
        catalogue.effective()
    );
    for operation in catalogue.operations() {
        let cadence = operation.cadence.map_or("-".to_owned(), |c| format!("{} s", c.as_secs()));
        let plan = operation.min_plan.map_or("-", |plan| plan.name());
        out.push_str(&format!(
            "| {} `{}` | {} | {} | {cadence} | {} | {plan} |\n",
            operation.method.as_str(),
            operation.path,
            operation.class.name(),
            format!("{:?}", operation.family).to_lowercase(),
            price(operation.price),
        ));
    }
    out
}

fn price(rule: cmcache::cmc_api::PriceRule) -> String {
    use cmcache::cmc_api::PriceRule::{Batch, Flat, Free, Item, Unknown};
    let more = |convert| if convert { ", +1 per further currency" } else { "" };
    match rule {
        Free => "free".to_owned(),
        Flat { credits, convert } => format!("{credits} a call{}", more(convert)),
        Batch { per, convert, .. } => format!("1 per {per}{}", more(convert)),
        Item => "1 per item".to_owned(),
        Unknown => "learned from the first charge".to_owned(),
    }
}

fn metrics() -> String {
    let mut out = format!(
        "{MARK}# Metrics\n\nServed at `/metrics`. Counters end in `_total` there.\n\n\
         | metric | what it counts |\n| --- | --- |\n"
    );
    let mut rows: Vec<(&str, &str)> = cmcache::metrics();
    rows.sort_unstable();
    for (name, what) in rows {
        out.push_str(&format!("| `{name}` | {what} |\n"));
    }
    out
}
