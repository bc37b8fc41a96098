//! The shapes that answers are wrapped in: one or many, by key or in a list.

mod keyed;
mod quotes;
mod tag;

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::Absent;
use crate::Number;

pub use keyed::Keyed;
pub use quotes::{Quoted, Quotes};

pub use tag::Tag;

/// A zero or a one, which upstream writes for no and yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Flag(Number);

impl Flag {
    /// Whether it says yes.
    #[must_use]
    pub fn is_set(&self) -> bool {
        !matches!(self.0.as_str(), "0" | "false" | "")
    }

    /// As it was written.
    #[must_use]
    pub const fn as_number(&self) -> &Number {
        &self.0
    }
}

/// One object, or a list of them: a symbol may stand for several coins.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum OneOrMany<T> {
    /// A bare object.
    One(T),
    /// A list.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// All of them.
    #[must_use]
    pub const fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many.as_slice(),
        }
    }

    /// The first, if there is any.
    #[must_use]
    pub fn first(&self) -> Option<&T> {
        self.as_slice().first()
    }

    /// All of them, owned.
    #[must_use]
    pub fn into_vec(self) -> Vec<T> {
        match self {
            Self::One(one) => vec![one],
            Self::Many(many) => many,
        }
    }
}

impl<T> Default for OneOrMany<T> {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T> Absent for OneOrMany<T> {}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor(PhantomData))
    }
}

struct OneOrManyVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for OneOrManyVisitor<T> {
    type Value = OneOrMany<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list of objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(OneOrMany::One)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
        elements(list).map(OneOrMany::Many)
    }
}

/// The elements of a list; those that are `null` are left out.
fn elements<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(mut list: A) -> Result<Vec<T>, A::Error> {
    let mut elements = Vec::new();
    while let Some(element) = list.next_element::<Option<T>>()? {
        elements.extend(element);
    }
    Ok(elements)
}

/// An answer that is a list of items, or an object around one.
pub trait Items {
    /// What the list holds.
    type Item;

    /// The items, in the order of the answer.
    fn into_items(self) -> Vec<Self::Item>;
}

impl<T> Items for Vec<T> {
    type Item = T;

    fn into_items(self) -> Self {
        self
    }
}
