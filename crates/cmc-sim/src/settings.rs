//! What control can change: latency, faults, prices; and what it says about the rest.

use std::time::Duration;

use indexmap::IndexMap;
use serde::Serialize;

use crate::config::SimConfig;
use crate::faults::{FailNext, FailRate, Faults};
use crate::operations::Operation;
use crate::tariff::Price;

/// The present settings that are not kept by the clock or the meter.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) latency_ms: u64,
    pub(crate) latency_jitter_ms: u64,
    pub(crate) faults: Faults,
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
}

impl Settings {
    pub(crate) fn new(config: &SimConfig) -> Self {
        let ms = |length: Duration| u64::try_from(length.as_millis()).unwrap_or(u64::MAX);
        Self {
            latency_ms: ms(config.latency),
            latency_jitter_ms: ms(config.latency_jitter),
            faults: Faults::default(),
            price_rules: IndexMap::new(),
        }
    }

    pub(crate) const fn latency(&self) -> (Duration, Duration) {
        (Duration::from_millis(self.latency_ms), Duration::from_millis(self.latency_jitter_ms))
    }

    pub(crate) fn price(&self, operation: &Operation) -> Price {
        self.price_rules.get(operation.path).copied().unwrap_or(operation.price)
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
        }
    }
}
