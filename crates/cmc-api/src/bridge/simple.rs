use super::{Rendered, classic_object, java_object};
use crate::json::{Elements, Members};

/// Which version of simple/price, and which optional fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SimpleForm {
    /// v1 is flat and in USD; v2 has a list of quotes.
    pub flat: bool,
    /// `include_market_cap`
    pub market_cap: bool,
    /// `include_24h_volume`, v1 `include_volume_24h`
    pub volume: bool,
    /// `include_24h_change`, v1 `include_percent_change_24h`
    pub change: bool,
    /// `include_last_updated`
    pub last_updated: bool,
}

/// Renders an entity for simple/price; of the flat form only the head is used.
#[must_use]
pub fn render_simple(body: &str, form: SimpleForm, depth: usize) -> Option<Rendered> {
    let coin = Members::of(body)?;
    let quotes = Elements::of(coin.get("quote")?)?;
    let quote = Members::of(quotes.0.first()?)?;
    let mut fields = Vec::with_capacity(6);
    for (key, wanted) in [
        ("symbol", !form.flat),
        ("price", true),
        ("market_cap", form.market_cap),
        ("volume_24h", form.volume),
        ("percent_change_24h", form.change),
        ("last_updated", form.last_updated),
    ] {
        if wanted {
            fields.push((key, quote.get(key)?));
        }
    }
    if form.flat {
        fields.insert(0, ("id", coin.get("id")?));
        let head = classic_object(&fields, depth);
        return Some(Rendered { head, quote: bytes::Bytes::new() });
    }
    let mut head = Vec::with_capacity(128);
    head.push(b'{');
    for key in ["id", "name", "symbol", "slug"] {
        crate::json::write_text(&mut head, key);
        head.push(b':');
        crate::json::write_compact(&mut head, coin.get(key)?);
        head.push(b',');
    }
    head.extend_from_slice(b"\"quotes\":[");
    Some(Rendered { head: head.into(), quote: java_object(&fields) })
}
