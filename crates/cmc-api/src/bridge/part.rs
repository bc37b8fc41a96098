use super::fields::{Fields, write_members};
use crate::json::{self, Members};

/// Appends a part without spacing, its quotes in several currencies joined from one body each.
///
/// `bodies` are the raw objects as upstream told them, with the name that their currency has in the
/// answer. What does not depend on the currency is taken from the first. `periods` chooses and
/// orders the members of `periods`, where there are any. `None` if a body is not what it should be.
#[must_use]
pub fn render_part(
    bodies: &[(&str, &str)],
    fields: &Fields,
    periods: &[impl AsRef<str>],
) -> Option<Vec<u8>> {
    let parts: Vec<(&str, Members<'_>)> = bodies
        .iter()
        .map(|(name, body)| Some((*name, Members::of(body)?)))
        .collect::<Option<_>>()?;
    let (_, first) = parts.first()?;
    let mut out = Vec::with_capacity(bodies[0].1.len() * bodies.len());
    let mut whole = true;
    write_members(&mut out, first, fields, |out, key, value| match key {
        "quote" => whole &= write_quotes(out, &parts, fields).is_some(),
        "periods" => whole &= write_periods(out, &parts, fields, periods).is_some(),
        _ => fields.write(out, value),
    });
    whole.then_some(out)
}

/// One quote of each part, under its currency's name in the answer.
fn write_quotes(out: &mut Vec<u8>, parts: &[(&str, Members<'_>)], fields: &Fields) -> Option<()> {
    out.push(b'{');
    for (index, (name, part)) in parts.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let quotes = Members::of(part.get("quote")?)?;
        let (_, quote) = quotes.0.first()?;
        json::write_text(out, name);
        out.push(b':');
        fields.write(out, quote);
    }
    out.push(b'}');
    Some(())
}

fn write_periods(
    out: &mut Vec<u8>,
    parts: &[(&str, Members<'_>)],
    fields: &Fields,
    periods: &[impl AsRef<str>],
) -> Option<()> {
    out.push(b'{');
    let mut is_first = true;
    for period in periods {
        let period = period.as_ref();
        let same: Option<Vec<(&str, Members<'_>)>> = parts
            .iter()
            .map(|(name, part)| {
                let all = Members::of(part.get("periods")?)?;
                Some((*name, Members::of(all.get(period)?)?))
            })
            .collect();
        // A coin that is too young for a period has none.
        let Some(same) = same else { continue };
        if !std::mem::replace(&mut is_first, false) {
            out.push(b',');
        }
        json::write_text(out, period);
        out.push(b':');
        let mut whole = true;
        write_members(out, &same[0].1, fields, |out, key, value| match key {
            "quote" => whole &= write_quotes(out, &same, fields).is_some(),
            _ => fields.write(out, value),
        });
        if !whole {
            return None;
        }
    }
    out.push(b'}');
    Some(())
}
