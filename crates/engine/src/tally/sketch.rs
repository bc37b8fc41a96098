//! A count-min sketch: an upper estimate of any key's count in fixed memory.

use crate::{limits, tally::Pair};

const ROWS: usize = 4;
/// Odd numbers without a pattern, one a row.
const SEEDS: [u64; ROWS] =
    [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x27D4_EB2F_1656_67C5];

/// The rows of counters. Counts only ever come out too high, by colliding keys.
#[derive(Clone, Debug)]
pub(super) struct Sketch {
    counters: Vec<f32>,
}

impl Sketch {
    pub(super) fn new() -> Self {
        Self { counters: vec![0.0; ROWS * limits::SKETCH_WIDTH] }
    }

    /// Adds to a key and gives back its estimate.
    pub(super) fn add(&mut self, pair: Pair, n: f64) -> f64 {
        let mut least = f32::INFINITY;
        for place in places(pair) {
            let counter = &mut self.counters[place];
            #[expect(clippy::cast_possible_truncation, reason = "an estimate needs no more digits")]
            let added = *counter + n as f32;
            *counter = added;
            least = least.min(added);
        }
        f64::from(least)
    }

    /// The count of a key, or more.
    pub(super) fn estimate(&self, pair: Pair) -> f64 {
        places(pair).map(|place| f64::from(self.counters[place])).fold(f64::INFINITY, f64::min)
    }

    /// Multiplies every count.
    pub(super) fn scale(&mut self, factor: f64) {
        #[expect(clippy::cast_possible_truncation, reason = "an estimate needs no more digits")]
        let factor = factor as f32;
        self.counters.iter_mut().for_each(|counter| *counter *= factor);
    }
}

fn places((coin, currency): Pair) -> impl Iterator<Item = usize> {
    let key = (u64::from(coin.get()) << 32) | u64::from(currency.get());
    SEEDS.iter().enumerate().map(move |(row, seed)| {
        let mixed = (key ^ seed).wrapping_mul(*seed);
        let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let place = usize::try_from(mixed >> 40).unwrap_or(0) % limits::SKETCH_WIDTH;
        row * limits::SKETCH_WIDTH + place
    })
}
