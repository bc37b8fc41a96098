//! One operation of the file.

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use super::{
    fields::{self, Fields},
    parameter,
    words::{self, Price},
    wrong::{Checked, Wrong, nearest},
};
use crate::{
    operation::{Billing, BodyField, Depth, History, Method, Operation, PriceRule, version_of},
    param::Param,
    plan::Plan,
};

const FIELDS: &[&str] = &[
    "method",
    "path",
    "version",
    "summary",
    "family",
    "stack",
    "class",
    "keying",
    "judged_by",
    "price",
    "cadence_s",
    "min_plan",
    "history",
    "keyless",
    "deprecated",
    "one_of",
    "exclusive",
    "body",
    "params",
];

/// The method and path that a refusal names, as far as they can be read.
pub(super) fn title(raw: &str) -> Option<String> {
    let members = crate::json::Members::of(raw)?;
    let of = |name: &str| members.get(name).and_then(crate::json::text);
    Some(format!("{} {}", of("method").unwrap_or_default(), of("path")?).trim().to_owned())
}

/// Reads one operation.
pub(super) fn read(raw: &str) -> Checked<'_, Operation> {
    let fields = Fields::of(raw, FIELDS)?;
    let method = fields::one(fields.need("method")?, "method", words::METHODS)?;
    let (price, billing) = price(&fields)?;
    let params = params(&fields)?;
    Ok(Operation {
        method,
        path: path(&fields)?,
        version: version(&fields)?,
        summary: summary(&fields)?,
        one_of: names(fields.need("one_of")?, &params)?,
        exclusive: exclusive(&fields, &params)?,
        body: body(&fields, method)?,
        judged_by: fields::one(fields.need("judged_by")?, "judge", words::JUDGES)?,
        price,
        billing,
        cadence: cadence(&fields)?,
        min_plan: fields.nullable("min_plan")?.map(plan).transpose()?,
        history: history(&fields)?,
        keyless: fields::flag(fields.need("keyless")?)?,
        deprecated: fields::flag(fields.need("deprecated")?)?,
        family: fields::one(fields.need("family")?, "family", words::FAMILIES)?,
        style: fields::one(fields.need("stack")?, "stack", words::STACKS)?,
        keying: fields::one(fields.need("keying")?, "keying", &words::keyings())?,
        class: fields::one(fields.need("class")?, "class", &words::classes())?,
        known: true,
        params,
    })
}

fn path<'a>(fields: &Fields<'a>) -> Checked<'a, Arc<str>> {
    let raw = fields.need("path")?;
    let path = fields::text(raw)?;
    let fits = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'%');
    if path.starts_with('/') && path.bytes().all(fits) {
        return Ok(path.into());
    }
    Err(Wrong::new(raw, "a path begins with / and has neither spaces nor a query"))
}

fn version<'a>(fields: &Fields<'a>) -> Checked<'a, u32> {
    let raw = fields.need("version")?;
    let version = fields::whole(raw)?;
    let path = path(fields)?;
    match version_of(&path) {
        Some(told) if told != version => {
            Err(Wrong::new(raw, format!("the path is of version {told}, not {version}")))
        }
        _ => Ok(version),
    }
}

fn summary<'a>(fields: &Fields<'a>) -> Checked<'a, Arc<str>> {
    let raw = fields.need("summary")?;
    let summary = fields::text(raw)?;
    if summary.is_empty() || summary.contains(char::is_control) {
        return Err(Wrong::new(raw, "a summary is one line of text"));
    }
    Ok(summary.into())
}

fn cadence<'a>(fields: &Fields<'a>) -> Checked<'a, Option<Duration>> {
    let seconds = fields.nullable("cadence_s")?.map(fields::whole).transpose()?;
    Ok(seconds.map(|seconds| Duration::from_secs(u64::from(seconds))))
}

fn plan(raw: &str) -> Checked<'_, Plan> {
    let word = fields::text(raw)?;
    Plan::parse(&word).ok_or_else(|| Wrong::word(raw, "plan", &word, &plan_names()))
}

fn plan_names() -> Vec<&'static str> {
    words::plans().into_iter().map(|(name, _)| name).collect()
}

fn params<'a>(fields: &Fields<'a>) -> Checked<'a, Vec<Param>> {
    let mut params: Vec<Param> = Vec::new();
    for raw in fields::list(fields.need("params")?)? {
        let param = parameter::read(raw)?;
        if params.iter().any(|known| known.name == param.name) {
            return Err(Wrong::new(raw, format!("parameter {:?} is listed twice", param.name)));
        }
        params.push(param);
    }
    Ok(params)
}

