//! How long it takes to decide what is bought: packing a thousand wanted quotes, filling a block
//! out of ten thousand coins, foreseeing the demand, and choosing what is swept. More than its
//! bound fails the bench: `cargo bench -p engine --bench fewest`.
#![expect(clippy::print_stdout, reason = "a bench says what it found")]

use std::{hint::black_box, process::ExitCode, time::Duration};

use clock::{Stopwatch, Timestamp};
use cmc_api::CoinId;
use engine::{
    fill,
    forecast::Forecast,
    pack::cover::{Bounds, Wanted, cover},
    ranks::Ranks,
    sweep,
    tally::Tally,
};

/// Runs of each case; the median counts.
const RUNS: usize = 201;
const COINS: u32 = 10_000;
const EUR: CoinId = CoinId::new(2_790);

fn main() -> ExitCode {
    let bounds = Bounds { block: 250, converts_max: 120, blocks_max: 20 };
    let some = wanted(1_000);
    let candidates: Vec<(CoinId, f64)> =
        (0..COINS).map(|id| (CoinId::new(id), 1.0 / f64::from(id + 1))).collect();
    let left = |coin: CoinId| Some(f64::from(coin.get().wrapping_mul(2_654_435_761) % 60));
    let fill = || fill::choose(candidates.iter().copied(), 249, 60.0, left);
    let ranks = Ranks::in_order((0..COINS).map(CoinId::new).collect(), Vec::new());
    let (tally, now) = tally();
    let foresee = || Forecast::of(&tally, &ranks, &[], now);
    let forecast = foresee();
    let limits = sweep::Bounds {
        life_s: 60.0,
        converts_max: 120,
        n_blocks: ranks.n_blocks(),
        calls_per_minute: 1_600.0,
    };
    let cases = [
        measure("pack 1,000 wanted quotes", 200, || drop(black_box(cover(&some, bounds)))),
        measure("fill 249 places out of 10,000 coins", 1_000, || drop(black_box(fill()))),
        measure("foresee 10,000 coins in 2 currencies", 30_000, || drop(black_box(foresee()))),
        measure("choose what is swept", 30_000, || {
            drop(black_box(sweep::choose(&forecast, limits)));
        }),
    ];
    if cases.iter().all(|is_fast| *is_fast) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The median of a case in microseconds, and whether it is within `most`.
fn measure(name: &str, most: u128, mut work: impl FnMut()) -> bool {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let watch = Stopwatch::start();
            work();
            watch.elapsed()
        })
        .collect();
    times.sort_unstable();
    let median = times[RUNS / 2].as_micros();
    println!("{name}: {median} µs, at most {most} µs");
    median < most
}

/// Quotes all over the ranking, in three currencies.
fn wanted(n: u32) -> Vec<Wanted> {
    let place = |number: u32| number.wrapping_mul(2_654_435_761) % 5_000;
    let quote = |number: u32| Wanted {
        coin: CoinId::new(place(number)),
        currency: CoinId::new(2_781 + number % 3),
        block: Some(place(number) / 250),
    };
    let mut wanted: Vec<Wanted> = (0..n).map(quote).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Ten minutes of a demand for all coins.
fn tally() -> (Tally, Timestamp) {
    let start = Timestamp::from_millis(1_000_000_000);
    let mut tally = Tally::new(start);
    let mut now = start;
    for second in 0..600 {
        now = start.after(Duration::from_secs(second));
        for number in 0..100_u32 {
            let second = u32::try_from(second).unwrap_or(0);
            let coin = CoinId::new((second * 100 + number).wrapping_mul(2_654_435_761) % COINS);
            tally.add((coin, if number % 3 == 0 { EUR } else { CoinId::USD }), 1.0, now);
        }
    }
    (tally, now)
}
