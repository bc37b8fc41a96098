//! Ratios, goals, and how they are shown.

use anyhow::Result;
use serde_json::{Value, json};

use crate::contest::{Outcome, SizeOutcome};
use crate::load::Turn;

/// Of the bare server's CPU.
const HYPER_RATIO_MAX: f64 = 1.5;
/// nginx must be beaten up to this many coins; beyond, sending bytes is all that is left.
const NGINX_COINS_MAX: usize = 10;

/// Median, least and greatest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    median: f64,
    least: f64,
    greatest: f64,
}

impl Spread {
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 {
            values[middle]
        } else {
            f64::midpoint(values[middle - 1], values[middle])
        };
        Self { median, least: values[0], greatest: values[values.len() - 1] }
    }

    fn cpu(turns: &[Turn]) -> Self {
        Self::of(turns.iter().map(|turn| turn.cpu_seconds).collect())
    }

    /// Round by round, so that what disturbed a round disturbs both sides.
    pub(crate) fn ratio(ours: &[Turn], theirs: &[Turn]) -> Self {
        let pairs = ours.iter().zip(theirs);
        Self::of(pairs.map(|(ours, theirs)| ours.cpu_seconds / theirs.cpu_seconds).collect())
    }

    /// For people.
    pub(crate) fn shown(self) -> String {
        let Self { median, least, greatest } = self;
        format!("{median:.2} ({least:.2} to {greatest:.2})")
    }

    fn json(self) -> Value {
        json!({ "median": self.median, "min": self.least, "max": self.greatest })
    }
}

/// The ratios of one size, and whether each reaches its goal.
struct Verdict {
    to_hyper: Spread,
    to_nginx: Spread,
    is_near_hyper: bool,
    /// `None` where nothing is asked for.
    is_below_nginx: Option<bool>,
}

impl Verdict {
    fn on(size: &SizeOutcome) -> Self {
        let to_hyper = Spread::ratio(&size.gateway, &size.hyper);
        let to_nginx = Spread::ratio(&size.gateway, &size.nginx);
        let is_asked = size.n_coins <= NGINX_COINS_MAX;
        Self {
            to_hyper,
            to_nginx,
            is_near_hyper: to_hyper.median <= HYPER_RATIO_MAX,
            is_below_nginx: is_asked.then_some(to_nginx.median < 1.0),
        }
    }

    fn is_passed(&self) -> bool {
        self.is_near_hyper && self.is_below_nginx != Some(false)
    }
}

/// Whether every goal is reached.
pub(crate) fn is_passed(outcome: &Outcome) -> bool {
    outcome.sizes.iter().all(|size| Verdict::on(size).is_passed())
}

/// For people.
pub(crate) fn table(outcome: &Outcome) -> String {
    let mut text = format!(
        "CPU seconds per 100,000 requests, median; ratios by round, median (min to max)\n\n\
         {:>5} {:>8} {:>9} {:>7} {:>7}  {:<31} {:<31}\n",
        "coins",
        "bytes",
        outcome.subject,
        "hyper",
        "nginx",
        format!("{} / hyper", outcome.subject),
        format!("{} / nginx", outcome.subject),
    );
    for size in &outcome.sizes {
        let verdict = Verdict::on(size);
        let cpu = [&size.gateway, &size.hyper, &size.nginx].map(|turns| Spread::cpu(turns).median);
        text += &format!(
            "{:>5} {:>8} {:>9.2} {:>7.2} {:>7.2}  {:<31} {:<31}\n",
            size.n_coins,
            size.n_bytes,
            cpu[0],
            cpu[1],
            cpu[2],
            cell(verdict.to_hyper, "≤ 1.5", Some(verdict.is_near_hyper)),
            cell(verdict.to_nginx, "< 1", verdict.is_below_nginx),
        );
    }
    text + if is_passed(outcome) { "\nall goals reached\n" } else { "\na goal is missed\n" }
}

fn cell(ratio: Spread, goal: &str, is_reached: Option<bool>) -> String {
    let goal = match is_reached {
        Some(true) => format!("{goal} ok"),
        Some(false) => format!("{goal} MISSED"),
        None => "no goal".to_owned(),
    };
    format!("{} {goal}", ratio.shown())
}

/// For scripts.
pub(crate) fn json(outcome: &Outcome) -> Result<String> {
    let sizes: Vec<Value> = outcome.sizes.iter().map(size_json).collect();
    let document = json!({
        "subject": outcome.subject,
        "unit": "CPU seconds per 100,000 requests",
        "sizes": sizes,
        "passed": is_passed(outcome),
    });
    Ok(serde_json::to_string_pretty(&document)?)
}

fn size_json(size: &SizeOutcome) -> Value {
    let verdict = Verdict::on(size);
    let server = |turns: &[Turn]| {
        let n_requests: u64 = turns.iter().map(|turn| turn.n_requests).sum();
        let rounds: Vec<f64> = turns.iter().map(|turn| turn.cpu_seconds).collect();
        json!({ "cpu": Spread::cpu(turns).json(), "rounds": rounds, "requests": n_requests })
    };
    json!({
        "coins": size.n_coins,
        "bytes": size.n_bytes,
        "gateway": server(&size.gateway),
        "hyper": server(&size.hyper),
        "nginx": server(&size.nginx),
        "gateway_to_hyper": verdict.to_hyper.json(),
        "gateway_to_nginx": verdict.to_nginx.json(),
        "passed": verdict.is_passed(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(values: &[f64]) -> Vec<Turn> {
        values.iter().map(|&cpu_seconds| Turn { n_requests: 1, cpu_seconds }).collect()
    }

    fn size(n_coins: usize, gateway: f64) -> SizeOutcome {
        let (hyper, nginx) = (turns(&[2.0]), turns(&[2.5]));
        SizeOutcome { n_coins, n_bytes: 1, gateway: turns(&[gateway]), hyper, nginx }
    }

    #[test]
    fn a_ratio_compares_turns_of_the_same_round() {
        // Breaks: a disturbed round would look like a slow server.
        let ratio = Spread::ratio(&turns(&[1.0, 10.0, 3.0]), &turns(&[1.0, 10.0, 2.0]));
        assert_eq!(ratio, Spread { median: 1.0, least: 1.0, greatest: 1.5 });
        assert!((Spread::of(vec![4.0, 1.0]).median - 2.5).abs() < f64::EPSILON);
    }

    #[test]
    fn nginx_decides_small_answers_only() {
        // Breaks: the exit code would not say whether the goals are reached.
        assert!(Verdict::on(&size(1, 2.4)).is_passed());
        assert!(!Verdict::on(&size(10, 2.6)).is_passed());
        assert!(Verdict::on(&size(100, 2.6)).is_passed());
        assert!(!Verdict::on(&size(100, 3.1)).is_passed());
    }
}
