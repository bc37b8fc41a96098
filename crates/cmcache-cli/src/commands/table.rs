//! The data of an answer as a table that fits, or as comma-separated values.

use serde_json::{Map, Value};

use crate::print;

/// Columns that people look for first, where an answer has them.
const COLUMNS: [&str; 14] = [
    "cmc_rank",
    "rank",
    "id",
    "name",
    "symbol",
    "slug",
    "currency",
    "price",
    "percent_change_24h",
    "percent_change_7d",
    "market_cap",
    "volume_24h",
    "is_active",
    "last_updated",
];

/// Prints `data`: a row per entity and currency if it is made of entities, else name and value.
pub(crate) fn show(data: &[u8], csv: bool) {
    let value: Value = serde_json::from_slice(data).unwrap_or(Value::Null);
    let rows = rows(&value);
    if rows.is_empty() {
        return pairs(&value, csv);
    }
    let has = |column: &&&str| rows.iter().any(|row| row.contains_key(**column));
    let columns: Vec<&str> = COLUMNS.iter().filter(has).copied().collect();
    let cells = |row: &Map<String, Value>| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).map_or_else(String::new, text)).collect()
    };
    print(&columns, rows.iter().map(cells).collect(), csv);
}

fn pairs(value: &Value, csv: bool) {
    let members = value.as_object().into_iter().flatten();
    let rows = members
        .filter(|(_, value)| !value.is_object() && !value.is_array())
        .map(|(name, value)| vec![name.clone(), text(value)])
        .collect();
    print(&["field", "value"], rows, csv);
}

/// Every entity of an answer, once per currency.
fn rows(value: &Value) -> Vec<Map<String, Value>> {
    let mut rows = Vec::new();
    match value {
        Value::Array(items) => items.iter().for_each(|item| rows.extend(self::rows(item))),
        Value::Object(entity) if entity.contains_key("id") || entity.contains_key("quote") => {
            quoted(entity, &mut rows);
        }
        Value::Object(keyed) => {
            let nested = keyed.values().filter(|value| value.is_object() || value.is_array());
            nested.for_each(|value| rows.extend(self::rows(value)));
        }
        _ => {}
    }
    rows
}

fn quoted(entity: &Map<String, Value>, rows: &mut Vec<Map<String, Value>>) {
    let quotes = entity.get("quote").or_else(|| entity.get("quotes"));
    let quotes: Vec<(String, &Value)> = match quotes {
        Some(Value::Object(by_name)) => by_name.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Some(Value::Array(list)) => {
            list.iter().map(|quote| (text(&quote["symbol"]), quote)).collect()
        }
        _ => return rows.push(entity.clone()),
    };
    for (currency, quote) in quotes {
        let mut row = entity.clone();
        let fields = quote.as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| *name != "id" && *name != "symbol") {
            row.insert(name.clone(), value.clone());
        }
        row.insert("currency".to_owned(), Value::String(currency));
        rows.push(row);
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn print(columns: &[&str], rows: Vec<Vec<String>>, csv: bool) {
    if !csv {
        return print::table(columns, rows);
    }
    print::line(&columns.join(","));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quote(cell)).collect();
        print::line(&cells.join(","));
    }
}

/// RFC 4180.
fn quote(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
