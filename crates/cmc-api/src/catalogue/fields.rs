//! One JSON object of the file: its fields, read strictly.

use std::{borrow::Cow, sync::Arc};

use super::wrong::{Checked, Wrong};
use crate::json::{self, Elements, Members};

/// The fields of an object.
pub(super) struct Fields<'a> {
    raw: &'a str,
    members: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Fields<'a> {
    /// Splits an object that may have these fields and no others, each once.
    pub(super) fn of(raw: &'a str, known: &[&str]) -> Checked<'a, Self> {
        let members = Members::of(raw)
            .ok_or_else(|| Wrong::new(raw, format!("an object is expected, not {}", brief(raw))))?
            .0;
        for (index, (name, value)) in members.iter().enumerate() {
            if !known.contains(&&**name) {
                return Err(Wrong::word(value, "field", name, known));
            }
            if members[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Wrong::new(value, format!("field {name:?} is given twice")));
            }
        }
        Ok(Self { raw, members })
    }

    /// The raw value of a field; `None` if it is missing or null.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        let value = self.members.iter().find(|(known, _)| known == name)?.1;
        (value != "null").then_some(value)
    }

    /// The raw value of a field that must be there; `None` if it is null.
    pub(super) fn nullable(&self, name: &str) -> Checked<'a, Option<&'a str>> {
        if self.members.iter().any(|(known, _)| known == name) {
            return Ok(self.get(name));
        }
        Err(Wrong::new(self.raw, format!("field {name:?} is missing")))
    }

    /// The raw value of a field that must be there and say something.
    pub(super) fn need(&self, name: &str) -> Checked<'a, &'a str> {
        let missing = || Wrong::new(self.raw, format!("field {name:?} is missing"));
        self.get(name).ok_or_else(missing)
    }
}

/// A text.
pub(super) fn text(raw: &str) -> Checked<'_, String> {
    json::text(raw)
        .ok_or_else(|| Wrong::new(raw, format!("a text is expected, not {}", brief(raw))))
}

/// `true` or `false`.
pub(super) fn flag(raw: &str) -> Checked<'_, bool> {
    serde_json::from_str(raw)
        .map_err(|_| Wrong::new(raw, format!("true or false is expected, not {}", brief(raw))))
}

/// A whole number from 0 on.
pub(super) fn whole(raw: &str) -> Checked<'_, u32> {
    serde_json::from_str(raw)
        .map_err(|_| Wrong::new(raw, format!("a whole number is expected, not {}", brief(raw))))
}

/// A number.
pub(super) fn number(raw: &str) -> Checked<'_, f64> {
    serde_json::from_str(raw)
        .map_err(|_| Wrong::new(raw, format!("a number is expected, not {}", brief(raw))))
}

/// The raw elements of a list.
pub(super) fn list(raw: &str) -> Checked<'_, Vec<&str>> {
    let elements = Elements::of(raw);
    let wrong = || Wrong::new(raw, format!("a list is expected, not {}", brief(raw)));
    elements.map(|elements| elements.0).ok_or_else(wrong)
}

/// A list of texts, none of them empty, each once.
pub(super) fn texts(raw: &str) -> Checked<'_, Vec<Arc<str>>> {
    let mut texts: Vec<Arc<str>> = Vec::new();
    for element in list(raw)? {
        let word = text(element)?;
        if word.is_empty() || texts.iter().any(|known| **known == *word) {
            return Err(Wrong::new(element, format!("{word:?} is empty or listed twice")));
        }
        texts.push(word.into());
    }
    Ok(texts)
}

/// One of the words of a table; `what` is what a refusal calls it.
pub(super) fn one<'a, T: Copy>(raw: &'a str, what: &str, table: &[(&str, T)]) -> Checked<'a, T> {
    let word = text(raw)?;
    let found = table.iter().find(|(known, _)| *known == word).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let valid: Vec<&str> = table.iter().map(|(known, _)| *known).collect();
        Wrong::word(raw, what, &word, &valid)
    })
}

/// The beginning of a value, for messages.
fn brief(raw: &str) -> String {
    let mut start: String = raw.chars().take(24).map(|c| if c < ' ' { ' ' } else { c }).collect();
    if start.len() < raw.len() {
        start.push('…');
    }
    start
}
