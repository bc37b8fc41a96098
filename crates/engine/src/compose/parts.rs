use std::sync::Arc;

use bytes::Bytes;
use cmc_api::{bridge, json::write_text};

use super::{NotComposed, refuse_missing, spaced};
use crate::{
    held::{Content, Held},
    plan::{Container, Parts, Plan},
};

/// What is held of one subject.
enum Found {
    /// Upstream does not know it.
    Absent,
    Object(Vec<u8>),
}

pub(super) fn parts(plan: &Plan, shape: &Parts, held: &[Arc<Held>]) -> Result<Bytes, NotComposed> {
    let mut groups: Vec<(&Arc<str>, Vec<Vec<u8>>)> = Vec::with_capacity(shape.groups.len());
    let mut missing = Vec::new();
    for (at, (name, range)) in shape.groups.iter().enumerate() {
        let mut objects = Vec::with_capacity(range.len());
        for at in range.clone() {
            if let Found::Object(object) = object(shape, held, at)? {
                objects.push(object);
            }
        }
        if objects.is_empty() {
            missing.push(at);
        } else {
            groups.push((name, objects));
        }
    }
    refuse_missing(plan, shape.strict.as_ref(), &missing)?;
    if let (Some(error), true) = (&shape.if_none, groups.is_empty()) {
        return Err(NotComposed::Nothing(error.clone()));
    }
    Ok(spaced(plan, written(shape, groups)))
}

/// The object at one place, its currencies joined.
fn object(shape: &Parts, held: &[Arc<Held>], at: usize) -> Result<Found, NotComposed> {
    let n = shape.currencies.len();
    let places = at * n..(at + 1) * n;
    let mut bodies = Vec::with_capacity(n);
    for (held, currency) in held[places].iter().zip(&shape.currencies) {
        match &held.content {
            Content::Part(body) => {
                bodies.push((&*currency.name, std::str::from_utf8(body).unwrap_or_default()));
            }
            Content::Absent => return Ok(Found::Absent),
            _ => return Err(NotComposed::NoSource(Vec::new())),
        }
    }
    let object = bridge::render_part(&bodies, &shape.fields, &shape.periods);
    // Another call would bring no other shape.
    object.map(Found::Object).ok_or(NotComposed::NoSource(Vec::new()))
}

fn written(shape: &Parts, groups: Vec<(&Arc<str>, Vec<Vec<u8>>)>) -> Vec<u8> {
    let Some(container) = shape.container else {
        return groups.into_iter().flat_map(|(_, objects)| objects).next().unwrap_or_default();
    };
    let mut out = vec![b'{'];
    for (index, (name, objects)) in groups.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write_text(&mut out, name);
        out.push(b':');
        if container == Container::KeyedLists {
            out.push(b'[');
            out.extend(objects.join(&b','));
            out.push(b']');
        } else {
            out.extend(objects.into_iter().next().unwrap_or_default());
        }
    }
    out.push(b'}');
    out
}
