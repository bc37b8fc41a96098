//! A demand from a seed: what 300 clients ask, each in its own words, of coins by Zipf.

use std::{sync::Arc, time::Duration};

use super::{
    coins::Coins,
    request::{Ask, Notation, Request},
};

/// Coins that are asked for at all.
pub(crate) const UNIVERSE: usize = 5_000;
/// Those who ask.
const CLIENTS: usize = 300;
/// What each of them watches again and again, besides what comes to mind.
const OWN_PORTFOLIOS: usize = 2;
/// How long one shifted order of popularity lasts, and how many coins come to the top in it.
const SHIFT_EVERY: Duration = Duration::from_secs(180);
const SHIFTED: usize = 500;
/// How far popularity strays from rank: the deviation of the logarithm of their ratio.
const STRAY: f64 = 0.5;
/// How much more is asked at the height of the day than on average.
const DAY_SWING: f64 = 0.4;
/// When the day is at its height: seconds after midnight UTC.
const HEIGHT: f64 = 15.0 * 3_600.0;
/// How long a burst lasts.
const BURST: Duration = Duration::from_secs(30);

/// What a demand is drawn from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Terms {
    pub(crate) seed: u64,
    /// Requests a second, on average.
    pub(crate) rate: f64,
    pub(crate) length: Duration,
    /// The exponent of popularity.
    pub(crate) zipf: f64,
    /// Other coins become popular every three minutes.
    pub(crate) shifts: bool,
    /// Whether rank tells of popularity.
    pub(crate) is_ranked: bool,
    /// In the middle, everybody asks for a coin that nobody asked for before.
    pub(crate) bursts: bool,
    /// Seconds after midnight UTC at which it begins.
    pub(crate) began_s: u64,
}

/// The words of one client.
#[derive(Clone, Debug)]
struct Client {
    version: u8,
    notation: Notation,
    currency: u32,
    is_implicit: bool,
    portfolios: [Vec<u16>; OWN_PORTFOLIOS],
}

/// The requests in their order. The same terms make the same requests.
#[derive(Debug)]
pub(crate) struct Demand {
    terms: Terms,
    coins: Arc<Coins>,
    rng: fastrand::Rng,
    clients: Vec<Client>,
    /// Up to each rank of popularity, the share of all asking.
    cumulative: Vec<f64>,
    /// Places by popularity.
    popular: Vec<u16>,
    base: Vec<u16>,
    shift: u64,
    at: Duration,
    /// The mean of the day's curve over the demand.
    mean: f64,
}

impl Demand {
    pub(crate) fn new(terms: Terms, coins: Arc<Coins>) -> Self {
        let mut rng = fastrand::Rng::with_seed(terms.seed);
        let n_coins = UNIVERSE.min(coins.n_active());
        let base = popularity(&mut rng, n_coins, terms.is_ranked);
        let mut sum = 0.0;
        let weights = (1..=n_coins).map(|rank| (rank as f64).powf(-terms.zipf));
        let cumulative = weights.map(|weight| {
            sum += weight;
            sum
        });
        let cumulative: Vec<f64> = cumulative.collect();
        let cumulative = cumulative.iter().map(|partial| partial / sum).collect();
        let mut demand = Self {
            clients: Vec::new(),
            cumulative,
            popular: base.clone(),
            base,
            shift: 0,
            at: Duration::ZERO,
            mean: mean_of_day(&terms),
            rng,
            coins,
            terms,
        };
        demand.clients = (0..CLIENTS).map(|_| demand.client()).collect();
        demand
    }

    fn client(&mut self) -> Client {
        let currency = match self.rng.u32(0..100) {
            0..70 => 1,
            70..88 => 2,
            _ => 4,
        };
        Client {
            // Most old clients still speak v1 and v2.
            version: [1, 2, 2, 2, 3][self.rng.usize(0..5)],
            notation: match self.rng.u32(0..100) {
                0..45 => Notation::Id,
                45..60 => Notation::Slug,
                _ => Notation::Symbol,
            },
            currency,
            is_implicit: currency == 1 && self.rng.bool(),
            portfolios: std::array::from_fn(|_| self.portfolio()),
        }
    }

    /// A coin by popularity.
    fn coin(&mut self) -> u16 {
        let drawn = self.rng.f64();
        let rank = self.cumulative.partition_point(|sum| *sum < drawn);
        self.popular[rank.min(self.popular.len() - 1)]
    }

