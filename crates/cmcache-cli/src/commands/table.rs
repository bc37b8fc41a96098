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
/// Says whether there was anything to print.
pub(crate) fn show(data: &[u8], csv: bool) -> bool {
    let value: Value = serde_json::from_slice(data).unwrap_or(Value::Null);
    let rows = rows(&value);
    if !rows.iter().any(|row| row.contains_key("symbol") || row.contains_key("name")) {
        return pairs(&value, csv);
    }
    let has = |column: &&&str| rows.iter().any(|row| row.contains_key(**column));
    let columns: Vec<&str> = COLUMNS.iter().filter(has).copied().collect();
    let cells = |row: &Map<String, Value>| -> Vec<String> {
        columns.iter().map(|column| row.get(*column).map_or_else(String::new, text)).collect()
    };
    print(&columns, rows.iter().map(cells).collect(), csv);
    true
}

fn pairs(value: &Value, csv: bool) -> bool {
    let mut rows = Vec::new();
    flatten("", value, &mut rows);
    if rows.is_empty() {
        return false;
    }
    print(&["field", "value"], rows, csv);
    true
}

/// Every value under its dotted name.
fn flatten(name: &str, value: &Value, rows: &mut Vec<Vec<String>>) {
    let dotted = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| flatten(&dotted(key), value, rows));
        }
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, item)| flatten(&dotted(&index.to_string()), item, rows));
        }
        plain => rows.push(vec![name.to_owned(), text(plain)]),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_made_of_each_entity_and_currency() {
        // v1, v2 and v3 shapes must look alike to a person.
        let by_name =
            r#"{"1":{"id":1,"symbol":"BTC","quote":{"USD":{"price":1},"EUR":{"price":2}}}}"#;
        let list = r#"[{"id":1,"symbol":"BTC",
            "quote":[{"symbol":"USD","price":1},{"symbol":"EUR","price":2}]}]"#;
        for text in [by_name, list] {
            let rows = rows(&serde_json::from_str(text).unwrap());
            assert_eq!(rows.len(), 2, "{text}");
            assert!(rows.iter().any(|row| row["currency"] == "EUR" && row["price"] == 2));
        }
    }

    #[test]
    fn what_is_no_list_of_entities_is_shown_by_dotted_names() {
        // Plans and market totals are nested.
        let mut rows = Vec::new();
        flatten("", &serde_json::json!({ "plan": { "limit": 5 }, "ok": true }), &mut rows);
        rows.sort();
        assert_eq!(rows, [["ok", "true"], ["plan.limit", "5"]]);
    }

    #[test]
    fn cells_with_commas_are_quoted() {
        // Spreadsheets read them.
        assert_eq!(quote("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
