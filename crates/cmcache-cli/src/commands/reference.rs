//! The reference pages, written from the code that they describe.

mod endpoints;

use std::{path::Path, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::CommandFactory;
use cmcache::{
    cmc_api::{self, CacheClass, Catalogue},
    config::{Config, settings},
    events::Kind,
    monitor::{Monitor, MonitorConfig},
};

use crate::{args::Args, failure::Failure};

pub(crate) fn run(dir: &Path) -> Result<ExitCode, Failure> {
    for (name, text) in [
        ("cli.md", cli()),
        ("config.md", config()),
        ("endpoints.md", endpoints::page()),
        ("cmc-openapi.json", openapi()),
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
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
    out.push_str(&format!(
        "\nA `<name>` is a tier's or a client's, a `<class>` one of\n{}.\n\n\
         A `<kind>` is one of\n{}.\n",
        classes.join(", "),
        kinds.join(", ")
    ));
    out
}

/// Text that cannot end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

/// The API itself, for generators of code.
fn openapi() -> String {
    format!("{:#}\n", cmc_api::openapi(&Catalogue::embedded()))
}

fn metrics() -> String {
    let mut out = format!(
        "{MARK}# Metrics\n\nServed at `/metrics` as Prometheus text.\n\n\
         | metric | what it tells |\n| --- | --- |\n"
    );
    // The monitor describes its own families where it writes them.
    let own = Monitor::new(MonitorConfig::default()).render(Duration::ZERO);
    let own = own.lines().filter_map(|line| line.strip_prefix("# HELP ")?.split_once(' '));
    let ours = cmcache::metrics().into_iter().chain(gateway::metrics::METRICS);
    let mut rows: Vec<(&str, &str)> = ours.chain(own).collect();
    rows.sort_unstable();
    for (name, what) in rows {
        out.push_str(&format!("| `{name}` | {} |\n", cell(what)));
    }
    out
}
