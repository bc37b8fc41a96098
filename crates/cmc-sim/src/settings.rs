//! What control can change: latency, faults, prices; and what it says about the rest.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;

use crate::config::SimConfig;
use crate::control::Control;
use crate::faults::{FailNext, FailRate, Fault, Faults};
use crate::market::noise;
use crate::quirks::Quirks;
use crate::scenario::WrongCharge;
use crate::tariff::Price;
use crate::time::Millis;
use crate::timeline::{DRIP_BYTES_PER_S, Progress, Timeline};

/// What a request meets on arrival.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) quirks: Arc<Quirks>,
    pub(crate) delay: Duration,
    /// How far the clock is off that answers tell.
    pub(crate) skew_ms: Millis,
    /// To make before anything else; then open again.
    pub(crate) changes: Vec<Control>,
}

/// What an admitted request meets.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) fault: Option<Fault>,
    /// On top of every call's.
    pub(crate) delay: Duration,
    pub(crate) charge: Option<WrongCharge>,
    /// Instead of the tariff's.
    pub(crate) price: Option<Price>,
}

/// The present settings that are not kept by the clock or the meter.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) latency_ms: u64,
    pub(crate) latency_jitter_ms: u64,
    pub(crate) faults: Faults,
    pub(crate) quirks: Arc<Quirks>,
    pub(crate) timeline: Option<Timeline>,
    price_rules: IndexMap<&'static str, Price>,
}

/// [`Settings`] as they are printed.
#[derive(Debug, Serialize)]
pub(crate) struct Present {
    latency_ms: u64,
    latency_jitter_ms: u64,
    fail_next: Vec<FailNext>,
    fail_rate: Option<FailRate>,
    price_rules: IndexMap<&'static str, Price>,
    quirks: Arc<Quirks>,
    scenario: Option<Progress>,
}

impl Settings {
    pub(crate) fn new(config: &SimConfig, now: Millis) -> Self {
        let ms = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        Self {
            latency_ms: ms(config.latency),
            latency_jitter_ms: ms(config.latency_jitter),
            faults: Faults::default(),
            quirks: Arc::new(config.quirks.clone()),
            timeline: config.scenario.as_ref().map(|it| Timeline::new(it, config.seed, now)),
            price_rules: IndexMap::new(),
        }
    }

    pub(crate) fn open(&mut self, path: &str, n_call: u64, now: Millis) -> Opening {
        let timeline = self.timeline.as_mut();
        let (skew_ms, changes) = timeline.map_or((0, Vec::new()), |timeline| {
            let changes = timeline.proceed(now);
            (timeline.skew_ms(path, now), changes)
        });
        let (latency, jitter) = (self.latency_ms, self.latency_jitter_ms);
        let jitter = Duration::from_millis(jitter).mul_f64(noise::unit(noise::mix(n_call + 1)));
        let delay = Duration::from_millis(latency) + jitter;
        Opening { quirks: Arc::clone(&self.quirks), delay, skew_ms, changes }
    }

    pub(crate) fn turn(&mut self, path: &str, now: Millis) -> Turn {
        let timeline = self.timeline.as_mut();
        let met = timeline.map(|timeline| timeline.meet(path, now)).unwrap_or_default();
        let bare = |kind| Fault { kind, retry_after_s: None, bytes_per_s: DRIP_BYTES_PER_S };
        Turn {
            fault: self.faults.draw().map(bare).or(met.fault),
            delay: met.latency.unwrap_or_default(),
            charge: met.charge,
            price: self.price_rules.get(path).copied(),
        }
    }

    pub(crate) fn set_price(&mut self, path: &'static str, price: Price) {
        self.price_rules.insert(path, price);
    }

    pub(crate) fn present(&self, now: Millis) -> Present {
        let (fail_next, fail_rate) = self.faults.planned();
        Present {
            latency_ms: self.latency_ms,
            latency_jitter_ms: self.latency_jitter_ms,
            fail_next,
            fail_rate,
            price_rules: self.price_rules.clone(),
            quirks: Arc::clone(&self.quirks),
            scenario: self.timeline.as_ref().map(|timeline| timeline.progress(now)),
        }
    }
}
