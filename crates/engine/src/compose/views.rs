use bytes::Bytes;
use cmc_api::{
    RowFilter, View,
    bridge::{self, Shown},
};

use super::{NotComposed, spaced, unknown};
use crate::{
    held::{Content, Held},
    plan::Plan,
};

pub(super) fn view(plan: &Plan, view: &View, held: &Held) -> Result<Bytes, NotComposed> {
    let Content::Whole { data, .. } = &held.content else {
        return Err(NotComposed::NoSource(vec![0]));
    };
    let text = std::str::from_utf8(data).ok();
    match text.and_then(|text| bridge::render_view(text, view)) {
        Some(Shown::Rows(rows)) => Ok(spaced(plan, rows)),
        Some(Shown::Nothing) => match &view.filter {
            RowFilter::Slugs(slugs) => Err(unknown(plan, "slug", slugs)),
            _ => Ok(Bytes::from_static(b"[]")),
        },
        None => Err(NotComposed::NoSource(Vec::new())),
    }
}
