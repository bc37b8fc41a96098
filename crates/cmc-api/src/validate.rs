//! What one parameter may hold, and what the API says when it holds something else.

use std::{borrow::Cow, sync::Arc};

use crate::{
    param::{Param, ParamKind, Range, Subject},
    symbol,
};

/// Checks one value; yields its normal form, or the message of the refusal.
pub(crate) fn check<'a>(param: &Param, text: &'a str) -> Result<Cow<'a, str>, String> {
    let name = &*param.name;
    match &param.kind {
        ParamKind::Text | ParamKind::Time => Ok(Cow::Borrowed(text)),
        ParamKind::Number(range) => number(name, text, range),
        ParamKind::Integer(range) => integer(name, text, range),
        ParamKind::Boolean => boolean(name, text),
        ParamKind::OneOf(words) => keep(text, has(words, text), || one_of(name, words)),
        ParamKind::SetOf(words) => {
            let mut elements = text.split(',').filter(|word| !word.is_empty()).peekable();
            let fits = elements.peek().is_some() && elements.all(|word| has(words, word));
            keep(text, fits, || one_of(name, words))
        }
        ParamKind::Aux(words) => aux(name, text, words),
        ParamKind::Ids(subject) => keep(text, is_ids(text), || ids(name, *subject)),
        ParamKind::FewIds(most) => {
            let fits = is_ids(text) && text.split(',').zip(0..=*most).count() <= *most as usize;
            keep(text, fits, || ids(name, Subject::Coin))
        }
        ParamKind::Slugs(subject) => keep(text, is_slugs(text), || slugs(name, *subject)),
        ParamKind::Symbols => keep(text, symbol::is_list(text), || symbols(name)).map(upper),
    }
}

/// The message for one or several values that name nothing.
#[must_use]
pub fn invalid_values<T: AsRef<str>>(parameter: &str, values: &[T]) -> String {
    let plural = if values.len() > 1 { "s" } else { "" };
    let values: Vec<&str> = values.iter().map(AsRef::as_ref).collect();
    format!("Invalid value{plural} for \"{parameter}\": \"{}\"", values.join(","))
}

fn keep(text: &str, fits: bool, message: impl FnOnce() -> String) -> Result<Cow<'_, str>, String> {
    if fits { Ok(Cow::Borrowed(text)) } else { Err(message()) }
}

fn has(words: &[Arc<str>], word: &str) -> bool {
    words.iter().any(|known| &**known == word)
}

fn one_of(name: &str, words: &[Arc<str>]) -> String {
    format!("\"{name}\" must be one of [{}]", words.join(", "))
}

fn ids(name: &str, subject: Subject) -> String {
    let word = subject.word();
    format!("\"{name}\" should only include comma-separated numeric CoinMarketCap {word} ids")
}

fn slugs(name: &str, subject: Subject) -> String {
    let word = subject.word();
    format!("\"{name}\" should only include comma-separated CoinMarketCap {word} slugs")
}

fn symbols(name: &str) -> String {
    format!("\"{name}\" should only include comma-separated alphanumeric cryptocurrency symbols")
}

fn is_ids(text: &str) -> bool {
    text.split(',').all(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_slugs(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_lowercase() || byte == b'-';
    text.split(',').all(|slug| !slug.is_empty() && slug.bytes().all(fits))
}

fn upper(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        Cow::Owned(text.to_ascii_uppercase())
    } else {
        text
    }
}

fn boolean<'a>(name: &str, text: &'a str) -> Result<Cow<'a, str>, String> {
    for word in ["true", "false"] {
        if text.eq_ignore_ascii_case(word) {
            return Ok(Cow::Borrowed(word));
        }
    }
    Err(format!("\"{name}\" must be a boolean"))
}

fn aux<'a>(name: &str, text: &'a str, words: &[Arc<str>]) -> Result<Cow<'a, str>, String> {
    let elements = text.split(',').filter(|word| !word.is_empty());
    let mut unknown: Vec<&str> = Vec::new();
    for word in elements.filter(|word| !has(words, word)) {
        // At most a few hundred fit into a request target.
        if !unknown.contains(&word) {
            unknown.push(word);
        }
    }
    if unknown.is_empty() { Ok(Cow::Borrowed(text)) } else { Err(invalid_values(name, &unknown)) }
}

fn number<'a>(name: &str, text: &'a str, range: &Range) -> Result<Cow<'a, str>, String> {
    in_range(name, decimal(name, text)?, range)?;
    Ok(Cow::Borrowed(plain(text)))
}

fn integer<'a>(name: &str, text: &'a str, range: &Range) -> Result<Cow<'a, str>, String> {
    let value = decimal(name, text)?;
    if value.fract() != 0.0 {
        return Err(format!("\"{name}\" must be an integer"));
    }
    in_range(name, value, range)?;
    let short = plain(text);
    let digits = short.strip_prefix('-').unwrap_or(short);
    if digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0') {
        return Ok(Cow::Borrowed(short));
    }
    // Written in another way (`1e3`, `007`, `-0`): as the number it is.
    Ok(Cow::Owned(format!("{:.0}", if value == 0.0 { 0.0 } else { value })))
}

/// The number that `text` writes in decimal; words such as `inf` are no numbers.
fn decimal(name: &str, text: &str) -> Result<f64, String> {
    let digits =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E');
    let value = if text.bytes().all(digits) { text.parse::<f64>().ok() } else { None };
    value.filter(|value| value.is_finite()).ok_or_else(|| format!("\"{name}\" must be a number"))
}

fn in_range(name: &str, value: f64, range: &Range) -> Result<(), String> {
    if let Some(min) = range.min.as_ref().filter(|min| value < min.value) {
        return Err(format!("\"{name}\" must be larger than or equal to {}", min.text));
    }
    if let Some(max) = range.max.as_ref().filter(|max| value > max.value) {
        return Err(format!("\"{name}\" must be less than or equal to {}", max.text));
    }
    Ok(())
}

/// Without the zeros that end a fraction: `10.0` is `10`.
fn plain(text: &str) -> &str {
    if text.contains('.') && !text.contains(['e', 'E']) {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

#[cfg(test)]
mod tests;
