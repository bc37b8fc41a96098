//! What a client sees of two replies besides their data: the envelope, and how it is written.

use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::client::Reply;

/// Members whose values may differ: the two were asked at different moments.
const OF_THE_MOMENT: [&str; 3] = ["timestamp", "elapsed", "credit_count"];

/// The first difference between two refusals, byte by byte but for time and duration.
#[must_use]
pub fn error_difference(ours: &Reply, theirs: &Reply) -> Option<String> {
    let [left, right] = [ours, theirs].map(|reply| plain(&timeless(&reply.text())));
    (left != right).then(|| format!("refused otherwise\n    ours   {left}\n    theirs {right}"))
}

/// The first difference between the envelopes of two answers: their status, which of status and
/// data comes first, and whether they are printed for reading.
#[must_use]
pub fn style_difference(ours: &Reply, theirs: &Reply) -> Option<String> {
    let [left, right] = [ours, theirs].map(|reply| Style::of(&reply.text()));
    (left != right).then(|| format!("envelope\n    ours   {left:?}\n    theirs {right:?}"))
}

#[derive(Debug, PartialEq)]
struct Style {
    is_pretty: bool,
    order: Vec<String>,
    status: String,
}

impl Style {
    fn of(text: &str) -> Self {
        let members: Members = serde_json::from_str(text).unwrap_or_default();
        #[derive(serde::Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            status: Option<&'a RawValue>,
        }
        let answer: Answer<'_> = serde_json::from_str(text).unwrap_or(Answer { status: None });
        let status = answer.status.map_or("none", RawValue::get);
        Self { is_pretty: text.starts_with("{\n"), order: members.0, status: timeless(status) }
    }
}

/// The names of an object's members in their order.
#[derive(Debug, Default)]
struct Members(Vec<String>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> serde::de::Visitor<'de> for Names {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some((name, IgnoredAny)) = map.next_entry()? {
                    names.push(name);
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// One operation says more than a code and a message when it refuses; the gateway does not repeat
/// that.
const DETAILS: [&str; 2] = [r#""category":"VALIDATION","#, r#""error_detail":""#];

/// The text without the details of a refusal.
fn plain(text: &str) -> String {
    let text = text.replace(DETAILS[0], "");
    let Some(start) = text.find(DETAILS[1]) else { return text };
    let end = text[start..].find("\",\"").map_or(text.len(), |end| start + end + 2);
    format!("{}{}", &text[..start], &text[end..])
}

/// The text with the values of [`OF_THE_MOMENT`] replaced by a dash.
fn timeless(text: &str) -> String {
    OF_THE_MOMENT.iter().fold(text.to_owned(), |text, name| {
        let name = format!("\"{name}\":");
        let Some(start) = text.find(&name).map(|start| start + name.len()) else { return text };
        let end = text[start..].find([',', '}', '\n']).map_or(text.len(), |end| start + end);
        format!("{} -{}", &text[..start], &text[end..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_moment_may_differ() {
        // Breaks: a refusal in other words, or in another style, would pass as the same.
        let classic = "{\n    \"status\": {\n        \"timestamp\": \"A\",\n        \
                       \"error_code\": 400,\n        \"elapsed\": 7\n    }\n}";
        let later = classic.replace("\"A\"", "\"B\"").replace('7', "12");
        assert_eq!(timeless(classic), timeless(&later));
        assert_ne!(timeless(classic), timeless(&classic.replace("400", "\"400\"")));
        assert_ne!(Style::of(r#"{"data":1,"status":{}}"#), Style::of(r#"{"status":{},"data":1}"#));
    }
}
