//! The dashboard for Grafana: every metric that it asks for exists, and no panel hides another.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Examples;

const FILE: &str = "grafana.json";
/// Where the names of all metrics stand.
const METRICS: &str = "docs/reference/metrics.md";
/// How the names of ours begin.
const PREFIXES: [&str; 2] = ["cmcache_", "monitor_"];
/// What a histogram adds to its name.
const SUFFIXES: [&str; 3] = ["_bucket", "_count", "_sum"];

/// Checks it; gives back the number of panels.
pub(super) fn check(examples: &Examples<'_>) -> Result<usize> {
    let board: Value = serde_json::from_str(&examples.read(FILE)?).context("no JSON")?;
    let reference = std::fs::read_to_string(examples.workspace.root.join(METRICS))?;
    let known = known(&reference);
    let panels = board["panels"].as_array().context("no panels")?;
    for panel in panels {
        let title = panel["title"].as_str().context("a panel without a title")?;
        let targets = panel["targets"].as_array().with_context(|| title.to_owned())?;
        ensure!(!targets.is_empty(), "{title}: asks for nothing");
        for target in targets {
            let asked = target["expr"].as_str().with_context(|| title.to_owned())?;
            check_query(asked, &known).with_context(|| title.to_owned())?;
        }
    }
    check_places(panels)?;
    Ok(panels.len())
}

/// The names in the first column of the reference.
fn known(reference: &str) -> BTreeSet<&str> {
    let rows = reference.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    rows.collect()
}

fn check_query(asked: &str, known: &BTreeSet<&str>) -> Result<()> {
    let is_part = |byte: char| byte.is_ascii_alphanumeric() || byte == '_';
    let words = asked.split(|byte| !is_part(byte));
    let names: Vec<&str> =
        words.filter(|word| PREFIXES.iter().any(|prefix| word.starts_with(prefix))).collect();
    ensure!(!names.is_empty(), "asks for no metric of ours: {asked}");
    for name in names {
        let base = SUFFIXES.iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(name);
        ensure!(known.contains(name) || known.contains(base), "there is no metric `{name}`");
    }
    for (open, close) in [('(', ')'), ('{', '}'), ('[', ']')] {
        let n = |which: char| asked.chars().filter(|byte| *byte == which).count();
        ensure!(n(open) == n(close), "unbalanced `{open}`: {asked}");
    }
    Ok(())
}

/// Each panel has an id and a place of its own.
fn check_places(panels: &[Value]) -> Result<()> {
    let (mut ids, mut places) = (BTreeSet::new(), BTreeSet::new());
    for panel in panels {
        ensure!(ids.insert(panel["id"].as_u64().context("id")?), "an id is there twice");
        let at = |name: &str| panel["gridPos"][name].as_u64().context("gridPos");
        let (left, top, width, height) = (at("x")?, at("y")?, at("w")?, at("h")?);
        ensure!(left + width <= 24, "a panel is wider than the screen");
        for x in left..left + width {
            for y in top..top + height {
                ensure!(places.insert((x, y)), "{}: lies over another", panel["title"]);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_for_a_metric_that_is_gone_is_refused() {
        // Breaks: a panel stays empty for ever, and nobody knows why.
        let known = known("| `cmcache_x_total` | counts |\n| `cmcache_y_seconds` | times |\n");
        assert!(check_query("rate(cmcache_x_total[5m])", &known).is_ok());
        assert!(check_query("rate(cmcache_y_seconds_sum{a=\"b\"}[5m])", &known).is_ok());
        for bad in ["cmcache_z_total", "vector(0)", "rate(cmcache_x_total[5m]"] {
            assert!(check_query(bad, &known).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_panel_over_another_is_refused() {
        // Breaks: Grafana moves panels about until nothing is where it was.
        let panel = |id: u64, x: u64| {
            let place = serde_json::json!({"x": x, "y": 0, "w": 12, "h": 8});
            serde_json::json!({"id": id, "title": "t", "gridPos": place})
        };
        assert!(check_places(&[panel(1, 0), panel(2, 12)]).is_ok());
        for bad in
            [[panel(1, 0), panel(2, 11)], [panel(1, 0), panel(1, 12)], [panel(1, 0), panel(2, 13)]]
        {
            assert!(check_places(&bad).is_err());
        }
    }
}
