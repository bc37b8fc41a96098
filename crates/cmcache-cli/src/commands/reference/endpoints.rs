//! The page of all operations.

use std::{sync::Arc, time::Duration};

use cmcache::{
    cmc_api::{Catalogue, Depth, Family, JudgedBy, Operation, Param, ParamKind, PriceRule, Range},
    engine::Freshness,
};

use super::{MARK, cell};

pub(super) fn page() -> String {
    let catalogue = Catalogue::embedded();
    let freshness = Freshness::default();
    let mut out = format!(
        "{MARK}# The operations of the API\n\n\
         Prices, plans and cadences as published in {}. Answers are *composed* from cached coins \
         where so marked;\nall others are kept *whole*, under one canonical form of their query. \
         As OpenAPI: [cmc-openapi.json](cmc-openapi.json).\n\n\
         - **price**: credits of one call, `1 per 250` for each begun 250 of what it asks for; \
         nothing is charged for\n  what is answered from the cache\n\
         - **changes**: how often the API's own answer changes\n\
         - **kept**: how old an answer may be unless `freshness.<class>` says otherwise; `-` is \
         never kept\n\
         - **plan**: the smallest plan that may ask\n\n\
         | operation | price | changes | kept | class | answer | plan |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
        catalogue.effective()
    );
    for operation in catalogue.operations() {
        out.push_str(&row(operation, &freshness));
    }
    for operation in catalogue.operations() {
        out.push_str(&section(operation));
    }
    out
}

fn row(operation: &Operation, freshness: &Freshness) -> String {
    format!(
        "| {} `{}` | {} | {} | {} | {} | {} | {} |\n",
        operation.method.as_str(),
        operation.path,
        price(operation),
        length(operation.cadence.unwrap_or_default()),
        length(freshness.ttl(operation)),
        operation.class.name(),
        kind(operation.family),
        operation.min_plan.map_or("-", |plan| plan.name()),
    )
}

/// What one operation is for, what it takes, and what must hold.
fn section(operation: &Operation) -> String {
    let (method, path) = (operation.method.as_str(), &operation.path);
    let mut out = format!("\n## {method} {path}\n\n{}.\n\n", operation.summary);
    let mut say = |line: String| out.push_str(&format!("- {line}\n"));
    if operation.deprecated {
        say("deprecated".to_owned());
    }
    let keyless = if operation.keyless { "also without a key" } else { "with a key only" };
    say(format!("{keyless}; `data` is keyed `{}`", operation.keying.name()));
    if operation.judged_by == JudgedBy::Upstream {
        say("parameters are judged by the API alone; what stands here is for reading".to_owned());
    }
    if !operation.one_of.is_empty() {
        say(format!("at least one of {}", names(&operation.one_of)));
    }
    for peers in &operation.exclusive {
        say(format!("at most one of {}", names(peers)));
    }
    for history in &operation.history {
        let (intraday, daily) = (depth(&history.intraday), depth(&history.daily));
        say(format!("{} reaches back: intraday {intraday}, daily {daily}", history.plan.name()));
    }
    if !operation.params.is_empty() {
        out.push_str("\n| parameter | holds | default |\n| --- | --- | --- |\n");
    }
    for param in &operation.params {
        out.push_str(&parameter(param));
    }
    if !operation.body.is_empty() {
        out.push_str("\n| member of the body | type |\n| --- | --- |\n");
    }
    for field in &operation.body {
        let required = if field.required { ", required" } else { "" };
        out.push_str(&format!("| `{}` | {}{required} |\n", field.name, field.wire.name()));
    }
    out
}

fn parameter(param: &Param) -> String {
    let required = if param.required { ", required" } else { "" };
    let default = param.default.as_deref();
    let default = default.map_or("-".to_owned(), |text| format!("`{}`", text.replace(',', ", ")));
    let holds = holds(&param.kind);
    format!("| `{}` | {}{required} | {} |\n", param.name, cell(&holds), cell(&default))
}

fn holds(kind: &ParamKind) -> String {
    match kind {
        ParamKind::Text => "text".to_owned(),
        ParamKind::Time => "ISO-8601 or Unix seconds".to_owned(),
        ParamKind::Number(range) => format!("number{}", bounds(range)),
        ParamKind::Integer(range) => format!("whole number{}", bounds(range)),
        ParamKind::Boolean => "`true` or `false`".to_owned(),
        ParamKind::OneOf(words) => format!("one of {}", names(words)),
        ParamKind::SetOf(words) | ParamKind::Aux(words) => format!("some of {}", names(words)),
        ParamKind::Ids(subject) => format!("{} ids", subject.word()),
        ParamKind::FewIds(most) => format!("cryptocurrency ids, at most {most}"),
        ParamKind::Slugs(subject) => format!("{} slugs", subject.word()),
        ParamKind::Symbols => "symbols".to_owned(),
    }
}

fn bounds(range: &Range) -> String {
    match (&range.min, &range.max) {
        (None, None) => String::new(),
        (Some(min), None) => format!(" from {}", min.text),
        (None, Some(max)) => format!(" to {}", max.text),
        (Some(min), Some(max)) => format!(" from {} to {}", min.text, max.text),
    }
}

fn names(words: &[Arc<str>]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn depth(depth: &Depth) -> String {
    match depth {
        Depth::Nothing => "nothing".to_owned(),
        Depth::Months(1) => "1 month".to_owned(),
        Depth::Months(months) => format!("{months} months"),
        Depth::Since(day) => format!("to {day}"),
        Depth::All => "everything".to_owned(),
    }
}

const fn kind(family: Family) -> &'static str {
    match family {
        Family::Whole => "whole",
        Family::KeyInfo => "passed on",
        _ => "composed",
    }
}

/// The longest unit that says it without a rest.
fn length(length: Duration) -> String {
    match length.as_secs() {
        0 => "-".to_owned(),
        seconds if seconds % 3_600 == 0 => format!("{} h", seconds / 3_600),
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

fn price(operation: &Operation) -> String {
    let more = |convert| if convert { ", +1 per further currency" } else { "" };
    let unit = operation.billing.unit.map_or("items", |unit| unit.name());
    match operation.price {
        PriceRule::Free => "free".to_owned(),
        PriceRule::Flat { credits, convert } => format!("{credits} a call{}", more(convert)),
        PriceRule::Batch { per, base, convert } => {
            let base = if base > 0 { format!("{base} + ") } else { String::new() };
            format!("{base}1 per {per} {unit}{}", more(convert))
        }
        PriceRule::Item => format!("1 each of {unit}"),
        PriceRule::Unknown => "learned from the first charge".to_owned(),
    }
}
