//! One parameter of the file.

use std::sync::Arc;

use super::{
    fields::{self, Fields},
    words::{self, Kind},
    wrong::{Checked, Wrong},
};
use crate::{
    operation::BodyField,
    param::{Bound, Param, ParamKind, Range, Words},
    validate,
};

const FIELDS: &[&str] =
    &["name", "kind", "of", "type", "default", "min", "max", "max_items", "words", "required"];

/// Reads one parameter.
pub(super) fn read(raw: &str) -> Checked<'_, Param> {
    let fields = Fields::of(raw, FIELDS)?;
    let kind = fields::one(fields.need("kind")?, "kind", words::KINDS)?;
    only_of(kind, &fields)?;
    let mut param = Param {
        name: name(&fields)?,
        kind: whole_kind(kind, &fields)?,
        wire: fields::one(fields.need("type")?, "type", &words::wire_types())?,
        default: None,
        required: fields.get("required").map_or(Ok(false), fields::flag)?,
    };
    if let Some(raw) = fields.get("default") {
        param.default = Some(default(&param, raw)?);
    }
    Ok(param)
}

/// Reads one member of a body.
pub(super) fn body_field(raw: &str) -> Checked<'_, BodyField> {
    let fields = Fields::of(raw, &["name", "type", "required"])?;
    Ok(BodyField {
        name: name(&fields)?,
        wire: fields::one(fields.need("type")?, "type", &words::wire_types())?,
        required: fields.get("required").map_or(Ok(false), fields::flag)?,
    })
}

fn name<'a>(fields: &Fields<'a>) -> Checked<'a, Arc<str>> {
    let raw = fields.need("name")?;
    let name = fields::text(raw)?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(Wrong::new(raw, format!("{name:?} is no parameter's name")));
    }
    Ok(name.into())
}

/// Refuses a field that says nothing about this kind.
fn only_of<'a>(kind: Kind, fields: &Fields<'a>) -> Checked<'a, ()> {
    let is_number = matches!(kind, Kind::Integer | Kind::Number);
    for (field, fits) in [
        ("of", matches!(kind, Kind::Ids | Kind::Slugs)),
        ("max_items", kind == Kind::Ids),
        ("min", is_number),
        ("max", is_number),
        ("words", matches!(kind, Kind::OneOf | Kind::SetOf | Kind::Aux)),
    ] {
        if let Some(raw) = fields.get(field).filter(|_| !fits) {
            let word = words::KINDS.iter().find(|(_, known)| *known == kind);
            let word = word.map_or("", |(word, _)| word);
            return Err(Wrong::new(raw, format!("field {field:?} does not go with kind {word:?}")));
        }
    }
    Ok(())
}

fn whole_kind<'a>(kind: Kind, fields: &Fields<'a>) -> Checked<'a, ParamKind> {
    let subject = || fields::one(fields.need("of")?, "subject", words::SUBJECTS);
    Ok(match kind {
        Kind::Ids => match fields.get("max_items") {
            Some(raw) => {
                subject()?;
                ParamKind::FewIds(fields::whole(raw)?)
            }
            None => ParamKind::Ids(subject()?),
        },
        Kind::Slugs => ParamKind::Slugs(subject()?),
        Kind::Symbols => ParamKind::Symbols,
        Kind::Integer => ParamKind::Integer(range(fields)?),
        Kind::Number => ParamKind::Number(range(fields)?),
        Kind::Boolean => ParamKind::Boolean,
        Kind::OneOf => ParamKind::OneOf(list(fields)?),
        Kind::SetOf => ParamKind::SetOf(list(fields)?),
        Kind::Aux => ParamKind::Aux(list(fields)?),
        Kind::Text => ParamKind::Text,
        Kind::Time => ParamKind::Time,
    })
}

fn list<'a>(fields: &Fields<'a>) -> Checked<'a, Words> {
    let raw = fields.need("words")?;
    let words = fields::texts(raw)?;
    if words.is_empty() {
        return Err(Wrong::new(raw, "at least one word is needed"));
    }
    Ok(words.into())
}

fn range<'a>(fields: &Fields<'a>) -> Checked<'a, Range> {
    let bound = |name: &str| fields.get(name).map(bound).transpose();
    let range = Range { min: bound("min")?, max: bound("max")? };
    if let (Some(min), Some(max), Some(raw)) = (&range.min, &range.max, fields.get("max"))
        && min.value > max.value
    {
        return Err(Wrong::new(raw, format!("nothing is from {} to {}", min.text, max.text)));
    }
    Ok(range)
}

fn bound(raw: &str) -> Checked<'_, Bound> {
    Ok(Bound { value: fields::number(raw)?, text: raw.into() })
}

/// The default in its normal form; it must pass its own parameter.
fn default<'a>(param: &Param, raw: &'a str) -> Checked<'a, Arc<str>> {
    let text = fields::text(raw)?;
    if let ParamKind::OneOf(words) | ParamKind::SetOf(words) | ParamKind::Aux(words) = &param.kind {
        let valid: Vec<&str> = words.iter().map(|word| &**word).collect();
        let is_one = matches!(param.kind, ParamKind::OneOf(_));
        let split = |text: &'_ str| text.split(',').map(str::to_owned).collect();
        let elements: Vec<String> = if is_one { vec![text.clone()] } else { split(&text) };
        if let Some(unknown) = elements.iter().find(|word| !valid.contains(&word.as_str())) {
            return Err(Wrong::word(raw, "default", unknown, &valid));
        }
    }
    let refused = |message| Wrong::new(raw, format!("the default {text:?} is refused: {message}"));
    validate::check(param, &text).map(Arc::from).map_err(refused)
}
