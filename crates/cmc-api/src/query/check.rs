//! What must hold between parameters, in upstream's order.

use std::sync::Arc;

use super::{Query, QueryError};
use crate::{id::CoinId, limits::CONVERTS_MAX, validate};

pub(super) fn together(query: &Query) -> Result<(), QueryError> {
    let operation = &query.operation;
    if operation.known && !operation.is_judged_here() {
        return Ok(());
    }
    let refuse = |message: String| Err(QueryError::invalid(message, operation.style));
    let given = |name: &str| query.given(name).is_some();
    if let Some(missing) =
        operation.params.iter().find(|param| param.required && !given(&param.name))
    {
        return refuse(format!("\"{}\" is required", missing.name));
    }
    let one_of = &operation.one_of;
    if !one_of.is_empty() && !one_of.iter().any(|name| given(name)) {
        let names = one_of.join(", ");
        return refuse(format!("\"value\" must contain at least one of [{names}]"));
    }
    let is_in_conflict =
        |peers: &&Vec<Arc<str>>| peers.iter().filter(|name| given(name)).count() > 1;
    if let Some(peers) = operation.exclusive.iter().find(is_in_conflict) {
        let names = peers.join(", ");
        return refuse(format!("\"value\" contains a conflict between exclusive peers [{names}]"));
    }
    converts(query)
}

/// No plan allows more currencies, and no coin has a larger id.
fn converts(query: &Query) -> Result<(), QueryError> {
    let refuse = |message: String| Err(QueryError::invalid(message, query.operation.style));
    if query.n_converts() > CONVERTS_MAX {
        return refuse(format!("Your plan is limited to {CONVERTS_MAX} convert options"));
    }
    if query.operation.known
        && let Some(list) = query.given("convert_id")
    {
        let beyond = list.split(',').filter(|id| CoinId::parse(id).is_none());
        let beyond: Vec<&str> = crate::selector::once(beyond, |id| *id);
        if !beyond.is_empty() {
            return refuse(validate::invalid_values("convert_id", &beyond));
        }
    }
    Ok(())
}
