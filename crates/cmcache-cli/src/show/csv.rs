//! Comma-separated values as RFC 4180 has them.

use std::collections::HashMap;

use super::records::Record;

/// A heading and a line per record. A field that some records lack is empty there.
pub(super) fn text(records: &[Record]) -> String {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in records.iter().flatten() {
        places.entry(name).or_insert_with(|| {
            names.push(name);
            names.len() - 1
        });
    }
    let mut out = String::new();
    line(&mut out, &names);
    for record in records {
        let mut cells = vec![""; names.len()];
        for (name, cell) in record {
            cells[places[name.as_str()]] = &cell.text;
        }
        line(&mut out, &cells);
    }
    out
}

fn line(out: &mut String, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::{super::records::records, *};

    #[test]
    fn what_would_end_a_cell_is_quoted_and_what_is_missing_is_empty() {
        // Spreadsheets read it.
        let records = records(r#"[{"id":1,"name":"a,\"b\"\nc"},{"id":2,"rank":3}]"#);
        assert_eq!(text(&records), "id,name,rank\r\n1,\"a,\"\"b\"\"\nc\",\r\n2,,3\r\n");
    }
}
