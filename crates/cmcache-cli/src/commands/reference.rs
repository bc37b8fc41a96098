//! The reference pages, written from the code that they describe.

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::CommandFactory;
use cmcache::{
    cmc_api::{CacheClass, Catalogue, Family},
    config::{Config, settings},
    engine::Freshness,
    monitor::{Monitor, MonitorConfig},
};

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
        let help = shown.render_help().to_string();
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
        "{MARK}# Configuration\n\n\
         A flag wins over the environment, which wins over the file, which wins over the preset. \
         Each key\ncan be given as `--set key=value`, as `CMCACHE_<SECTION>__<KEY>` \
         (`CMCACHE_UPSTREAM__TIMEOUT=5s`), or in\na TOML file. `cmcache config show` prints every \
         value and where it came from.\n\n\
         Lengths are written `500ms`, `60s`, `5m`, `24h`; sizes `64MiB`.\n\n\
         | key | default | meaning |\n| --- | --- | --- |\n"
    );
    let shown = Config::default().shown();
    for setting in settings() {
        let default = shown.iter().find(|row| row.key == setting.key && !row.value.is_empty());
        let default = match default {
            Some(row) => format!("`{}`", cell(&row.value)),
            None if setting.key == "freshness.<class>" => "[by operation](endpoints.md)".to_owned(),
            None => "-".to_owned(),
        };
        let meaning = cell(setting.meaning);
        out.push_str(&format!("| `{}` | {default} | {meaning} |\n", setting.key));
    }
    let classes: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
    out.push_str(&format!(
        "\nA `<name>` is a tier's or a client's, a `<class>` one of\n{}.\n",
        classes.join(", ")
    ));
    out
}

/// Text that cannot end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn endpoints() -> String {
    let catalogue = Catalogue::embedded();
    let freshness = Freshness::default();
    let mut out = format!(
        "{MARK}# The operations of the API\n\n\
         Prices, plans and cadences as published in {}. Answers are *composed* from cached coins \
         where so marked;\nall others are kept *whole*, under one canonical form of their query.\n\n\
         - **price**: credits of one call, `1 per 250` for each begun 250 of what it asks for; nothing \
         is charged for\n  what is answered from the cache\n\
         - **changes**: how often the API's own answer changes\n\
         - **kept**: how old an answer may be unless `freshness.<class>` says otherwise; `-` is \
         never kept\n\
         - **plan**: the smallest plan that may ask\n\n\
         | operation | price | changes | kept | class | answer | plan |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
        catalogue.effective()
    );
    for operation in catalogue.operations() {
        out.push_str(&format!(
            "| {} `{}` | {} | {} | {} | {} | {} | {} |\n",
            operation.method.as_str(),
            operation.path,
            price(operation.price),
            length(operation.cadence.unwrap_or_default()),
            length(freshness.ttl(operation)),
            operation.class.name(),
            kind(operation.family),
            operation.min_plan.map_or("-", |plan| plan.name()),
        ));
    }
    out
}

const fn kind(family: Family) -> &'static str {
    match family {
        Family::Whole => "whole",
        Family::KeyInfo => "passed on",
        _ => "composed",
    }
}

/// The longest unit that says it without a rest.
fn length(length: Duration) -> String {
    match length.as_secs() {
        0 => "-".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
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
        "{MARK}# Metrics\n\nServed at `/metrics` as Prometheus text.\n\n\
         | metric | what it tells |\n| --- | --- |\n"
    );
    // The monitor describes its own families where it writes them.
    let own = Monitor::new(MonitorConfig::default()).render(Duration::ZERO);
    let own = own.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split_once(' '));
    let mut rows: Vec<(&str, &str)> = cmcache::metrics().into_iter().chain(own).collect();
    rows.sort_unstable();
    for (name, what) in rows {
        out.push_str(&format!("| `{name}` | {} |\n", cell(what)));
    }
    out
}
