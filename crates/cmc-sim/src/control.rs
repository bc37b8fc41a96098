//! `/_sim/control`: changes to a running simulator, checked as a whole before any is made.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::config::{KeyState, Plan};
use crate::core::Core;
use crate::faults::{FailNext, FailRate};
use crate::meter::{EVERY_KEY, KeyChange, KeyView};
use crate::nearest;
use crate::operations::{self, Operation};
use crate::quirks::{QuirkChanges, QuirkError, Quirks};
use crate::recording::RecordReport;
use crate::scenario::{Scenario, ScenarioError};
use crate::settings::Present;
use crate::tariff::Price;
use crate::time;
use crate::timeline::Timeline;

/// What to change; absent fields stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Control {
    /// Hold every reply back this long; the call is charged before.
    pub latency_ms: Option<u64>,
    /// And up to this much longer.
    pub latency_jitter_ms: Option<u64>,
    /// Stop the clock (`true`) or let it run (`false`).
    pub freeze: Option<bool>,
    /// Put the clock to this ISO-8601 instant.
    pub set_time: Option<String>,
    /// Put the clock forward by so many seconds (after `set_time`, if both are given).
    pub advance_s: Option<f64>,
    /// Make the next calls fail; a `count` of 0 forgets all that was planned.
    pub fail_next: Option<FailNext>,
    /// Make a share of the calls fail; a `rate` of 0 ends it.
    pub fail_rate: Option<FailRate>,
    /// Change one key.
    pub key: Option<KeyControl>,
    /// Charge one operation by another rule.
    pub price_rule: Option<PriceRule>,
    /// Start the bill again from nothing; what the keys have used stays.
    pub reset_bill: bool,
    /// Change quirks; those that are not named stay.
    pub quirks: Option<QuirkChanges>,
    /// Play a scenario from now on: the name of a built-in one, or its TOML (anything with a line
    /// break); empty ends the present one. Of its start only the quirks are obeyed.
    pub scenario: Option<String>,
}

/// A change to one key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyControl {
    /// Which; it must exist. `*`: every key.
    pub key: String,
    /// Accepted or not.
    pub state: Option<KeyState>,
    /// Another plan, with that plan's credits and rate (unless given beside it).
    pub plan: Option<Plan>,
    /// Credits per month.
    pub credits: Option<u64>,
    /// Requests per minute.
    pub rpm: Option<u64>,
    /// Credits used this month.
    pub used: Option<u64>,
}

/// Another price for one operation; its surcharge for converts, if it has one, stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PriceRule {
    /// As in the bill.
    pub path: String,
    /// One credit for each so many items; not with `flat`.
    pub per: Option<u64>,
    /// So many credits per call; not with `per`.
    pub flat: Option<u64>,
    /// On top of either.
    #[serde(default)]
    pub base: u64,
}

/// Why a change was not made; nothing of it was.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ControlError {
    /// Not the JSON of a [`Control`].
    #[error("this is no control document: {0}")]
    Malformed(String),
    /// No such key.
    #[error("there is no key \"{0}\"; keys are named when the simulator starts")]
    UnknownKey(String),
    /// No such operation.
    #[error("there is no operation \"{0}\"; name it by its path, as in /_sim/bill")]
    UnknownPath(String),
    /// Not an instant.
    #[error("set_time \"{0}\" is no ISO-8601 instant")]
    BadTime(String),
    /// Not a length of time.
    #[error("advance_s must be a number of seconds from 0 to 1e9")]
    BadAdvance,
    /// Not a share.
    #[error("fail_rate.rate must be between 0 and 1")]
    BadRate,
    /// Neither or both.
    #[error("price_rule takes either per (at least 1) or flat")]
    BadPrice,
    /// No scenario, or one with a mistake.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A quirk outside of its range.
    #[error(transparent)]
    Quirk(#[from] QuirkError),
}

/// What `GET /_sim/control` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    seed: u64,
    speed: f64,
    now: String,
    frozen: bool,
    #[serde(flatten)]
    present: Present,
    recording: Option<RecordReport>,
    keys: Vec<KeyView>,
}

/// Reads a control document.
pub(crate) fn parse(body: &[u8]) -> Result<Control, ControlError> {
    serde_json::from_slice(body)
        .map_err(|error| ControlError::Malformed(nearest::sharpen(&error.to_string())))
}

/// The present settings.
pub(crate) fn report(core: &Core) -> Report {
    let now = core.clock.now_ms();
    Report {
        seed: core.market.seed,
        speed: core.speed,
        now: time::iso(now),
        frozen: core.clock.is_frozen(),
        present: core.lock_settings().present(now),
        recording: core.recorder.report(),
        keys: core.meter.keys(now),
    }
}

