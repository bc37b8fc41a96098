//! Parameter validation: one table per endpoint, one validator for all of them.

pub(crate) mod judge;
pub(crate) mod spec;
pub(crate) mod spec_community;
pub(crate) mod spec_dex;
pub(crate) mod spec_markets;
pub(crate) mod spec_pools;
pub(crate) mod spec_series;
pub(crate) mod spec_v5;

use crate::envelope::Stack;
use crate::json::number_text;
use crate::query::RawQuery;
use crate::refusal::Refusal;
use crate::time::{self, Millis};
use spec::{Kind, Noun, Spec};

const NO_TIME: &str = "must be a valid ISO 8601 date";
/// Parameters that cannot come together.
const PEERS: [[&str; 2]; 2] = [["convert", "convert_id"], ["matched_id", "matched_symbol"]];

/// The accepted parameters of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Params {
    pairs: Vec<(String, String)>,
}

impl Params {
    /// Checks `query` against the table; the first failure wins.
    pub(crate) fn check(query: &RawQuery, spec: &Spec, stack: Stack) -> Result<Self, Refusal> {
        let mut pairs = Vec::with_capacity(query.pairs.len());
        for (name, value) in &query.pairs {
            match spec.params.iter().find(|param| param.name == name) {
                Some(param) => check_value(name, value, &param.kind)?,
                None if stack == Stack::Java => continue,
                None => return Err(Refusal::invalid(format!("\"{name}\" is not allowed"))),
            }
            pairs.push((name.clone(), value.clone()));
        }
        let params = Self { pairs };
        params.check_presence(spec)?;
        Ok(params)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    pub(crate) fn is_true(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, |value| value.eq_ignore_ascii_case("true"))
    }

    /// A checked instant.
    pub(crate) fn time(&self, name: &str) -> Option<Millis> {
        self.get(name).and_then(time::parse_instant)
    }

    /// The supplemental fields asked for, or those of the operation.
    pub(crate) fn aux<'a>(&'a self, default: &'a str) -> Vec<&'a str> {
        self.get("aux").unwrap_or(default).split(',').collect()
    }

    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        self.get(name).and_then(parse_number)
    }

    /// A checked integer parameter.
    #[expect(clippy::cast_possible_truncation, reason = "checked; `as` saturates")]
    #[expect(clippy::cast_sign_loss, reason = "the tables allow no negative integers")]
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        self.number(name).map(|number| number as usize)
    }

    fn check_presence(&self, spec: &Spec) -> Result<(), Refusal> {
        let has = |name: &&&str| self.get(name).is_some();
        if let Some(param) = spec.params.iter().find(|p| p.is_required && !has(&&p.name)) {
            return Err(Refusal::invalid(format!("\"{}\" is required", param.name)));
        }
        if !spec.one_of.is_empty() && !spec.one_of.iter().any(|name| has(&name)) {
            let names = spec.one_of.join(", ");
            return Err(Refusal::invalid(format!(
                "\"value\" must contain at least one of [{names}]"
            )));
        }
        let may_be_both = spec.params.iter().any(|param| matches!(param.kind, Kind::CurrencyIds));
        let conflict = PEERS.iter().find(|peers| peers.iter().all(|name| has(&name)));
        match conflict {
            Some([a, b]) if !may_be_both => Err(Refusal::invalid(format!(
                "\"value\" contains a conflict between exclusive peers [{a}, {b}]"
            ))),
            _ => Ok(()),
        }
    }
}

const CURRENCY_IDS: Kind = Kind::Ids(Noun::Cryptocurrency, usize::MAX);

fn check_value(name: &str, value: &str, kind: &Kind) -> Result<(), Refusal> {
    let fault = match kind {
        Kind::Ids(noun, most) => {
            (!is_list(value, *most, |byte| byte.is_ascii_digit())).then(|| {
                format!(
                    "should only include comma-separated numeric CoinMarketCap {} ids",
                    noun.word()
                )
            })
        }
        Kind::CurrencyIds => return check_value(name, value, &CURRENCY_IDS),
        Kind::Slugs(noun) => (!is_list(value, usize::MAX, is_slug_byte)).then(|| {
            format!("should only include comma-separated CoinMarketCap {} slugs", noun.word())
        }),
        Kind::Symbols(most) => (!is_symbol_list(value, *most)).then(|| {
            format!(
                "should only include comma-separated alphanumeric {} symbols",
                Noun::Cryptocurrency.word()
            )
        }),
        Kind::Integer(least, most) => bounds(value, *least, *most, true),
        Kind::Number(least, most) => bounds(value, *least, *most, false),
        Kind::Flag => (!is_boolean(value)).then(|| "must be a boolean".to_owned()),
        Kind::Choice(words) => (!words.contains(&value)).then(|| one_of(words)),
        Kind::Choices(words) => {
            (!value.split(',').all(|word| words.contains(&word))).then(|| one_of(words))
        }
        Kind::Aux(words) => return check_aux(name, value, words),
        Kind::Time => time::parse_instant(value).is_none().then(|| NO_TIME.to_owned()),
        Kind::FullTime => (!is_full_time(value)).then(|| NO_TIME.to_owned()),
        Kind::Text => None,
    };
    fault.map_or(Ok(()), |fault| Err(Refusal::invalid(format!("\"{name}\" {fault}"))))
}

fn check_aux(name: &str, value: &str, words: &[&str]) -> Result<(), Refusal> {
    let mut unknown: Vec<&str> = Vec::new();
    for word in value.split(',').filter(|word| !word.is_empty()) {
        if !words.contains(&word) && !unknown.contains(&word) {
            unknown.push(word);
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::unresolved(name, &unknown)) }
}

fn one_of(words: &[&str]) -> String {
    format!("must be one of [{}]", words.join(", "))
}

fn bounds(value: &str, least: f64, most: f64, is_whole: bool) -> Option<String> {
    let Some(number) = parse_number(value) else {
        return Some("must be a number".to_owned());
    };
    if is_whole && number.fract() != 0.0 {
        Some("must be an integer".to_owned())
    } else if number < least {
        Some(format!("must be larger than or equal to {}", number_text(least)))
    } else if number > most {
        Some(format!("must be less than or equal to {}", number_text(most)))
    } else {
        None
    }
}

/// A plain decimal; `inf`, `nan` and spaces are no numbers.
fn parse_number(value: &str) -> Option<f64> {
    let is_numeric = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let number: f64 = value.bytes().all(is_numeric).then(|| value.parse().ok())??;
    number.is_finite().then_some(number)
}

fn is_full_time(value: &str) -> bool {
    value.contains('T') && value.ends_with('Z') && time::parse_iso(value).is_some()
}

fn is_boolean(value: &str) -> bool {
    ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word))
}

fn is_slug_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

/// `x(,x)*` with at most `most` elements, none of them empty.
fn is_list(value: &str, most: usize, is_member: impl Fn(u8) -> bool) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(&is_member);
    value.split(',').all(is_word) && value.split(',').count() <= most
}

/// As the documented pattern: empty elements are let through, at least one must not be.
fn is_symbol_list(value: &str, most: usize) -> bool {
    let is_member = |byte: u8| byte.is_ascii_alphanumeric() || b"$@-,".contains(&byte);
    let n_words = value.split(',').filter(|word| !word.is_empty()).count();
    value.bytes().all(is_member) && (1..=most).contains(&n_words)
}

#[cfg(test)]
mod tests;
