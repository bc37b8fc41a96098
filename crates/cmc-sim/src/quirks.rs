//! The uncertain points of the API as switches, each with the reading that our documents assume.

mod choices;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

pub use choices::{
    Code, ErrorNotice, KeyPlace, NullKeys, OverLimit, QueryUnknown, RateLimitHeaders, SymbolKeys,
    Tariff, UnknownPath, Unranked, Unrecorded, Unresolved,
};

use crate::nearest;

/// One list of switches: the settings, the changes to them, and their table of names.
macro_rules! quirks {
    ($($(#[doc = $doc:literal])+ $section:literal $name:ident: $kind:ty = $default:expr;)+) => {
        /// How this simulator behaves where the API's documentation is silent or contradicts
        /// itself. The default is the reading of `docs/adr/0002` and `0004`; the numbers in
        /// brackets are sections of the API reference.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Quirks {
            $($(#[doc = $doc])+ #[doc = concat!(" \\[", $section, "\\]")] pub $name: $kind,)+
        }

        impl Default for Quirks {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// Changes to [`Quirks`]; what is absent stays as it is.
        #[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct QuirkChanges {
            $($(#[doc = $doc])+
            #[serde(skip_serializing_if = "Option::is_none")] pub $name: Option<$kind>,)+
        }

        impl Quirks {
            /// The names of all quirks, in their order.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// Makes the changes.
            pub fn change(&mut self, changes: QuirkChanges) {
                $(if let Some(value) = changes.$name {
                    self.$name = value;
                })+
            }
        }
    };
}

quirks! {
    /// What a path that nobody serves gets: `busy_200`, `not_found_404`, or `by_key` (404 when the
    /// key is not known, otherwise 200).
    "5.2, 11" unknown_path: UnknownPath = UnknownPath::Busy200;
    /// Judge parameters before the key.
    "5.2" validation_before_key: bool = false;
    /// Which key counts when both the header and the query bring one: `header` or `query`.
    "1.2" key_wins: KeyPlace = KeyPlace::Header;
    /// Whether requests over the minute's limit count in the minute as well, as `key/info` tells.
    "3" count_rejected_requests: bool = true;
    /// All keys share the credits and the minute of the first one.
    "3" keys_share_account: bool = false;
    /// A call that would cross the credits of the month or day: `serve_crossing` or
    /// `refuse_crossing`.
    "11, 12" over_limit: OverLimit = OverLimit::ServeCrossing;
    /// Serve free calls although the credits are used up.
    "3, 12" free_when_exhausted: bool = true;
    /// Headers beside a 429: `off`, `retry_after`, `reset` (`x-ratelimit-reset`, Unix seconds) or
    /// `both`.
    "3, 12" rate_limit_headers: RateLimitHeaders = RateLimitHeaders::Off;
    /// Convert options that a paid plan allows in one call.
    "3, 12" paid_converts: usize = 120;
    /// The rules of batch sizes: `2022` (100 everywhere, the map costs 1), `2026-08` (200 instead
    /// of 250) or `2026-10`.
    "4.3" tariff: Tariff = Tariff::October2026;
    /// Credits of one keyless call of `/v1/cryptocurrency/map`.
    "4.3" keyless_map_price: u64 = 0;
    /// Credits of an answer without items, where items are counted: 1 or 0.
    "4.3, 12" empty_answers_cost: u64 = 1;
    /// Credits of `/v1/cryptocurrency/categories` on top of those for its items.
    "4.2" categories_base: u64 = 1;
    /// What `skip_invalid=true` with nothing valid gets on the classic stack: `400` or `empty`.
    "2.6, 12" skip_invalid_none_valid: Unresolved = Unresolved::Refused;
    /// What identifiers unknown to v3 quotes get: `empty` or `400`; `skip_invalid=true` skips
    /// either way.
    "2.6, 5.2" v3_unknown_identifier: Unresolved = Unresolved::Empty;
    /// The result key of a symbol: `upper` (upper-cased) or `as_sent`.
    "2.1, 12" symbol_keys: SymbolKeys = SymbolKeys::Upper;
    /// Every second call sees the two largest coins of a symbol in each other's place.
    "2.2, 11" symbol_rank_flips: bool = false;
    /// `v2/cryptocurrency/market-pairs/latest` by symbol answers an array.
    "2.7, 12" market_pairs_symbol_array: bool = false;
    /// Refuse more identifiers of one kind than this; 0 allows any number.
    "2.1, 12" ids_max: usize = 0;
    /// Refuse request targets longer than this.
    "2.1, 12" target_max_bytes: usize = 8_192;
    /// Classic operations, by path, that answer in the style of the Java stack, unknown parameters
    /// ignored.
    "1.4, 12" classic_operations_on_java_stack: Vec<String> = Vec::new();
    /// The type of `error_code` in errors of the Java stack: `string` or `int`.
    "1.4, 5.2" error_code_style: Code = Code::String;
    /// The type of `error_code` in successes of the Java stack: `string` or `int`.
    "1.4, 10" success_code_style: Code = Code::String;
    /// `notice` in classic errors: `null` or `absent`.
    "5.3" error_notice: ErrorNotice = ErrorNotice::Null;
    /// What unknown parameters get on the classic stack: `refused` or `ignored`.
    "1.2, 10" classic_unknown_parameters: QueryUnknown = QueryUnknown::Refused;
    /// The HTTP status of requests for history beyond the plan: 400 or 403.
    "3, 12" history_depth_status: u16 = 400;
    /// Leave keys out whose value is null: `never`, `info` (v1 and v2 info) or `always`.
    "1.5" omit_null_keys: NullKeys = NullKeys::Never;
    /// The rank of an unranked coin in the map: `null`, `zero` or `absent`.
    "6.1" map_rank: Unranked = Unranked::Null;
    /// The share of numbers that may be null which are null, 0 to 1.
    "1.5, 11" null_storms: f64 = 0.0;
    /// What requests get that a replayed recording does not hold: `market` or `refuse` (404).
    "-" unrecorded: Unrecorded = Unrecorded::Market;
}

/// Why a quirk was not set.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum QuirkError {
    /// No such name, or no such value of it.
    #[error("{0}")]
    Unknown(String),
    /// No number that means something.
    #[error("{name} must be {wanted}")]
    OutOfRange {
        /// Of the quirk.
        name: &'static str,
        /// What it takes.
        wanted: &'static str,
    },
}

impl Quirks {
    /// Checks what types cannot say.
    ///
    /// # Errors
    /// When a number is outside of what its quirk takes.
    pub fn check(&self) -> Result<(), QuirkError> {
        let refuse = |name, wanted| Err(QuirkError::OutOfRange { name, wanted });
        if !(0.0..=1.0).contains(&self.null_storms) {
            return refuse("null_storms", "between 0 and 1");
        }
        if ![400, 403].contains(&self.history_depth_status) {
            return refuse("history_depth_status", "400 or 403");
        }
        if self.empty_answers_cost > 1 {
            return refuse("empty_answers_cost", "0 or 1");
        }
        if self.paid_converts == 0 {
            return refuse("paid_converts", "at least 1");
        }
        Ok(())
    }

    /// Sets one quirk from a text, as in `unknown_path=not_found_404`; elements of lists stand
    /// between commas.
    ///
    /// # Errors
    /// When there is no such quirk, or it has no such value.
    pub fn set(&mut self, name: &str, text: &str) -> Result<(), QuirkError> {
        if !Self::NAMES.contains(&name) {
            let near = nearest::suggestion(name, Self::NAMES.iter().copied());
            return Err(QuirkError::Unknown(format!("there is no quirk \"{name}\"{near}")));
        }
        let mut changed = self.clone();
        changed.change(parse(name, text)?);
        changed.check()?;
        *self = changed;
        Ok(())
    }
}

/// The words of quirks come first: `400` may be a word or a number.
fn parse(name: &str, text: &str) -> Result<QuirkChanges, QuirkError> {
    let list = text.split(',').filter(|word| !word.is_empty()).map(Value::from);
    let mut candidates = vec![Value::from(text), Value::from_iter(list)];
    candidates.extend(serde_json::from_str::<Value>(text).ok());
    let mut failure = String::new();
    for candidate in candidates {
        let document = serde_json::json!({ name: candidate });
        match serde_json::from_value(document) {
            Ok(changes) => return Ok(changes),
            Err(error) => failure = prefer(failure, error.to_string()),
        }
    }
    Err(QuirkError::Unknown(format!("{name}={text}: {}", nearest::sharpen(&failure))))
}

/// The message that names the valid words, else the latest.
fn prefer(old: String, new: String) -> String {
    if old.contains("expected one of") { old } else { new }
}

#[cfg(test)]
mod tests;
