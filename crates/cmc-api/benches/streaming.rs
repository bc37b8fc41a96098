//! How much memory the streams take: every coin, and ten years of daily candles.
//!
//! The simulator runs in this process; each stream runs in a child of its own, which measures the
//! growth of its resident memory. More than [`GROWTH_MIB_MAX`] fails the bench:
//! `cargo bench -p cmc-api --bench streaming`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a bench says what it found")]

use std::process::{Command, ExitCode};

use clock::Timestamp;
use cmc_api::{Client, CoinId};
use cmc_sim::{DEFAULT_KEY, Sim, SimConfig};
use futures_util::TryStreamExt;

/// What a stream may take beyond an idle client.
const GROWTH_MIB_MAX: f64 = 32.0;
/// Nine thousand coins, more or less, are ranked.
const COINS_MIN: usize = 8_000;
/// Ten years, with three leap days.
const CANDLES: usize = 3_653;

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    match args.iter().position(|arg| arg == "--child") {
        Some(at) => {
            println!("{}", child(&args[at + 1], &args[at + 2]).await);
            ExitCode::SUCCESS
        }
        None => parent().await,
    }
}

async fn parent() -> ExitCode {
    let config =
        SimConfig { frozen_at: "2026-10-05T09:14:00Z".parse().ok(), ..SimConfig::default() };
    let sim = Sim::start(config, ([127, 0, 0, 1], 0).into()).await.unwrap();
    let mut is_bounded = true;
    for case in ["listings_all", "map_all", "ohlcv_range"] {
        let growth = measured(case, &sim.url());
        println!("{case}: {growth:.1} MiB at the peak, at most {GROWTH_MIB_MAX} MiB");
        is_bounded &= growth < GROWTH_MIB_MAX;
    }
    sim.stop().await;
    if is_bounded { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The growth of a child in MiB.
fn measured(case: &str, url: &str) -> f64 {
    let program = std::env::current_exe().unwrap();
    let output = Command::new(program).args(["--child", case, url]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{case}: {}", String::from_utf8_lossy(&output.stderr));
    said.trim().parse().unwrap()
}

/// Runs one stream, one item at a time, and tells how far memory grew above an idle client.
async fn child(case: &str, url: &str) -> f64 {
    let client = Client::at(url, DEFAULT_KEY).unwrap();
    client.key_info().send().await.unwrap();
    let before = resident("VmRSS:");
    match case {
        "listings_all" => {
            let n = drained(client.listings_all()).await;
            assert!(n > COINS_MIN, "{n} coins");
        }
        "map_all" => {
            let n = drained(client.map_all()).await;
            assert!(n > COINS_MIN, "{n} coins");
        }
        _ => {
            let at = |text: &str| Timestamp::parse(text).unwrap();
            let (from, to) = (at("2016-10-04T00:00:00Z"), at("2026-10-04T00:00:00Z"));
            let n = drained(client.ohlcv_range(CoinId::new(1), from, to)).await;
            assert_eq!(n, CANDLES);
        }
    }
    (resident("VmHWM:") - before) / 1024.0
}

async fn drained<T>(mut stream: cmc_api::client::Stream<T>) -> usize {
    let mut n = 0;
    while stream.try_next().await.unwrap().is_some() {
        n += 1;
    }
    n
}

/// A figure of this process in KiB.
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").trim().parse().unwrap()
}