/// Makes all changes, or none.
pub(crate) fn apply(core: &Core, control: Control) -> Result<(), ControlError> {
    let clock = ClockChange::of(&control)?;
    let price = control.price_rule.as_ref().map(price_of).transpose()?;
    if control.fail_rate.as_ref().is_some_and(|plan| !(0.0..=1.0).contains(&plan.rate)) {
        return Err(ControlError::BadRate);
    }
    if let Some(key) =
        control.key.as_ref().filter(|key| !core.meter.has_key(&key.key) && key.key != EVERY_KEY)
    {
        return Err(ControlError::UnknownKey(key.key.clone()));
    }
    let scenario = control.scenario.as_deref().map(scenario_of).transpose()?;
    let by_scenario = scenario.iter().flatten().map(|scenario| scenario.quirks.clone());
    let quirks = changed(core, by_scenario.chain(control.quirks))?;
    clock.make(core);
    if let Some(key) = &control.key {
        core.meter.change(&key.key, key.change(), core.clock.now_ms());
    }
    core.meter.obey(&quirks);
    let mut settings = core.lock_settings();
    settings.quirks = quirks;
    if let Some(scenario) = scenario {
        let now = core.clock.now_ms();
        settings.timeline = scenario.map(|it| Timeline::new(&it, core.market.seed, now));
    }
    settings.latency_ms = control.latency_ms.unwrap_or(settings.latency_ms);
    settings.latency_jitter_ms = control.latency_jitter_ms.unwrap_or(settings.latency_jitter_ms);
    if let Some(plan) = control.fail_next {
        settings.faults.fail_next(plan);
    }
    if let Some(plan) = control.fail_rate {
        settings.faults.fail_rate(plan);
    }
    if let Some((operation, price)) = price {
        settings.set_price(operation.path, price);
    }
    drop(settings);
    if control.reset_bill {
        core.meter.reset_bill();
    }
    Ok(())
}

fn changed(
    core: &Core,
    changes: impl Iterator<Item = QuirkChanges>,
) -> Result<Arc<Quirks>, QuirkError> {
    let mut quirks = Quirks::clone(&core.lock_settings().quirks);
    changes.for_each(|changes| quirks.change(changes));
    quirks.check()?;
    Ok(Arc::new(quirks))
}

/// A scenario to play; an empty text ends the present one.
fn scenario_of(text: &str) -> Result<Option<Scenario>, ScenarioError> {
    if text.is_empty() {
        return Ok(None);
    }
    let is_toml = text.contains('\n');
    let read = if is_toml { Scenario::parse("scenario", text) } else { Scenario::named(text) };
    read.map(Some)
}

/// The checked changes of the clock.
struct ClockChange {
    freeze: Option<bool>,
    set_ms: Option<time::Millis>,
    advance: Option<Duration>,
}

impl ClockChange {
    fn of(control: &Control) -> Result<Self, ControlError> {
        let read = |text: &String| {
            time::parse_iso(text).ok_or_else(|| ControlError::BadTime(text.clone()))
        };
        let length = |seconds: f64| {
            let is_sane = (0.0..=1e9).contains(&seconds);
            is_sane.then(|| Duration::from_secs_f64(seconds)).ok_or(ControlError::BadAdvance)
        };
        Ok(Self {
            freeze: control.freeze,
            set_ms: control.set_time.as_ref().map(read).transpose()?,
            advance: control.advance_s.map(length).transpose()?,
        })
    }

    fn make(&self, core: &Core) {
        if let Some(is_frozen) = self.freeze {
            core.clock.freeze(is_frozen);
        }
        if let Some(at_ms) = self.set_ms {
            core.clock.set(at_ms);
        }
        if let Some(by) = self.advance {
            core.clock.advance(by);
        }
    }
}

impl KeyControl {
    const fn change(&self) -> KeyChange {
        KeyChange {
            state: self.state,
            plan: self.plan,
            credits: self.credits,
            rpm: self.rpm,
            used: self.used,
        }
    }
}

pub(crate) fn price_of(rule: &PriceRule) -> Result<(&'static Operation, Price), ControlError> {
    let operation = operations::all()
        .find(|operation| operation.path == rule.path)
        .ok_or_else(|| ControlError::UnknownPath(rule.path.clone()))?;
    let price = match (rule.per, rule.flat) {
        (Some(per), None) if per >= 1 => Price::per(per),
        (None, Some(flat)) => Price::flat(flat),
        _ => return Err(ControlError::BadPrice),
    };
    let converts = operation.price.converts;
    Ok((operation, Price { base: rule.base, converts, ..price }))
}

#[cfg(test)]
mod tests;
