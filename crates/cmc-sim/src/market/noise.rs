//! Numbers out of nothing but a seed: hashes, and a bounded, smooth walk made of noise octaves.

/// Spreads the bits of `value` (the finaliser of SplitMix64).
pub(crate) const fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A hash of two numbers.
pub(crate) const fn mix2(a: u64, b: u64) -> u64 {
    mix(mix(a) ^ b.rotate_left(17))
}

/// A number in 0..1 from a hash.
pub(crate) const fn unit(hash: u64) -> f64 {
    (hash >> 11) as f64 / (1u64 << 53) as f64
}

/// A stream of numbers for one purpose, each named by its position.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) const fn unit(self, lane: u64) -> f64 {
        unit(mix2(self.0, lane))
    }

    /// A number in 0..n; `n` must not be 0.
    pub(crate) const fn below(self, lane: u64, n: u64) -> u64 {
        mix2(self.0, lane) % n
    }

    #[expect(clippy::cast_possible_truncation, reason = "below the length of a slice")]
    pub(crate) fn pick<T: Copy>(self, lane: u64, choices: &[T]) -> T {
        choices[self.below(lane, choices.len() as u64) as usize]
    }
}

/// Period in steps of a minute, and weight.
const OCTAVES: [(i64, f64); 7] = [
    (129_600, 0.50),
    (43_200, 0.30),
    (10_080, 0.17),
    (1_440, 0.07),
    (240, 0.03),
    (60, 0.012),
    (7, 0.004),
];

/// A smooth walk in about ±1.1 that moves in every step; `lane` tells one walk from another.
pub(crate) fn walk(lane: u64, step: i64) -> f64 {
    let mut sum = 0.0;
    for (number, (period, weight)) in (0u64..).zip(OCTAVES) {
        sum += weight * octave(mix2(lane, number), step, period);
    }
    sum
}

/// [`walk`] for many steps close to each other: keeps the ends of every octave between calls.
#[derive(Debug, Clone)]
pub(crate) struct Walker {
    octaves: [Octave; OCTAVES.len()],
}

#[derive(Debug, Clone, Copy)]
struct Octave {
    lane: u64,
    point: i64,
    from: f64,
    to: f64,
}

impl Walker {
    pub(crate) fn new(lane: u64) -> Self {
        let octave = |number: usize| {
            let lane = mix2(lane, number as u64);
            Octave { lane, point: i64::MIN, from: 0.0, to: 0.0 }
        };
        Self { octaves: std::array::from_fn(octave) }
    }

    /// The same number as [`walk`].
    pub(crate) fn at(&mut self, step: i64) -> f64 {
        let mut sum = 0.0;
        for (octave, (period, weight)) in self.octaves.iter_mut().zip(OCTAVES) {
            sum += weight * octave.at(step, period);
        }
        sum
    }
}

impl Octave {
    fn at(&mut self, step: i64, period: i64) -> f64 {
        let (point, rest) = place(self.lane, step, period);
        if point != self.point {
            self.from = if self.point + 1 == point { self.to } else { end(self.lane, point) };
            self.to = end(self.lane, point + 1);
            self.point = point;
        }
        ease(self.from, self.to, rest as f64 / period as f64)
    }
}

/// The two fast octaves only: what volumes do within days.
pub(crate) fn quick_walk(lane: u64, step: i64) -> f64 {
    0.3 * octave(mix2(lane, 21), step, 1_440) + 0.1 * octave(mix2(lane, 22), step, 37)
}

fn octave(lane: u64, step: i64, period: i64) -> f64 {
    let (point, rest) = place(lane, step, period);
    ease(end(lane, point), end(lane, point + 1), rest as f64 / period as f64)
}

#[expect(clippy::cast_possible_wrap, reason = "less than a period")]
fn place(lane: u64, step: i64, period: i64) -> (i64, i64) {
    let shifted = step + (lane % period.unsigned_abs()) as i64;
    (shifted.div_euclid(period), shifted.rem_euclid(period))
}

#[expect(clippy::cast_sign_loss, reason = "positions are hashed, not counted")]
fn end(lane: u64, point: i64) -> f64 {
    2.0 * unit(mix2(lane, point as u64)) - 1.0
}

fn ease(from: f64, to: f64, t: f64) -> f64 {
    from + (to - from) * t * t * (3.0 - 2.0 * t)
}

/// `value` with at most `digits` significant decimal digits.
pub(crate) fn significant(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of an f64 is small")]
    let shift = digits - 1 - value.abs().log10().floor() as i32;
    if shift >= 0 {
        let scale = 10f64.powi(shift.min(22));
        (value * scale).round() / scale
    } else {
        let scale = 10f64.powi(-shift);
        (value / scale).round() * scale
    }
}

/// `value` with at most `places` decimals (22 at most).
pub(crate) fn decimals(value: f64, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    let rounded = (value * scale).round() / scale;
    if rounded.is_finite() { rounded } else { value }
}

#[cfg(test)]
mod tests;
