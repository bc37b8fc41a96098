//! The data of an answer as a table that fits, or as comma-separated values.

mod columns;
mod csv;
mod fit;
mod records;

use crate::print;

pub(crate) use fit::shortened;

/// How data is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// RFC 4180: a line per object, all its fields.
    Csv,
    /// What people look for first, in at most so many columns of text.
    Table { width: Option<usize> },
}

/// Prints the data of the operation at `path`. Says whether there was anything to print.
pub(crate) fn show(data: &str, path: &str, form: Form) -> bool {
    let records = records::records(data);
    if records.iter().all(Vec::is_empty) {
        return false;
    }
    match form {
        Form::Csv => print::text(csv::text(&records).as_bytes()),
        Form::Table { width } => {
            let table = fit::fit(columns::table(records, path), width);
            print::fitted(&table.heading, table.rows, &table.is_right);
        }
    }
    true
}
