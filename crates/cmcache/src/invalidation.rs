//! Forgetting, in every tier and every instance.

use bytes::Bytes;
use cmc_api::CacheClass;
use engine::AnswerError;
use serde::Serialize;

use crate::Cmcache;

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invalidation {
    /// What the answer to a path and query is made of.
    Query(String),
    /// Entities whose key begins so, such as `q:1:`: the quotes of coin 1.
    Prefix(String),
    /// A class of data.
    Class(CacheClass),
    /// Everything of this upstream.
    All,
}

/// What was forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Invalidated {
    /// Which entities, as their keys say; or what covers them.
    pub forgotten: Vec<String>,
    /// Whether other instances are told.
    pub told_others: bool,
}

impl Cmcache {
    /// Forgets it here at once, in the tiers below and in every instance that shares them. Who
    /// asks from now on gets nothing that was loaded before; nothing is fetched by this.
    ///
    /// # Errors
    ///
    /// [`AnswerError`]: the query is none, or its names cannot be resolved.
    pub async fn invalidate(&self, what: &Invalidation) -> Result<Invalidated, AnswerError> {
        let engine = self.engine();
        let forgotten = match what {
            Invalidation::Query(target) => {
                let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
                let query = self.parse("GET", path, raw_query, Bytes::new());
                let query = query.map_err(|error| AnswerError::Bad(Box::new(error)))?;
                let entities = engine.entities_of(&query).await?;
                engine.invalidate(&entities).await;
                entities.iter().map(ToString::to_string).collect()
            }
            Invalidation::Prefix(prefix) => {
                engine.invalidate_all(prefix, None).await;
                vec![format!("{prefix}*")]
            }
            Invalidation::Class(class) => {
                engine.invalidate_all("", Some(*class)).await;
                vec![format!("class {}", class.name())]
            }
            Invalidation::All => {
                engine.invalidate_all("", None).await;
                vec!["*".to_owned()]
            }
        };
        tracing::info!(?forgotten, "invalidated");
        Ok(Invalidated { forgotten, told_others: engine.has_backplane() })
    }
}
