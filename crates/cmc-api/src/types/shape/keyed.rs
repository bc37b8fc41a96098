//! Entities under keys, in a list, or bare: it depends on the version and on how they were named.

use std::{fmt, marker::PhantomData};

use indexmap::IndexMap;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{OneOrMany, elements};

/// Entities as they were asked for: under ids or symbols, in a list, or one of them bare.
///
/// All forms are read alike:
///
/// ```
/// use cmc_api::types::{Keyed, MapEntry};
///
/// let forms = [
///     r#"{"1":{"id":1,"symbol":"BTC"}}"#,
///     r#"{"BTC":[{"id":1,"symbol":"BTC"}]}"#,
///     r#"[{"id":1,"symbol":"BTC"}]"#,
///     r#"{"id":1,"symbol":"BTC"}"#,
/// ];
/// for form in forms {
///     let coins: Keyed<MapEntry> = serde_json::from_str(form)?;
///     assert_eq!(coins.first().unwrap().id.get(), 1);
/// }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Keyed<T> {
    /// One entity.
    Bare(T),
    /// A list.
    List(Vec<T>),
    /// Under what was passed, or under ids.
    Map(IndexMap<String, OneOrMany<T>>),
}

impl<T> Keyed<T> {
    /// All entities, in the order of the answer.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let (slice, map) = match self {
            Self::Bare(one) => (std::slice::from_ref(one), None),
            Self::List(list) => (list.as_slice(), None),
            Self::Map(map) => (&[][..], Some(map)),
        };
        let under_keys = map.into_iter().flat_map(IndexMap::values);
        slice.iter().chain(under_keys.flat_map(OneOrMany::as_slice))
    }

    /// The first entity.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.iter().next()
    }

    /// The entities under a key; none if the answer has no keys.
    #[must_use]
    pub fn get(&self, key: &str) -> &[T] {
        match self {
            Self::Map(map) => map.get(key).map_or(&[], OneOrMany::as_slice),
            Self::Bare(_) | Self::List(_) => &[],
        }
    }

    /// All entities, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::Bare(one) => vec![one],
            Self::List(list) => list,
            Self::Map(map) => map.into_values().flat_map(OneOrMany::into_vec).collect(),
        }
    }
}

impl<T> Default for Keyed<T> {
    fn default() -> Self {
        Self::List(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Keyed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyedVisitor(PhantomData))
    }
}

struct KeyedVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for KeyedVisitor<T> {
    type Value = Keyed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("entities under keys, in a list, or one of them")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        elements(list).map(Keyed::List)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: IndexMap<String, Box<RawValue>> = IndexMap::new();
        while let Some((key, value)) = map.next_entry()? {
            fields.insert(key, value);
        }
        if is_bare(&fields) {
            let bare = serde_json::to_string(&fields).map_err(A::Error::custom)?;
            return serde_json::from_str(&bare).map(Keyed::Bare).map_err(A::Error::custom);
        }
        let mut entities = IndexMap::with_capacity(fields.len());
        for (key, value) in fields {
            let entity = serde_json::from_str::<Option<OneOrMany<T>>>(value.get());
            let problem = |error| A::Error::custom(format_args!("under `{key}`: {error}"));
            if let Some(entity) = entity.map_err(problem)? {
                entities.insert(key, entity);
            }
        }
        Ok(Keyed::Map(entities))
    }
}

/// Keys are ids, slugs or symbols in capitals; a value under a key is an object or a list.
fn is_bare(fields: &IndexMap<String, Box<RawValue>>) -> bool {
    let scalar = |value: &RawValue| !value.get().starts_with(['{', '[']);
    ["id", "name"].into_iter().filter_map(|name| fields.get(name)).any(|value| scalar(value))
}
