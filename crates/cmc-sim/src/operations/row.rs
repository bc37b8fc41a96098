//! One operation as `/_sim/operations` lists it.

use serde::Serialize;

use super::{Operation, Route};
use crate::config::Plan;
use crate::quirks::Quirks;
use crate::tariff::Price;

/// An operation under the present quirks.
#[derive(Debug, Serialize)]
pub(crate) struct Row {
    method: &'static str,
    path: &'static str,
    /// `classic` or `java`.
    stack: &'static str,
    /// The least plan that may call it.
    plan: Plan,
    /// Whether it answers under `/public-api`.
    keyless: bool,
    price: Price,
}

impl Row {
    pub(crate) fn of(operation: &'static Operation, quirks: &Quirks) -> Self {
        Self {
            method: operation.method.name(),
            path: operation.path,
            stack: Route::Served(operation).stack(quirks).name(),
            plan: operation.plan,
            keyless: operation.is_keyless,
            price: Price::of(operation, quirks, false),
        }
    }
}
