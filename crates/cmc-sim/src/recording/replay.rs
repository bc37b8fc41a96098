//! Plays recorded exchanges back.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Asked, Exchange, RecordingError, canonical};
use crate::core::Arrival;
use crate::nearest;
use crate::reply::Reply;

/// Recorded answers by request; several of one request come in their order, the last one stays.
#[derive(Debug)]
pub(crate) struct Replay {
    answers: HashMap<Asked, Answers>,
}

#[derive(Debug, Default)]
struct Answers {
    exchanges: Vec<Exchange>,
    n_played: AtomicUsize,
}

impl Replay {
    pub(crate) fn load(path: &Path) -> Result<Self, RecordingError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| RecordingError::File {
            file: name.clone(),
            reason: error.to_string(),
        })?;
        Self::parse(&name, &text)
    }

    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, RecordingError> {
        let mut answers: HashMap<Asked, Answers> = HashMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let exchange: Exchange =
                serde_json::from_str(line).map_err(|error| RecordingError::Line {
                    file: name.to_owned(),
                    line: number,
                    message: nearest::sharpen(&error.to_string()),
                })?;
            let asked = Asked {
                method: exchange.method.clone(),
                path: exchange.path.clone(),
                query: canonical(&exchange.query),
                body_hash: exchange.body_hash.clone(),
            };
            answers.entry(asked).or_default().exchanges.push(exchange);
        }
        Ok(Self { answers })
    }

    /// The next recorded answer to a request, if there is any.
    pub(crate) fn play(&self, arrival: &Arrival<'_>) -> Option<Reply> {
        let answers = self.answers.get(&Asked::of(arrival))?;
        let at = answers.n_played.fetch_add(1, Ordering::Relaxed);
        let exchange = answers.exchanges.get(at).or_else(|| answers.exchanges.last())?;
        Some(exchange.reply())
    }
}
