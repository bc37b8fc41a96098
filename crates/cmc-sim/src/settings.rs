//! What control can change: latency, faults, prices; and what it says about the rest.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;

use crate::config::SimConfig;
use crate::faults::{FailNext, FailRate, FaultKind, Faults};
use crate::market::noise;
use crate::quirks::Quirks;
use crate::tariff::Price;

/// What a request meets on arrival.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) quirks: Arc<Quirks>,
    pub(crate) delay: Duration,
}

/// What an admitted request meets.
#[derive(Debug)]
pub(crate) struct Turn {
    pub(crate) fault: Option<FaultKind>,
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
}

impl Settings {
    pub(crate) fn new(config: &SimConfig) -> Self {
        let ms = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        Self {
            latency_ms: ms(config.latency),
            latency_jitter_ms: ms(config.latency_jitter),
            faults: Faults::default(),
            quirks: Arc::new(config.quirks.clone()),
            price_rules: IndexMap::new(),
        }
    }

    pub(crate) fn open(&self, n_call: u64) -> Opening {
        let (latency, jitter) = (self.latency_ms, self.latency_jitter_ms);
        let jitter = Duration::from_millis(jitter).mul_f64(noise::unit(noise::mix(n_call + 1)));
        let delay = Duration::from_millis(latency) + jitter;
        Opening { quirks: Arc::clone(&self.quirks), delay }
    }

    pub(crate) fn turn(&mut self, path: &str) -> Turn {
        let price = self.price_rules.get(path).copied();
        Turn { fault: self.faults.draw(), price }
    }

    pub(crate) fn set_price(&mut self, path: &'static str, price: Price) {
        self.price_rules.insert(path, price);
    }

    pub(crate) fn present(&self) -> Present {
        let (fail_next, fail_rate) = self.faults.planned();
        Present {
            latency_ms: self.latency_ms,
            latency_jitter_ms: self.latency_jitter_ms,
            fail_next,
            fail_rate,
            price_rules: self.price_rules.clone(),
            quirks: Arc::clone(&self.quirks),
        }
    }
}
