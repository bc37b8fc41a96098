//! The data file's form, and its way into operations.

use std::{collections::HashSet, num::NonZeroU32, sync::Arc, time::Duration};

use serde::Deserialize;

use super::{params, shape};
use crate::{
    operation::{Method, Operation, PriceRule},
    param::Param,
    plan::Plan,
    validate,
};

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) effective: String,
    pub(super) operations: Vec<Entry>,
}

#[derive(Deserialize)]
pub(super) struct Entry {
    method: String,
    pub(super) path: String,
    keyless: bool,
    deprecated: bool,
    min_plan: Option<String>,
    cadence_s: Option<u64>,
    price: Option<Price>,
    params: Vec<Parameter>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(tag = "model", rename_all = "lowercase")]
enum Price {
    Free,
    Flat {
        credits: u32,
        #[serde(default)]
        convert: bool,
    },
    Batch {
        per: u32,
        #[serde(default)]
        base: u32,
        #[serde(default)]
        convert: bool,
    },
    Item,
}

#[derive(Deserialize)]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: Kind,
    #[serde(default)]
    pub(super) default: Option<String>,
    #[serde(default)]
    pub(super) required: bool,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Enum,
}

impl Entry {
    /// The operation, with what is known beyond the data; or what is wrong with it.
    pub(super) fn into_operation(self) -> Result<Operation, String> {
        let method = Method::parse(&self.method)
            .ok_or_else(|| format!("method {:?} is neither GET nor POST", self.method))?;
        let is_path = self.path.starts_with('/')
            && self.path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'?');
        if !is_path {
            return Err("a path begins with / and has neither spaces nor a query".to_owned());
        }
        let shape = shape::of(&self.path);
        let exclusive = params::exclusive(&self.path, &self.params);
        let params = self.parameters()?;
        Ok(Operation {
            method,
            one_of: shape::one_of(&self.path).iter().map(|name| Arc::from(*name)).collect(),
            exclusive,
            params,
            price: self.price.map_or(Ok(PriceRule::Unknown), rule)?,
            cadence: self.cadence_s.map(Duration::from_secs),
            min_plan: self.min_plan.as_deref().map(plan).transpose()?,
            keyless: self.keyless,
            deprecated: self.deprecated,
            family: shape.family,
            style: shape.style,
            class: shape.class,
            known: true,
            path: self.path.into(),
        })
    }

    fn parameters(&self) -> Result<Vec<Param>, String> {
        let mut names = HashSet::new();
        let mut params = Vec::with_capacity(self.params.len());
        for raw in &self.params {
            if raw.name.is_empty() || !names.insert(raw.name.as_str()) {
                return Err(format!("parameter {:?} is empty or listed twice", raw.name));
            }
            params.push(parameter(&self.path, raw)?);
        }
        Ok(params)
    }
}

fn parameter(path: &str, raw: &Parameter) -> Result<Param, String> {
    let mut param = Param {
        name: raw.name.as_str().into(),
        kind: params::kind(path, raw),
        default: None,
        required: raw.required && !params::is_lenient(path),
    };
    let default = params::default(path, raw).filter(|text| !text.is_empty());
    if let Some(text) = default {
        let normal = validate::check(&param, text)
            .map_err(|message| format!("the default {text:?} is refused: {message}"))?;
        param.default = Some(normal.into());
    }
    Ok(param)
}

fn rule(price: Price) -> Result<PriceRule, String> {
    Ok(match price {
        Price::Free => PriceRule::Free,
        Price::Flat { credits, convert } => PriceRule::Flat { credits, convert },
        Price::Batch { per, base, convert } => {
            let per = NonZeroU32::new(per).ok_or("a batch of no items has no price")?;
            PriceRule::Batch { per, base, convert }
        }
        Price::Item => PriceRule::Item,
    })
}

fn plan(name: &str) -> Result<Plan, String> {
    Plan::parse(name).ok_or_else(|| format!("there is no plan {name:?}"))
}
