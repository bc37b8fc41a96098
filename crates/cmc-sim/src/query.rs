//! The query string as the API reads it: in order, the last of repeated parameters, no empties.

/// The parameters of one request, decoded, in the order in which their names first came.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct RawQuery {
    pub(crate) pairs: Vec<(String, String)>,
    /// The key, when it was sent as a parameter.
    pub(crate) key: Option<String>,
}

impl RawQuery {
    pub(crate) fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            query.set(decode(name), decode(value));
        }
        query.pairs.retain(|(_, value)| !value.is_empty());
        query
    }

    fn set(&mut self, name: String, value: String) {
        if name == "CMC_PRO_API_KEY" {
            self.key = Some(value);
        } else if let Some(pair) = self.pairs.iter_mut().find(|pair| pair.0 == name) {
            pair.1 = value;
        } else {
            self.pairs.push((name, value));
        }
    }
}

/// Undoes `%XX` and `+`; what is not UTF-8 becomes U+FFFD and fails every pattern.
fn decode(text: &str) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, hex_pair(tail)) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let pair = text.get(..2)?;
    if !pair.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()
}

#[cfg(test)]
mod tests;
