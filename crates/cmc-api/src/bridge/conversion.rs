use crate::json::{self, Elements, Members};

/// What one of a coin is worth, without spacing: from its quotes, one body per currency, with the
/// name that the currency has in the answer.
#[must_use]
pub fn render_conversion(bodies: &[(&str, &str)]) -> Option<Vec<u8>> {
    let coin = Members::of(bodies.first()?.1)?;
    let mut out = Vec::with_capacity(256);
    out.push(b'{');
    for key in ["id", "symbol", "name"] {
        write_member(&mut out, key, coin.get(key)?);
    }
    write_member(&mut out, "amount", "1");
    write_member(&mut out, "last_updated", coin.get("last_updated")?);
    out.extend_from_slice(b"\"quote\":{");
    for (index, (name, body)) in bodies.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let coin = Members::of(body)?;
        let quotes = Elements::of(coin.get("quote")?)?;
        let quote = Members::of(quotes.0.first()?)?;
        json::write_text(&mut out, name);
        out.extend_from_slice(b":{");
        write_member(&mut out, "price", quote.get("price")?);
        out.extend_from_slice(b"\"last_updated\":");
        out.extend_from_slice(quote.get("last_updated")?.as_bytes());
        out.push(b'}');
    }
    out.extend_from_slice(b"}}");
    Some(out)
}

fn write_member(out: &mut Vec<u8>, key: &str, raw: &str) {
    json::write_text(out, key);
    out.push(b':');
    out.extend_from_slice(raw.as_bytes());
    out.push(b',');
}
