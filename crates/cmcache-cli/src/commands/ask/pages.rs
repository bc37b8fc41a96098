//! All pages of an operation that is paged by `start` and `limit`.

use cmcache::cmc_api::{
    ParamKind,
    json::{Elements, Members},
};

use super::{
    source::{Got, Source},
    target::Target,
};
use crate::{failure::Failure, progress::Progress};

/// Of operations whose catalogue states no largest page.
const PAGE_DEFAULT: u64 = 100;

/// Whether there are pages at all.
pub(crate) fn check(target: &Target) -> Result<(), Failure> {
    let takes = |name: &str| target.operation.as_ref().is_some_and(|op| op.param(name).is_some());
    if takes("start") && takes("limit") {
        return Ok(());
    }
    let path = &target.path;
    Err(Failure::usage(format!("--all: {path} has no pages: it takes no `start` and `limit`")))
}

/// Reads page after page, from `start` on; `limit` is the length of a page.
pub(crate) async fn all(
    source: &Source,
    mut target: Target,
    progress: Progress,
) -> Result<Got, Failure> {
    let number = |name: &str| target.get(name).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit").unwrap_or_else(|| longest(&target));
    let mut start = number("start").unwrap_or(1);
    target.set("limit", limit.to_string());
    let bar = progress.pages();
    let mut all = Vec::from(*b"[");
    let mut got: Option<Got> = None;
    loop {
        target.set("start", start.to_string());
        let page = source.ask(&target).await?;
        let n_read = append(&mut all, &page)?;
        start += n_read;
        let total = page.total_count;
        total.into_iter().for_each(|total| bar.set_length(total));
        bar.inc(n_read);
        got = Some(together(got, page));
        if n_read < limit || total.is_some_and(|total| start > total) {
            break;
        }
    }
    bar.finish_and_clear();
    all.push(b']');
    let got = got.ok_or_else(Failure::nothing_found)?;
    Ok(Got { data: all.into(), ..got })
}

/// The longest page that the API gives.
fn longest(target: &Target) -> u64 {
    let kind = target.operation.as_ref().and_then(|op| Some(&op.param("limit")?.kind));
    match kind {
        Some(ParamKind::Integer(range)) => range.max.as_ref().and_then(|max| max.text.parse().ok()),
        _ => None,
    }
    .unwrap_or(PAGE_DEFAULT)
}

/// Adds the elements of a page; says how many there were.
fn append(all: &mut Vec<u8>, page: &Got) -> Result<u64, Failure> {
    let text = std::str::from_utf8(&page.data).unwrap_or_default();
    let elements = Elements::of(text).or_else(|| {
        let members = Members::of(text)?;
        members.0.iter().find_map(|(_, raw)| Elements::of(raw))
    });
    let unpaged = || Failure::usage("--all: the answer is no list");
    let elements = elements.ok_or_else(unpaged)?.0;
    for element in &elements {
        if all.len() > 1 {
            all.push(b',');
        }
        all.extend_from_slice(element.as_bytes());
    }
    Ok(u64::try_from(elements.len()).unwrap_or(u64::MAX))
}

/// The oldest age, the sum of what was charged, and the first state that is not fully cached.
fn together(before: Option<Got>, page: Got) -> Got {
    let Some(before) = before else { return page };
    let cache = if before.cache == page.cache { page.cache } else { "partial".to_owned() };
    Got { age: before.age.max(page.age), charged: before.charged + page.charged, cache, ..page }
}
