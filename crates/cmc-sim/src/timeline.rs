//! A scenario while it is played: which steps have begun, which are over, what calls meet.

use std::time::Duration;

use serde::Serialize;

use crate::control::Control;
use crate::faults::{Fault, FaultKind};
use crate::market::noise::{self, Dice};
use crate::scenario::{Scenario, Step, WrongCharge};
use crate::time::Millis;

/// Bytes per second of a drip that names no speed.
pub(crate) const DRIP_BYTES_PER_S: u64 = 500;

/// A scenario and how far it has come.
#[derive(Debug)]
pub(crate) struct Timeline {
    name: String,
    seed: u64,
    began: Millis,
    steps: Vec<Playing>,
}

#[derive(Debug)]
struct Playing {
    step: Step,
    /// Known as soon as it is certain.
    begins: Option<Millis>,
    is_fired: bool,
    n_calls: u64,
    /// The instant at which its calls ran out.
    ran_out: Option<Millis>,
}

/// What a call meets in the steps that are on.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) fault: Option<Fault>,
    pub(crate) latency: Option<Duration>,
    pub(crate) charge: Option<WrongCharge>,
}

/// A [`Timeline`] as control prints it.
#[derive(Debug, Serialize)]
pub(crate) struct Progress {
    name: String,
    /// Simulated seconds since it began.
    since_s: f64,
    steps: usize,
    /// Those that are on, from 1.
    playing: Vec<usize>,
}

impl Playing {
    /// When it is over, if that is certain.
    fn ends(&self) -> Option<Millis> {
        let begins = self.begins?;
        match (self.step.lasts, self.step.for_calls) {
            (Some(length), _) => Some(begins.saturating_add(millis(length.0))),
            (None, Some(_)) => self.ran_out,
            (None, None) => (!self.step.is_lasting()).then_some(begins),
        }
    }

    fn is_on(&self, now: Millis) -> bool {
        let has_begun = self.begins.is_some_and(|begins| begins <= now);
        has_begun && self.ran_out.is_none() && self.ends().is_none_or(|ends| now < ends)
    }

    /// Counts a call; the dice of those to which the step happens.
    fn strikes(&mut self, seed: u64, now: Millis) -> Option<Dice> {
        self.n_calls += 1;
        if self.step.for_calls.is_some_and(|most| self.n_calls >= u64::from(most)) {
            self.ran_out = Some(now);
        }
        let dice = Dice(noise::mix2(seed, self.n_calls));
        self.step.share.is_none_or(|share| dice.unit(1) < share).then_some(dice)
    }
}

impl Timeline {
    pub(crate) fn new(scenario: &Scenario, seed: u64, now: Millis) -> Self {
        let playing = |step: &Step| Playing {
            step: step.clone(),
            begins: step.at.map(|at| now.saturating_add(millis(at.0))),
            is_fired: false,
            n_calls: 0,
            ran_out: None,
        };
        Self {
            name: scenario.name.clone(),
            seed: scenario.seed.unwrap_or(seed),
            began: now,
            steps: scenario.steps.iter().map(playing).collect(),
        }
    }

    /// Lets steps begin; what they change for good is the caller's to change.
    pub(crate) fn proceed(&mut self, now: Millis) -> Vec<Control> {
        let mut changes = Vec::new();
        let mut before = Some(self.began);
        for playing in &mut self.steps {
            playing.begins = playing.begins.or(before);
            before = playing.ends().filter(|ends| *ends <= now);
            if !playing.is_fired && playing.begins.is_some_and(|begins| begins <= now) {
                playing.is_fired = true;
                changes.extend(playing.step.change());
            }
        }
        changes
    }

    /// How far the clock is off for calls of this path.
    #[expect(clippy::cast_possible_truncation, reason = "checked when the scenario was read")]
    pub(crate) fn skew_ms(&self, path: &str, now: Millis) -> Millis {
        let skews = |it: &&Playing| it.is_on(now) && it.step.is_about(path);
        let skew = self.steps.iter().filter(skews).filter_map(|it| it.step.skew_s).next_back();
        (skew.unwrap_or(0.0) * 1_000.0) as Millis
    }

    /// Counts a call, and says what happens to it; of two steps the later one wins.
    pub(crate) fn meet(&mut self, path: &str, now: Millis) -> Met {
        let mut met = Met::default();
        for (number, playing) in (1u64..).zip(&mut self.steps) {
            let counts = playing.step.is_lasting() || playing.step.for_calls.is_some();
            let is_meant = counts && playing.step.is_about(path);
            if !is_meant || !playing.is_on(now) {
                continue;
            }
            let Some(dice) = playing.strikes(noise::mix2(self.seed, number), now) else {
                continue;
            };
            let step = &playing.step;
            met.latency = step.latency.as_ref().map(|it| it.draw(dice)).or(met.latency);
            met.fault = step.fault.map(|kind| fault(kind, step)).or(met.fault);
            met.charge = step.charge.or(met.charge);
        }
        met
    }

    pub(crate) fn progress(&self, now: Millis) -> Progress {
        let playing = (1..).zip(&self.steps).filter(|(_, it)| it.is_on(now));
        Progress {
            name: self.name.clone(),
            since_s: (now - self.began) as f64 / 1_000.0,
            steps: self.steps.len(),
            playing: playing.map(|(number, _)| number).collect(),
        }
    }
}

fn fault(kind: FaultKind, step: &Step) -> Fault {
    Fault {
        kind,
        retry_after_s: step.retry_after_s,
        bytes_per_s: step.bytes_per_s.unwrap_or(DRIP_BYTES_PER_S),
    }
}

fn millis(length: Duration) -> Millis {
    Millis::try_from(length.as_millis()).unwrap_or(Millis::MAX)
}

#[cfg(test)]
mod tests;
