use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

use crate::Status;

/// What a report is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Is the process alive?
    Live,
    /// Can it serve anything?
    Ready,
    /// Can the other side be reached?
    Upstream,
    /// May it spend?
    Budget,
    /// Everything.
    Deep,
}

impl Group {
    /// The group of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "live" => Self::Live,
            "ready" => Self::Ready,
            "upstream" => Self::Upstream,
            "budget" => Self::Budget,
            "deep" | "all" => Self::Deep,
            _ => return None,
        })
    }
}

/// How bad a check's worst finding can make a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The group does not work without this part.
    Fatal,
    /// The group goes on without it: at worst degraded.
    Warning,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// How the part is.
    pub status: Status,
    /// What was measured, and its unit.
    pub observed: Option<(f64, &'static str)>,
    /// What to say about it; empty if all is well.
    pub output: String,
}

impl Finding {
    /// How a part is, without a word.
    #[must_use]
    pub const fn of(status: Status) -> Self {
        Self { status, observed: None, output: String::new() }
    }

    /// All is well.
    #[must_use]
    pub const fn healthy() -> Self {
        Self::of(Status::Healthy)
    }

    /// It works, but not as it should.
    #[must_use]
    pub fn degraded(output: impl Into<String>) -> Self {
        Self { output: output.into(), ..Self::of(Status::Degraded) }
    }

    /// It does not work.
    #[must_use]
    pub fn unhealthy(output: impl Into<String>) -> Self {
        Self { output: output.into(), ..Self::of(Status::Unhealthy) }
    }

    /// Nothing is known yet.
    #[must_use]
    pub fn unknown(output: impl Into<String>) -> Self {
        Self { output: output.into(), ..Self::of(Status::Unknown) }
    }

    /// With what was measured.
    #[must_use]
    pub const fn observed(mut self, value: f64, unit: &'static str) -> Self {
        self.observed = Some((value, unit));
        self
    }

    /// Judged by two thresholds, both exclusive: degraded above the first, unhealthy above the
    /// second, unknown if it is no number.
    #[must_use]
    pub fn by_thresholds(
        value: f64,
        unit: &'static str,
        (degraded, unhealthy): (f64, f64),
    ) -> Self {
        let finding = if value.is_nan() {
            Self::unknown("nothing was measured")
        } else if value > unhealthy {
            Self::unhealthy(format!("{value:.1} {unit}, above {unhealthy}"))
        } else if value > degraded {
            Self::degraded(format!("{value:.1} {unit}, above {degraded}"))
        } else {
            Self::healthy()
        };
        if value.is_finite() { finding.observed(value, unit) } else { finding }
    }
}

/// Looks at one part.
#[async_trait]
pub trait Check: Send + Sync + 'static {
    /// `component` or `component:measurement`.
    fn name(&self) -> &str;

    /// The groups it belongs to besides [`Group::Deep`], and its effect on each.
    fn groups(&self) -> &[(Group, Effect)] {
        &[(Group::Ready, Effect::Fatal)]
    }

    /// How long it may take.
    fn deadline(&self) -> Duration {
        Duration::from_secs(5)
    }

    /// How long its finding holds; `None`: as long as the registry says.
    fn holds(&self) -> Option<Duration> {
        None
    }

    /// Looks. May be dropped at any await, when the deadline has passed.
    async fn check(&self) -> Finding;
}

macro_rules! forward {
    ($pointer:ident) => {
        #[async_trait]
        impl<C: Check + ?Sized> Check for $pointer<C> {
            fn name(&self) -> &str {
                (**self).name()
            }

            fn groups(&self) -> &[(Group, Effect)] {
                (**self).groups()
            }

            fn deadline(&self) -> Duration {
                (**self).deadline()
            }

            fn holds(&self) -> Option<Duration> {
                (**self).holds()
            }

            async fn check(&self) -> Finding {
                (**self).check().await
            }
        }
    };
}

forward!(Arc);
forward!(Box);

const _: Option<&dyn Check> = None;
