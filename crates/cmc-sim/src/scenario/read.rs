//! From the text of a file to a scenario; every mistake has a line.

use serde::Deserialize;
use toml::Spanned;

use super::{Scenario, ScenarioError, Start, Step};
use crate::control;
use crate::nearest;
use crate::quirks::{QuirkChanges, Quirks};

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default)]
    start: Start,
    #[serde(default)]
    quirks: QuirkChanges,
    #[serde(default)]
    step: Vec<Spanned<Step>>,
}

/// Reads and checks.
pub(super) fn scenario(name: &str, text: &str) -> Result<Scenario, ScenarioError> {
    let mistake = |at: usize, message: String| {
        let line = 1 + text[..at.min(text.len())].bytes().filter(|byte| *byte == b'\n').count();
        ScenarioError::Mistake { name: name.to_owned(), line, message }
    };
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        mistake(at, nearest::sharpen(error.message()))
    })?;
    if let Some(wrong) = wrong_start(&file) {
        return Err(mistake(text.find("[start]").unwrap_or(0), wrong));
    }
    if let Err(error) = quirks(&file.quirks) {
        return Err(mistake(text.find("[quirks]").unwrap_or(0), error));
    }
    let mut before: Option<&Step> = None;
    for step in &file.step {
        if let Some(wrong) = wrong_step(step.get_ref(), before) {
            return Err(mistake(step.span().start, wrong));
        }
        before = Some(step.get_ref());
    }
    Ok(Scenario {
        name: name.to_owned(),
        seed: file.seed,
        start: file.start,
        quirks: file.quirks,
        steps: file.step.into_iter().map(Spanned::into_inner).collect(),
    })
}

fn quirks(changes: &QuirkChanges) -> Result<(), String> {
    let mut quirks = Quirks::default();
    quirks.change(changes.clone());
    quirks.check().map_err(|error| error.to_string())
}

fn wrong_start(file: &File) -> Option<String> {
    let speed = file.start.speed.unwrap_or(1.0);
    let text = if !(0.0..=1e6).contains(&speed) {
        "speed must be a number from 0 to 1e6"
    } else if file.start.frozen.is_some() && file.start.time.is_none() {
        "frozen needs a time to stand at"
    } else {
        return None;
    };
    Some(text.to_owned())
}

fn wrong_step(step: &Step, before: Option<&Step>) -> Option<String> {
    let share = step.share.unwrap_or(1.0);
    let has_window = step.lasts.is_some() || step.for_calls.is_some();
    let is_filtered = step.path.is_some() || step.share.is_some();
    let is_endless =
        |step: &Step| step.is_lasting() && step.lasts.is_none() && step.for_calls.is_none();
    let text = if !step.is_lasting() && step.change().is_none() && !has_window {
        "this step does nothing; give it latency, fault, charge, skew_s, quirks, key or price_rule"
    } else if step.lasts.is_some() && step.for_calls.is_some() {
        "a step takes either for or for_calls"
    } else if step.change().is_some() && !step.is_lasting() && (has_window || is_filtered) {
        "quirks, key and price_rule change for good, for all calls; \
         they take no for, for_calls, path or share"
    } else if step.at.is_none() && before.is_some_and(is_endless) {
        "this step never begins: the one before has no end; give it at, or the other for"
    } else if !(0.0..=1.0).contains(&share) {
        "share must be between 0 and 1"
    } else if step.skew_s.is_some_and(|skew| !(-1e8..=1e8).contains(&skew)) {
        "skew_s must be between -1e8 and 1e8"
    } else if step.for_calls == Some(0) || step.bytes_per_s == Some(0) {
        "for_calls and bytes_per_s must be at least 1"
    } else {
        return wrong_parts(step);
    };
    Some(text.to_owned())
}

fn wrong_parts(step: &Step) -> Option<String> {
    if let Some(wrong) = step.latency.as_ref().and_then(crate::latency::Latency::mistake) {
        return Some(wrong.to_owned());
    }
    if step.charge.is_some_and(|charge| !(0.0..=1e6).contains(&charge.factor)) {
        return Some("charge.factor must be between 0 and 1e6".to_owned());
    }
    if let Some(Err(error)) = step.price_rule.as_ref().map(control::price_of) {
        return Some(error.to_string());
    }
    step.quirks.as_ref().and_then(|changes| quirks(changes).err())
}
