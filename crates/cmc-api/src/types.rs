//! What the API answers, typed.
//!
//! Reading is lenient, because the API is: a missing key and `null` are the same, unknown keys are
//! ignored, ids are numbers or strings, and every figure is a [`Number`] that keeps
//! its text. Nothing here uses serde's `flatten` or `untagged`: both would send numbers through a
//! float.

mod assets;
mod coins;
mod content;
mod derivatives;
mod exchanges;
mod global;
mod info;
mod markets;
mod quote;
mod sentiment;
mod series;
mod shape;
mod tables;
mod tools;

pub use assets::*;
pub use coins::*;
pub use content::*;
pub use derivatives::*;
pub use exchanges::*;
pub use global::*;
pub use info::*;
pub use markets::*;
pub use quote::*;
pub use sentiment::*;
pub use series::*;
pub use shape::{Flag, Items, Keyed, OneOrMany, Quoted, Quotes, Tag};
pub use tables::*;
pub use tools::*;

use serde::{Deserialize, Deserializer};

use crate::{CoinId, Number};

/// Declares wire structs: every field is optional on the wire, and `null` means absent.
///
/// A field's documentation is its wire name unless the row says more.
macro_rules! wire {
    ($(
        $(#[$meta:meta])*
        $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }
    )*) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
            #[serde(default)]
            #[non_exhaustive]
            pub struct $name {
                $(
                    #[doc = concat!("`", stringify!($field), "`")]
                    $(#[$field_meta])*
                    #[serde(
                        deserialize_with = "crate::types::lenient",
                        skip_serializing_if = "crate::types::Absent::is_absent"
                    )]
                    pub $field: $type,
                )*
            }
        )*
    };
}
use wire;

/// Reads `null` as the default.
fn lenient<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// What is left out when it is written again.
trait Absent {
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Absent for CoinId {
    fn is_absent(&self) -> bool {
        self.get() == 0
    }
}

impl Absent for String {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Absent for Number {}

#[cfg(test)]
mod tests;
