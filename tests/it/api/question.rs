//! One request, and whether two servers say the same to it.

use bytes::Bytes;
use harness::{Client, Reply, error_difference, json_difference, style_difference};
use http::Method;

const KEY_INFO: &str = "/v1/key/info";
/// How much of an answer a difference shows.
const SHOWN_CHARS: usize = 300;

/// A request that any client could send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) body: Option<String>,
}

impl Question {
    /// Names and values as they are; the query string is made of them here.
    pub(crate) fn new(method: Method, path: &str, parameters: &[(String, String)]) -> Self {
        let pairs: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        Self { method, target: format!("{path}{mark}{}", pairs.join("&")), body: None }
    }

    pub(crate) fn with_body(self, body: &str) -> Self {
        Self { body: Some(body.to_owned()), ..self }
    }

    pub(crate) async fn ask(&self, client: &Client) -> Reply {
        let json = [("content-type", "application/json")];
        let headers: &[(&str, &str)] = if self.body.is_some() { &json } else { &[] };
        let body = self.body.clone().map_or_else(Bytes::new, Bytes::from);
        let reply = client.request(self.method.clone(), &self.target, headers, body).await;
        reply.unwrap_or_else(|error| panic!("{self} from {}: {error:#}", client.base()))
    }

    /// Where the gateway says something else than the API; `None` when a client sees no difference.
    pub(crate) fn difference(&self, ours: &Reply, theirs: &Reply) -> Option<String> {
        if ours.status != theirs.status {
            return Some(format!(
                "HTTP {} is not {}\n    ours   {}\n    theirs {}",
                ours.status,
                theirs.status,
                cut(ours),
                cut(theirs)
            ));
        }
        match (ours.data(), theirs.data()) {
            (None, None) => error_difference(ours, theirs),
            (Some(_), None) | (None, Some(_)) => Some(format!(
                "data only on one side\n    ours   {}\n    theirs {}",
                cut(ours),
                cut(theirs)
            )),
            (Some(ours_data), Some(theirs_data)) => {
                let found = style_difference(ours, theirs);
                found.or_else(|| self.data_difference(&ours_data, &theirs_data))
            }
        }
    }

    fn data_difference(&self, ours: &str, theirs: &str) -> Option<String> {
        if !self.target.starts_with(KEY_INFO) {
            return json_difference(ours, theirs);
        }
        // The counters include these very calls, and the gateway's own.
        let [ours, theirs] = [ours, theirs].map(without_counts);
        json_difference(&ours, &theirs)
    }
}

impl std::fmt::Display for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.target)?;
        self.body.as_ref().map_or(Ok(()), |body| write!(f, " {body}"))
    }
}

/// What `usage` counts, replaced by zeros.
fn without_counts(data: &str) -> String {
    let mut data: serde_json::Value = serde_json::from_str(data).expect("data is JSON");
    let usage = data.get_mut("usage").and_then(serde_json::Value::as_object_mut);
    for counts in usage.into_iter().flatten() {
        let counts = counts.1.as_object_mut().into_iter().flatten();
        counts.for_each(|(_, count)| *count = 0.into());
    }
    data.to_string()
}

fn cut(reply: &Reply) -> String {
    let text = reply.text().split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(SHOWN_CHARS).collect()
}

fn encoded(value: &str) -> String {
    let mut written = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b',' => {
                written.push(byte.into());
            }
            _ => written.push_str(&format!("%{byte:02X}")),
        }
    }
    written
}
