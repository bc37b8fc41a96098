//! How the plan is made to last.

use std::collections::BTreeMap;

use cmc_api::CacheClass;
use serde::{Deserialize, Serialize};

use super::{Length, validate::Checked, validate::refuse};

/// More than this held back is a smaller plan.
const RESERVE_MAX: u32 = 50;

/// Whether answers may grow older so that the plan lasts until its reset, and how far.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaceConfig {
    /// Whether ages are moved at all.
    pub mode: PaceMode,
    /// The oldest age that is served to spare credits, by class of data.
    pub max_age: BTreeMap<String, Length>,
    /// Percent of the limit that is held back for the unexpected, and let go until the reset.
    pub reserve: u32,
    /// Percent of the limit that only essential clients may spend, where there are any; let go in
    /// the last tenth of the window.
    pub essential: u32,
    /// Whether what would be left over buys answers younger than `freshness` says.
    pub shrink: bool,
    /// What a client's wish for younger answers is, while ages are stretched.
    pub client_max_age: Wish,
}

/// Whether ages are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaceMode {
    /// While the plan would not last otherwise.
    #[default]
    On,
    /// Never.
    Off,
}

/// What a client's `Cache-Control: max-age` is worth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    /// It is granted, down to the operator's own ages.
    #[default]
    Honour,
    /// It is advice: the client sees the age, and what is served is what the plan allows.
    Ignore,
}

impl PaceMode {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
        }
    }
}

impl Wish {
    /// As it is written.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Honour => "honour",
            Self::Ignore => "ignore",
        }
    }
}

impl Default for PaceConfig {
    fn default() -> Self {
        Self {
            mode: PaceMode::default(),
            max_age: BTreeMap::new(),
            reserve: 2,
            essential: 2,
            shrink: false,
            client_max_age: Wish::default(),
        }
    }
}

impl PaceConfig {
    /// As the engine takes it.
    pub(super) fn ages(&self) -> engine::PaceAges {
        let age = |class: CacheClass| Some((class, self.max_age.get(class.name())?.get()));
        engine::PaceAges {
            is_on: self.mode == PaceMode::On,
            most: CacheClass::ALL.into_iter().filter_map(age).collect(),
            shrinks: self.shrink,
            obeys_clients: self.client_max_age == Wish::Honour,
        }
    }

    pub(super) fn check(&self) -> Checked {
        let is_class = |name: &String| CacheClass::ALL.iter().any(|class| class.name() == name);
        if let Some(name) = self.max_age.keys().find(|name| !is_class(name)) {
            let classes: Vec<_> = CacheClass::ALL.iter().map(|class| class.name()).collect();
            return refuse(format!(
                "`pace.max_age.{name}` is no setting; there are {}",
                classes.join(", ")
            ));
        }
        if self.reserve > RESERVE_MAX {
            return refuse(format!("pace.reserve: at most {RESERVE_MAX} percent"));
        }
        if self.essential > RESERVE_MAX {
            return refuse(format!("pace.essential: at most {RESERVE_MAX} percent"));
        }
        Ok(())
    }
}
