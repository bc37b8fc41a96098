use serde::Serialize;

/// How a part is. Ordered from best to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All is well.
    Healthy,
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// It works, but not as it should.
    Degraded,
    /// It does not work.
    Unhealthy,
}

impl Status {
    /// The worst of several; healthy if there are none.
    #[must_use]
    pub fn worst(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().max().unwrap_or(Self::Healthy)
    }

    /// The word of `application/health+json`. What is not known yet passes: a part that has just
    /// started is not ill.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Healthy | Self::Unknown => "pass",
            Self::Degraded => "warn",
            Self::Unhealthy => "fail",
        }
    }

    /// The HTTP status of a report: only what does not work is an error to a load balancer.
    #[must_use]
    pub const fn http(self) -> u16 {
        match self {
            Self::Unhealthy => 503,
            Self::Healthy | Self::Unknown | Self::Degraded => 200,
        }
    }
}

#[cfg(test)]
mod tests;
