//! What a POST brings: a JSON object, read leniently.

use serde_json::{Map, Value};

use crate::market::dex::{Dex, Token};
use crate::operations::Ask;
use crate::refusal::Refusal;
use crate::routes::dex;

/// Members of an object; null counts as absent.
#[derive(Debug)]
pub(crate) struct Body(Map<String, Value>);

impl Body {
    /// Anything but an object is refused.
    pub(crate) fn read(ask: &Ask<'_>) -> Result<Self, Refusal> {
        match serde_json::from_slice(ask.body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) | Err(_) => Err(Refusal::invalid("no object")),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text; a number is read as one, anything else refused.
    pub(crate) fn text(&self, name: &str) -> Result<Option<String>, Refusal> {
        self.get(name).map(|value| text_of(name, value)).transpose()
    }

    pub(crate) fn required(&self, name: &str) -> Result<String, Refusal> {
        let text = self.text(name)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| dex::missing(name))
    }

    /// A whole number within 1 and `most`.
    pub(crate) fn count(&self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(text) = self.text(name)?.filter(|text| !text.is_empty()) else {
            return Ok(default);
        };
        let count: Option<usize> = text.parse().ok();
        count.filter(|count| (1..=most).contains(count)).ok_or_else(|| wrong(name))
    }

    /// A list of at most `most`.
    pub(crate) fn list(&self, name: &str, most: usize) -> Result<&[Value], Refusal> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(list)) if list.len() <= most => Ok(list),
            Some(_) => Err(wrong(name)),
        }
    }

    /// Members of an object in here; empty when there is none.
    pub(crate) fn within(&self, name: &str) -> Result<Self, Refusal> {
        match self.get(name) {
            None => Ok(Self(Map::new())),
            Some(Value::Object(members)) => Ok(Self(members.clone())),
            Some(_) => Err(wrong(name)),
        }
    }

    pub(crate) fn number(&self, name: &str) -> Result<Option<f64>, Refusal> {
        let text = self.text(name)?;
        text.map(|text| text.parse().map_err(|_| wrong(name))).transpose()
    }

    /// The token under `platform` and `address_name`.
    pub(crate) fn token<'a>(
        &self,
        ask: &Ask<'a>,
        address_name: &str,
    ) -> Result<(usize, &'a Token), Refusal> {
        let (platform, address) = (self.required("platform")?, self.required(address_name)?);
        let network = Dex::network(&platform).ok_or_else(|| dex::nothing("chain"))?;
        let all = &ask.market.dex;
        let at = all.token(network, &address).ok_or_else(|| dex::nothing("token"))?;
        Ok((at, &all.tokens[at]))
    }
}

/// A scalar as a text.
pub(crate) fn text_of(name: &str, value: &Value) -> Result<String, Refusal> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(wrong(name)),
    }
}

fn wrong(name: &str) -> Refusal {
    Refusal::invalid(format!("\"{name}\" makes no sense"))
}
