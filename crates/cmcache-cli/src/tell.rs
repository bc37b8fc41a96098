//! An operation in a few words.

use cmcache::cmc_api::{Catalogue, Operation, PriceRule};

/// What it is, its price, its plan and what else decides whether it can be called.
pub(crate) fn told(operation: &Operation) -> String {
    let mut told = format!("{} ({}", operation.summary, price(operation.price));
    if let Some(plan) = operation.min_plan {
        told.push_str(&format!(", from plan {}", plan.name()));
    }
    if operation.keyless {
        told.push_str(", also without a key");
    }
    if operation.deprecated {
        told.push_str(", deprecated");
    }
    told + ")"
}

/// Every operation: a row of method, path, price, plan, remarks and summary.
pub(crate) fn rows(catalogue: &Catalogue) -> Vec<[String; 6]> {
    let rows = catalogue.operations().map(|operation| {
        let mut remarks = Vec::new();
        if operation.keyless {
            remarks.push("keyless");
        }
        if operation.deprecated {
            remarks.push("deprecated");
        }
        [
            operation.method.to_string(),
            operation.path.to_string(),
            price(operation.price),
            operation.min_plan.map_or("-", |plan| plan.name()).to_owned(),
            remarks.join(" "),
            operation.summary.to_string(),
        ]
    });
    rows.collect()
}

/// A price rule.
fn price(rule: PriceRule) -> String {
    let more = |convert| if convert { " (+1 per further currency)" } else { "" };
    let credits = |n: u32| if n == 1 { "1 credit".to_owned() } else { format!("{n} credits") };
    match rule {
        PriceRule::Free => "free".to_owned(),
        PriceRule::Flat { credits: n, convert } => {
            format!("{} a call{}", credits(n), more(convert))
        }
        PriceRule::Batch { per, base, convert } => {
            let base = if base > 0 { format!("{base} and ") } else { String::new() };
            format!("{base}1 credit per {per}{}", more(convert))
        }
        PriceRule::Item => "1 credit per item".to_owned(),
        PriceRule::Unknown => "price unknown".to_owned(),
    }
}
