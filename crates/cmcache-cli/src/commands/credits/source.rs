//! Who is asked: the gateway that was named, else the one that is configured, else the books.

use std::sync::Arc;

use cmcache::{Books, Config, StartError, clock::SystemClock, reports::Words};

use crate::{
    args::At,
    commands::remote::{self, Request},
    failure::Failure,
};

/// Where answers come from.
#[derive(Debug)]
pub(super) struct Source<'a> {
    url: Option<&'a str>,
    config: &'a Config,
    /// Opened when nobody listened.
    books: Option<Books>,
}

/// An answer of a gateway.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) text: String,
    /// Where the next page begins.
    pub(super) next: Option<String>,
}

/// Who answers.
pub(super) enum Answerer<'a> {
    /// A gateway did.
    Gateway(Told),
    /// Nobody listens: the books are to be asked.
    Books(&'a Books),
}

impl<'a> Source<'a> {
    pub(super) fn new(at: &'a At, config: &'a Config) -> Self {
        Self { url: at.url.as_deref(), config, books: None }
    }

    /// Asks for `path`. A gateway that was named must answer; where nobody listens on the
    /// configured address, nobody has the books open.
    pub(super) async fn ask(&mut self, path: &str, words: &Words) -> Result<Answerer<'_>, Failure> {
        if self.books.is_none() {
            let configured = remote::configured(self.config.listen);
            let url = self.url.unwrap_or(&configured);
            match asked(url, path, words, self.config).await {
                Ok(told) => return Ok(Answerer::Gateway(told)),
                Err(Unanswered::Refused(failure)) => return Err(failure),
                Err(Unanswered::Nobody(failure)) if self.url.is_some() => return Err(failure),
                Err(Unanswered::Nobody(failure)) => {
                    self.books = Some(open(self.config, failure).await?);
                }
            }
        }
        match &self.books {
            Some(books) => Ok(Answerer::Books(books)),
            None => Err(Failure::unavailable("the books are not open")),
        }
    }

    pub(super) async fn close(self) {
        if let Some(books) = self.books {
            books.close().await;
        }
    }
}

/// Why a gateway gave no answer.
enum Unanswered {
    Nobody(Failure),
    Refused(Failure),
}

async fn asked(url: &str, path: &str, words: &Words, config: &Config) -> Result<Told, Unanswered> {
    let query = words.to_query();
    let mark = if query.is_empty() { "" } else { "?" };
    let request = Request { target: format!("{path}{mark}{query}"), body: None, dry_run: false };
    let said = remote::send(url, config, &request).await.map_err(Unanswered::Nobody)?;
    let text = String::from_utf8_lossy(&said.body).into_owned();
    match said.status {
        200 => Ok(Told { text, next: said.next }),
        400 => Err(Unanswered::Refused(Failure::usage(message(&text)))),
        status => {
            let why = format!("{url}: the gateway answers HTTP {status}: {}", text.trim_end());
            Err(Unanswered::Refused(Failure::unavailable(why)))
        }
    }
}

fn message(body: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    value["status"]["error_message"].as_str().unwrap_or(body).to_owned()
}

async fn open(config: &Config, nobody: Failure) -> Result<Books, Failure> {
    match Books::open(config, Arc::new(SystemClock)).await {
        Ok(books) => Ok(books),
        Err(StartError::DataDir { .. }) => Err(nobody),
        Err(error) => Err(error.into()),
    }
}

/// The books do not answer.
pub(super) fn away(error: &impl std::fmt::Display) -> Failure {
    Failure::unavailable(format!("the books do not answer: {error}"))
}

/// A value as the gateway would write it.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(anyhow::Error::from)?;
    text.push('\n');
    Ok(text)
}

/// What the gateway wrote.
pub(super) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        Failure::unavailable(format!(
            "the gateway's answer cannot be read, is it another version? {error}"
        ))
    })
}
