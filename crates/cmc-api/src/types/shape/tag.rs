//! A tag: its slug alone, or an object.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor, value::MapAccessDeserializer},
};

/// A tag. Listings give its slug alone, quotes of v2 and v3 name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tag {
    /// Its slug.
    pub slug: String,
    /// Its name, where it is an object.
    pub name: Option<String>,
    /// Its category (`ALGORITHM`, `CATEGORY`, `INDUSTRY`, `PLATFORM`, `OTHERS`).
    pub category: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Object {
    slug: String,
    name: Option<String>,
    category: Option<String>,
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TagVisitor)
    }
}

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.name.is_none() && self.category.is_none() {
            return serializer.serialize_str(&self.slug);
        }
        let Self { slug, name, category } = self.clone();
        Object { slug, name, category }.serialize(serializer)
    }
}

struct TagVisitor;

impl<'de> Visitor<'de> for TagVisitor {
    type Value = Tag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tag: a slug or an object")
    }

    fn visit_str<E>(self, slug: &str) -> Result<Tag, E> {
        Ok(Tag { slug: slug.to_owned(), name: None, category: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tag, A::Error> {
        let Object { slug, name, category } = Object::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Tag { slug, name, category })
    }
}