    /// 2 to 30 coins, each once; small ones are more frequent.
    fn portfolio(&mut self) -> Vec<u16> {
        let more = (-7.0 * (1.0 - self.rng.f64()).ln()).min(28.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 28")]
        let n = 2 + more as usize;
        self.several(n)
    }

    fn several(&mut self, n: usize) -> Vec<u16> {
        let mut places: Vec<u16> = (0..n).map(|_| self.coin()).collect();
        places.sort_unstable();
        places.dedup();
        self.rng.shuffle(&mut places);
        places
    }

    fn ask(&mut self, client: usize) -> Ask {
        match self.rng.u32(0..100) {
            0..45 => Ask::Quotes(vec![self.coin()]),
            45..72 if self.rng.u32(0..6) == 0 => {
                let own = self.rng.usize(0..OWN_PORTFOLIOS);
                Ask::Quotes(self.clients[client].portfolios[own].clone())
            }
            45..72 => Ask::Quotes(self.portfolio()),
            72..84 => {
                let limit = [10, 20, 50, 100, 100, 100, 200, 250][self.rng.usize(0..8)];
                let is_deep = self.rng.u32(0..4) == 0;
                let start = if is_deep { 1 + 100 * self.rng.u32(0..5) } else { 1 };
                Ask::Listing { start, limit }
            }
            84..89 => {
                let n = self.rng.usize(1..=10);
                Ask::Simple(self.several(n))
            }
            89..93 => Ask::Info(vec![self.coin()]),
            93..96 => Ask::Global,
            96..98 => Ask::Map(self.plain()),
            _ => Ask::Fear,
        }
    }

    fn plain(&mut self) -> u16 {
        loop {
            let place = self.coin();
            if self.coins.at(place).is_plain {
                return place;
            }
        }
    }

    fn request(&mut self) -> Request {
        let client = self.rng.usize(0..self.clients.len());
        let ask = self.ask(client);
        let Client { version, notation, currency, is_implicit, .. } = self.clients[client];
        let named: &[u16] = match &ask {
            Ask::Quotes(places) | Ask::Simple(places) | Ask::Info(places) => places,
            _ => &[],
        };
        // What a symbol cannot tell is asked by id.
        let is_clear = named.iter().all(|place| self.coins.at(*place).is_plain);
        let is_listing = matches!(ask, Ask::Listing { .. });
        Request {
            at: self.at,
            // There is no v2 of listings.
            version: if is_listing && version == 2 { 1 } else { version },
            notation: if notation == Notation::Symbol && !is_clear {
                Notation::Id
            } else {
                notation
            },
            currencies: currency,
            is_implicit,
            text: None,
            ask,
        }
    }

    /// During a burst every second request is for the newcomer.
    fn newcomer(&mut self) -> Option<Ask> {
        let middle = self.terms.length / 2;
        let is_on = self.terms.bursts && (middle..middle + BURST).contains(&self.at);
        let newcomer = u16::try_from(UNIVERSE + 123).ok()?;
        let is_known = usize::from(newcomer) < self.coins.n_active();
        (is_on && is_known && self.rng.bool()).then(|| Ask::Quotes(vec![newcomer]))
    }

    fn shift(&mut self) {
        let shift = self.at.as_secs() / SHIFT_EVERY.as_secs();
        if !self.terms.shifts || shift == self.shift {
            return;
        }
        self.shift = shift;
        let mut rng = fastrand::Rng::with_seed(self.terms.seed.rotate_left(17) ^ shift);
        let mut popular = self.base.clone();
        let n = popular.len();
        for place in 0..SHIFTED.min(n) {
            let other = rng.usize(place..n);
            popular.swap(place, other);
        }
        self.popular = popular;
    }
}

impl Iterator for Demand {
    type Item = Request;

    fn next(&mut self) -> Option<Request> {
        let rate = self.terms.rate * day(self.terms.began_s, self.at) / self.mean;
        let pause = -(1.0 - self.rng.f64()).ln() / rate;
        self.at += Duration::from_secs_f64(pause);
        if self.at >= self.terms.length {
            return None;
        }
        self.shift();
        let mut request = self.request();
        if let Some(ask) = self.newcomer() {
            let places = Request { ask, notation: Notation::Id, ..request };
            request = places;
            request.version = request.version.max(1);
        }
        Some(request)
    }
}

/// Places by popularity: near their rank, or anywhere.
fn popularity(rng: &mut fastrand::Rng, n: usize, is_ranked: bool) -> Vec<u16> {
    let mut places: Vec<u16> = (0..u16::try_from(n).unwrap_or(u16::MAX)).collect();
    if !is_ranked {
        rng.shuffle(&mut places);
        return places;
    }
    let mut strayed: Vec<(f64, u16)> = places
        .into_iter()
        .map(|place| {
            let normal = (0..12).map(|_| rng.f64()).sum::<f64>() - 6.0;
            ((f64::from(place) + 1.0) * (STRAY * normal).exp(), place)
        })
        .collect();
    strayed.sort_by(|one, two| one.0.total_cmp(&two.0));
    strayed.into_iter().map(|(_, place)| place).collect()
}

/// How much is asked at this time of the day, 1 on average over a day.
fn day(began_s: u64, at: Duration) -> f64 {
    let seconds = began_s as f64 + at.as_secs_f64();
    1.0 + DAY_SWING * (std::f64::consts::TAU * (seconds - HEIGHT) / 86_400.0).cos()
}

fn mean_of_day(terms: &Terms) -> f64 {
    let steps = 1_000u32;
    let sum: f64 = (0..steps).map(|step| day(terms.began_s, terms.length * step / steps)).sum();
    sum / f64::from(steps)
}

#[cfg(test)]
mod tests;
