//! All operations of the API, as dated data.

mod entry;
mod fields;
mod parameter;
mod words;
mod wrong;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use serde_json::value::RawValue;
use thiserror::Error;

use self::{
    fields::Fields,
    wrong::{Checked, Wrong},
};
use crate::{
    limits::{CATALOGUE_BYTES_MAX, OPERATIONS_MAX},
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

    /// Reads a catalogue; `docs/reference/catalogue.md` describes its form.
    ///
    /// # Errors
    /// The first thing that is wrong with it, where, and what comes nearest to it.
    pub fn from_json(json: &str) -> Result<Self, CatalogueError> {
        let syntax = |error: serde_json::Error| {
            CatalogueError::refused(
                (error.line(), error.column()),
                None,
                format!("this is no JSON: {error}"),
            )
        };
        let whole: &RawValue = serde_json::from_str(json).map_err(syntax)?;
        let mut current = None;
        Self::read(whole.get(), &mut current).map_err(|wrong| {
            let operation = current.and_then(entry::title);
            CatalogueError::refused(wrong.place(json), operation, wrong.problem)
        })
    }

    /// Reads a catalogue from a file.
    ///
    /// # Errors
    /// That there is no such file, or what is wrong with it and where.
    pub fn from_file(path: &Path) -> Result<Self, CatalogueError> {
        let unreadable = |source| CatalogueError::Unreadable { file: path.to_owned(), source };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > CATALOGUE_BYTES_MAX {
            return Err(unreadable(io::Error::other(format!(
                "it has {size} bytes, at most {CATALOGUE_BYTES_MAX} are taken"
            ))));
        }
        let json = std::fs::read_to_string(path).map_err(unreadable)?;
        Self::from_json(&json).map_err(|error| error.in_file(path))
    }

    fn read<'a>(raw: &'a str, current: &mut Option<&'a str>) -> Checked<'a, Self> {
        let file = Fields::of(raw, &["about", "effective", "operations"])?;
        let entries = file.need("operations")?;
        let listed = fields::list(entries)?;
        if listed.len() > OPERATIONS_MAX {
            let problem =
                format!("{} operations, at most {OPERATIONS_MAX} are taken", listed.len());
            return Err(Wrong::new(entries, problem));
        }
        let mut catalogue = Self {
            effective: month(file.need("effective")?)?,
            operations: Vec::with_capacity(listed.len()),
            by_path: HashMap::new(),
        };
        for raw in listed {
            *current = Some(raw);
            catalogue.add(raw)?;
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

    fn add<'a>(&mut self, raw: &'a str) -> Checked<'a, ()> {
        let operation = entry::read(raw)?;
        if self.find(operation.method, &operation.path).is_some() {
            return Err(Wrong::new(raw, "it is listed twice"));
        }
        let place = self.operations.len();
        self.by_path.entry(Arc::clone(&operation.path)).or_default().push(place);
        self.operations.push(Arc::new(operation));
        Ok(())
    }
}

fn month(raw: &str) -> Checked<'_, String> {
    let month = fields::text(raw)?;
    if entry::is_like(&month, "0000-00") {
        return Ok(month);
    }
    Err(Wrong::new(raw, format!("{month:?} is no month like 2026-10")))
}

/// What is wrong with a catalogue.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CatalogueError {
    /// Its file cannot be read.
    #[error("{}: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in it is not as it must be.
    #[error(
        "{}line {line}, column {column}: {}{problem}",
        file.as_ref().map(|file| format!("{}: ", file.display())).unwrap_or_default(),
        operation.as_ref().map(|operation| format!("{operation}: ")).unwrap_or_default()
    )]
    Refused {
        /// The file, if it is from one.
        file: Option<PathBuf>,
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
        /// Method and path of the operation that it is in.
        operation: Option<String>,
        /// What is wrong, and what comes nearest.
        problem: String,
    },
}

impl CatalogueError {
    const fn refused(place: (usize, usize), operation: Option<String>, problem: String) -> Self {
        Self::Refused { file: None, line: place.0, column: place.1, operation, problem }
    }

    fn in_file(self, path: &Path) -> Self {
        match self {
            Self::Refused { line, column, operation, problem, .. } => {
                Self::Refused { file: Some(path.to_owned()), line, column, operation, problem }
            }
            other @ Self::Unreadable { .. } => other,
        }
    }
}

#[cfg(test)]
mod tests;