/// Names of parameters.
fn names<'a>(raw: &'a str, params: &[Param]) -> Checked<'a, Vec<Arc<str>>> {
    let names = fields::texts(raw)?;
    let known: Vec<&str> = params.iter().map(|param| &*param.name).collect();
    match names.iter().find(|name| !known.contains(&&***name)) {
        Some(unknown) if nearest(unknown, &known).is_none() => {
            Err(Wrong::new(raw, format!("{unknown:?} is named, but there are no parameters")))
        }
        Some(unknown) => Err(Wrong::word(raw, "parameter", unknown, &known)),
        None => Ok(names),
    }
}

fn exclusive<'a>(fields: &Fields<'a>, params: &[Param]) -> Checked<'a, Vec<Vec<Arc<str>>>> {
    let groups = fields::list(fields.need("exclusive")?)?;
    groups.into_iter().map(|raw| names(raw, params)).collect()
}

fn body<'a>(fields: &Fields<'a>, method: Method) -> Checked<'a, Vec<BodyField>> {
    let Some(raw) = fields.get("body") else {
        return Ok(Vec::new());
    };
    if method == Method::Get {
        return Err(Wrong::new(raw, "a GET has no body"));
    }
    fields::list(raw)?.into_iter().map(parameter::body_field).collect()
}

fn history<'a>(fields: &Fields<'a>) -> Checked<'a, Vec<History>> {
    let Some(raw) = fields.get("history") else {
        return Ok(Vec::new());
    };
    let plans = Fields::of(raw, &plan_names())?;
    let mut history = Vec::new();
    for plan in Plan::ALL {
        let Some(raw) = plans.get(plan.name()) else { continue };
        let reach = Fields::of(raw, &["intraday", "daily"])?;
        let (intraday, daily) = (depth(&reach, "intraday")?, depth(&reach, "daily")?);
        history.push(History { plan, intraday, daily });
    }
    Ok(history)
}

/// Months, a first day, `"all"`, or null for nothing.
fn depth<'a>(reach: &Fields<'a>, name: &str) -> Checked<'a, Depth> {
    let Some(raw) = reach.nullable(name)? else {
        return Ok(Depth::Nothing);
    };
    if !raw.starts_with('"') {
        return fields::whole(raw).map(Depth::Months);
    }
    let word = fields::text(raw)?;
    match word.as_str() {
        "all" => Ok(Depth::All),
        _ if is_like(&word, "0000-00-00") => Ok(Depth::Since(word.into())),
        _ => Err(Wrong::new(raw, format!("{word:?} is neither \"all\" nor a day like 2013-04-28"))),
    }
}

/// Whether `text` is made like `model`, whose zeros stand for any digit.
pub(super) fn is_like(text: &str, model: &str) -> bool {
    let fits =
        |(byte, like): (u8, u8)| if like == b'0' { byte.is_ascii_digit() } else { byte == like };
    text.len() == model.len() && text.bytes().zip(model.bytes()).all(fits)
}

fn price<'a>(fields: &Fields<'a>) -> Checked<'a, (PriceRule, Billing)> {
    let raw = fields.need("price")?;
    let known = ["model", "credits", "per", "unit", "base", "convert", "stated", "repeats_free"];
    let price = Fields::of(raw, &known)?;
    let model = fields::one(price.need("model")?, "price model", words::PRICES)?;
    only_of(model, &price)?;
    let flag = |name: &str, absent| price.get(name).map_or(Ok(absent), fields::flag);
    let convert = || fields::flag(price.need("convert")?);
    let rule = match model {
        Price::Free => PriceRule::Free,
        Price::Flat => {
            PriceRule::Flat { credits: fields::whole(price.need("credits")?)?, convert: convert()? }
        }
        Price::Batch => PriceRule::Batch {
            per: per(price.need("per")?)?,
            base: price.get("base").map_or(Ok(0), fields::whole)?,
            convert: convert()?,
        },
        Price::Item => PriceRule::Item,
        Price::Unknown => PriceRule::Unknown,
    };
    let unit = match model {
        Price::Batch | Price::Item => {
            Some(fields::one(price.need("unit")?, "unit", &words::units())?)
        }
        _ => None,
    };
    let stated = flag("stated", model != Price::Unknown)?;
    Ok((rule, Billing { unit, stated, repeats_free: flag("repeats_free", false)? }))
}

/// Refuses a field that says nothing about this model.
fn only_of<'a>(model: Price, price: &Fields<'a>) -> Checked<'a, ()> {
    for (field, fits) in [
        ("credits", model == Price::Flat),
        ("per", model == Price::Batch),
        ("base", model == Price::Batch),
        ("unit", matches!(model, Price::Batch | Price::Item)),
        ("convert", matches!(model, Price::Flat | Price::Batch)),
    ] {
        if let Some(raw) = price.get(field).filter(|_| !fits) {
            return Err(Wrong::new(raw, format!("field {field:?} does not go with this model")));
        }
    }
    Ok(())
}

fn per(raw: &str) -> Checked<'_, NonZeroU32> {
    let none = || Wrong::new(raw, "a batch of no items has no price");
    NonZeroU32::new(fields::whole(raw)?).ok_or_else(none)
}
