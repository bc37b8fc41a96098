//! All operations of the API, as dated data.

mod params;
mod shape;
mod wire;
mod words;

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use thiserror::Error;

use crate::{
    limits::OPERATIONS_MAX,
    operation::{Method, Operation},
};

const EMBEDDED: &str = include_str!("../data/endpoints-2026-10.json");

static CATALOGUE: LazyLock<Arc<Catalogue>> = LazyLock::new(|| {
    let catalogue = Catalogue::from_json(EMBEDDED);
    Arc::new(catalogue.expect("a test reads the embedded catalogue"))
});

/// All operations of the API as of one month.
#[derive(Debug)]
pub struct Catalogue {
    effective: String,
    operations: Vec<Arc<Operation>>,
    by_path: HashMap<Arc<str>, Vec<usize>>,
}

impl Catalogue {
    /// The catalogue that was built in.
    ///
    /// # Panics
    /// Never: a test reads the same bytes.
    #[must_use]
    pub fn embedded() -> Arc<Self> {
        Arc::clone(&CATALOGUE)
    }

    /// Reads a catalogue, and adds what is known of its operations beyond the data.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn from_json(json: &str) -> Result<Self, CatalogueError> {
        let file: wire::File = serde_json::from_str(json)?;
        if file.operations.len() > OPERATIONS_MAX {
            return Err(CatalogueError::TooLarge { n_operations: file.operations.len() });
        }
        let mut catalogue = Self {
            effective: file.effective,
            operations: Vec::with_capacity(file.operations.len()),
            by_path: HashMap::new(),
        };
        for entry in file.operations {
            catalogue.add(entry)?;
        }
        Ok(catalogue)
    }

    /// The month it is from, as `2026-10`.
    #[must_use]
    pub fn effective(&self) -> &str {
        &self.effective
    }

    /// The operation of that method and path.
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&Arc<Operation>> {
        let places = self.by_path.get(path)?;
        let mut operations = places.iter().map(|place| &self.operations[*place]);
        operations.find(|operation| operation.method == method)
    }

    /// All operations, in the order of the data.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = &Arc<Operation>> {
        self.operations.iter()
    }

    fn add(&mut self, entry: wire::Entry) -> Result<(), CatalogueError> {
        let path = entry.path.clone();
        let refuse = |problem: String| CatalogueError::Operation { path: path.clone(), problem };
        let operation = entry.into_operation().map_err(&refuse)?;
        if self.find(operation.method, &operation.path).is_some() {
            return Err(refuse("it is listed twice".to_owned()));
        }
        let place = self.operations.len();
        self.by_path.entry(Arc::clone(&operation.path)).or_default().push(place);
        self.operations.push(Arc::new(operation));
        Ok(())
    }
}

/// What is wrong with a catalogue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// It is not JSON, or not of the expected form.
    #[error("the catalogue cannot be read")]
    Syntax(#[from] serde_json::Error),
    /// It lists more operations than any API has.
    #[error("the catalogue lists {n_operations} operations, at most {OPERATIONS_MAX} are taken")]
    TooLarge {
        /// How many.
        n_operations: usize,
    },
    /// One of its operations makes no sense.
    #[error("{path}: {problem}")]
    Operation {
        /// The operation's path.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
}

#[cfg(test)]
mod tests;
