use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use crate::{Finding, Status};

/// A judged group.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// How the group is.
    pub status: Status,
    /// Why, where no single check says it.
    pub output: &'static str,
    /// Every check of the group.
    pub checks: Vec<CheckReport>,
}

/// One check in a report.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckReport {
    /// The check's name.
    pub name: String,
    /// How much its finding counts in this group.
    pub status: Status,
    /// What it found.
    pub finding: Finding,
    /// How long ago.
    pub age: Duration,
}

impl Report {
    pub(crate) fn new((own, output): (Status, &'static str), checks: Vec<CheckReport>) -> Self {
        let worst = Status::worst(checks.iter().map(|check| check.status));
        Self { status: own.max(worst), output, checks }
    }

    /// The HTTP status to answer with.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.status.http()
    }

    /// The body, as `application/health+json`. `time` is the present instant, RFC 3339.
    #[must_use]
    pub fn to_health_json(&self, time: &str) -> String {
        let mut checks = BTreeMap::<&str, Vec<Value>>::new();
        for check in &self.checks {
            let mut entry = json!({
                "status": check.status.word(),
                "time": time,
                "ageSeconds": check.age.as_secs(),
            });
            if let Some((value, unit)) = check.finding.observed {
                entry["observedValue"] = json!(value);
                entry["observedUnit"] = json!(unit);
            }
            if !check.finding.output.is_empty() {
                entry["output"] = json!(check.finding.output);
            }
            checks.entry(&*check.name).or_default().push(entry);
        }
        let mut body = json!({ "status": self.status.word(), "checks": checks });
        if !self.output.is_empty() {
            body["output"] = json!(self.output);
        }
        body.to_string()
    }
}

#[cfg(test)]
mod tests;
