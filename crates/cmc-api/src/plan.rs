mod sold;

use crate::limits::CONVERTS_MAX;

pub use sold::{PlanList, PlanOffer};

/// What has been subscribed to; the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Plan {
    /// Free of charge.
    Basic,
    /// Until mid-2026 "Hobbyist".
    Builder,
    /// Startup.
    Startup,
    /// Until mid-2026 "Standard".
    Growth,
    /// Professional.
    Professional,
    /// Enterprise.
    Enterprise,
}

impl Plan {
    /// All plans, the smallest first.
    pub const ALL: [Self; 6] = [
        Self::Basic,
        Self::Builder,
        Self::Startup,
        Self::Growth,
        Self::Professional,
        Self::Enterprise,
    ];

    /// The plan of that name, new or old, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "hobbyist" => Some(Self::Builder),
            "standard" => Some(Self::Growth),
            lower => Self::ALL.into_iter().find(|plan| plan.name().eq_ignore_ascii_case(lower)),
        }
    }

    /// Its name since mid-2026.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Basic => "Basic",
            Self::Builder => "Builder",
            Self::Startup => "Startup",
            Self::Growth => "Growth",
            Self::Professional => "Professional",
            Self::Enterprise => "Enterprise",
        }
    }

    /// Most currencies in one call.
    #[must_use]
    pub const fn converts_max(self) -> usize {
        match self {
            Self::Basic => 1,
            _ => CONVERTS_MAX,
        }
    }

    /// Credits per billing month; `None` where they are agreed on.
    #[must_use]
    pub const fn credits_per_month(self) -> Option<u64> {
        match self {
            Self::Basic => Some(15_000),
            Self::Builder => Some(150_000),
            Self::Startup => Some(450_000),
            Self::Growth => Some(2_000_000),
            Self::Professional => Some(5_000_000),
            Self::Enterprise => None,
        }
    }

    /// Requests per minute.
    #[must_use]
    pub const fn requests_per_minute(self) -> u32 {
        match self {
            Self::Basic => 50,
            Self::Builder => 300,
            Self::Startup => 600,
            Self::Growth => 750,
            Self::Professional => 1_200,
            Self::Enterprise => 1_600,
        }
    }
}

#[cfg(test)]
mod tests;
