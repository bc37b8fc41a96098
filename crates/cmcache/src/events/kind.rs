use std::fmt;

use serde::{Serialize, Serializer};

macro_rules! kinds {
    ($($kind:ident $name:literal $alert:literal $tells:literal,)+) => {
        /// What sort of thing happened; a closed set, fit for labels and filters.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Kind {$(
            #[doc = $tells]
            $kind,
        )+}

        impl Kind {
            /// All of them, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// As it is written everywhere.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {$(Self::$kind => $name),+}
            }

            /// What it tells, in a sentence.
            #[must_use]
            pub const fn tells(self) -> &'static str {
                match self {$(Self::$kind => $tells),+}
            }

            /// Whether it goes to the webhook unless set otherwise: it is rare, and somebody may
            /// have to act.
            #[must_use]
            pub const fn is_alert(self) -> bool {
                match self {$(Self::$kind => $alert),+}
            }
        }
    };
}

kinds! {
    ApiCallMade "api_call_made" false "A call went out to the API, and how it ended.",
    CreditConsumed "credit_consumed" false "A call was charged and booked.",
    CreditWarning "credit_warning" true "A level of the day's or month's credits is passed.",
    RateLimitHit "rate_limit_hit" false "A limit of requests or credits stopped a call.",
    ApiError "api_error" false "A call failed, or was refused.",
    BurnRate "burn_rate" true "Credits go too fast to last until the reset, or no longer do.",
    TierDown "tier_down" true "A tier failed too often and is left alone.",
    TierUp "tier_up" true "A tier that was left alone is asked again.",
    BreakerOpened "breaker_opened" false "An operation failed too often and is left alone.",
    BreakerClosed "breaker_closed" false "An operation that was left alone is called again.",
    PriceDrift "price_drift" true "The API charges by another rule than the tariff said.",
    PaceChanged "pace_changed" true "Spending goes slower or faster than before, and why.",
    PlanChanged "plan_changed" true "The key tells other limits than before.",
    KeyUsedElsewhere "key_used_elsewhere" true "Somebody else spends credits of the key.",
    Test "test" true "A trial: somebody looks whether events arrive.",
}

impl Kind {
    /// The kind of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Some of the kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kinds(u32);

impl Kinds {
    /// Every kind.
    pub const ALL: Self = Self(u32::MAX);

    /// These.
    #[must_use]
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self(kinds.into_iter().fold(0, |bits, kind| bits | kind.bit()))
    }

    /// Whether `kind` is one of them.
    #[must_use]
    pub const fn has(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }

    /// Without `kind`.
    #[must_use]
    pub const fn without(self, kind: Kind) -> Self {
        Self(self.0 & !kind.bit())
    }
}

/// Which kinds are told at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches(pub Kinds);

impl Default for Switches {
    fn default() -> Self {
        Self(Kinds::ALL)
    }
}
