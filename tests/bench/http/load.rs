//! wrk, and what the server paid for it.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use harness::cpu_seconds;

use crate::arguments::Plan;

/// One run of wrk against one server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Turn {
    pub(crate) n_requests: u64,
    /// CPU seconds of the server per 100,000 requests.
    pub(crate) cpu_seconds: f64,
}

/// Lets wrk ask `url` for a while, from its own core.
pub(crate) fn turn(plan: &Plan, url: &str, pid: u32) -> Result<Turn> {
    let before = cpu_seconds(pid);
    let output = Command::new("taskset")
        .args(["-c", &plan.client_core.to_string(), "wrk", "-t1"])
        .arg(format!("-c{}", plan.n_connections))
        .arg(format!("-d{}s", plan.length.as_secs()))
        .args(["-H", concat!("X-CMC_PRO_API_KEY: ", "harness-key"), url])
        .stdin(Stdio::null())
        .output()
        .context("run wrk (Debian: wrk)")?;
    let used = cpu_seconds(pid) - before;
    let text = String::from_utf8_lossy(&output.stdout);
    ensure!(output.status.success(), "wrk: {text}{}", String::from_utf8_lossy(&output.stderr));
    let n_requests = requests_in(&text).with_context(|| format!("wrk said: {text}"))?;
    ensure!(n_requests > 0 && used > 0.0, "nothing was measured: {text}");
    #[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^52")]
    let cpu_seconds = used * 100_000.0 / n_requests as f64;
    Ok(Turn { n_requests, cpu_seconds })
}

/// `  123456 requests in 4.00s, 1.2GB read`; a single failure spoils the run.
fn requests_in(text: &str) -> Result<u64> {
    for trouble in ["Non-2xx", "Socket errors"] {
        ensure!(!text.contains(trouble), "not every request was answered with success");
    }
    let line = text.lines().find(|line| line.contains(" requests in ")).context("no total")?;
    Ok(line.trim_start().split(' ').next().context("no number")?.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read_and_failures_spoil_it() {
        // Breaks: cheap error pages would win the contest.
        let fine = "Running 1s test\n  52011 requests in 1.10s, 30.10MB read\n";
        assert_eq!(requests_in(fine).unwrap(), 52_011);
        assert!(requests_in(&format!("{fine}  Non-2xx or 3xx responses: 3\n")).is_err());
        assert!(requests_in("unable to connect").is_err());
    }
}
