use super::fields::{Fields, write_list, write_members};
use crate::{
    ask::{RowFilter, View},
    json::{self, Elements, Members},
};

/// What a view shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The `data` of the answer, without spacing.
    Rows(Vec<u8>),
    /// None of the names that were asked for is there.
    Nothing,
}

/// Cuts the rows of `view` out of the `data` of its source; `None` if that is not of the expected
/// shape.
#[must_use]
pub fn render_view(data: &str, view: &View) -> Option<Shown> {
    let Some(inside) = view.inside else {
        let rows = Elements::of(data)?;
        let chosen = chosen(&rows.0, view)?;
        if chosen.is_empty() && matches!(view.filter, RowFilter::Slugs(_)) {
            return Some(Shown::Nothing);
        }
        return Some(Shown::Rows(list(&chosen, &view.fields)));
    };
    let object = Members::of(data)?;
    let rows = Elements::of(object.get(inside)?)?;
    let chosen = chosen(&rows.0, view)?;
    let mut out = Vec::with_capacity(data.len());
    write_members(&mut out, &object, &view.fields, |out, key, value| match key == inside {
        true => out.extend_from_slice(&list(&chosen, &view.fields)),
        false => view.fields.write(out, value),
    });
    Some(Shown::Rows(out))
}

fn list(rows: &[&str], fields: &Fields) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.iter().map(|row| row.len() + 1).sum::<usize>() + 2);
    write_list(&mut out, rows, |out, row| fields.write(out, row));
    out
}

/// The rows of the page; `None` if a row does not tell what they are chosen by.
fn chosen<'a>(rows: &[&'a str], view: &View) -> Option<Vec<&'a str>> {
    let mut counted = Vec::with_capacity(rows.len());
    for row in rows {
        let counts = match &view.filter {
            RowFilter::All => true,
            RowFilter::Statuses(words) => has_word(row, "status", words)?,
            RowFilter::Slugs(words) => has_word(row, "slug", words)?,
        };
        if counts {
            counted.push(*row);
        }
    }
    let page = counted.into_iter().skip(view.skip);
    Some(page.take(view.take.unwrap_or(usize::MAX)).collect())
}

fn has_word(row: &str, key: &str, words: &[std::sync::Arc<str>]) -> Option<bool> {
    let word = json::text(Members::of(row)?.get(key)?)?;
    Some(words.iter().any(|wanted| **wanted == *word))
}
