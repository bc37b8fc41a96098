//! The only place that writes to standard output and standard error.

use std::io::{IsTerminal, Write};

use comfy_table::{CellAlignment, ContentArrangement, Table};

/// A line of a result. A reader that has gone away is no error.
pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Bytes of a result, as they are.
pub(crate) fn raw(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(bytes).and_then(|()| out.write_all(b"\n")));
}

/// Bytes of a result that end their last line themselves.
pub(crate) fn text(bytes: &[u8]) {
    drop(std::io::stdout().lock().write_all(bytes));
}

/// A line about what went wrong, or is going on.
pub(crate) fn error(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Whether a person reads along.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Whether a person sees what goes on.
pub(crate) fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}

/// How wide the terminal is; `None` where standard output is none.
pub(crate) fn width() -> Option<usize> {
    Table::new().width().map(usize::from)
}

/// Rows under a heading, fitted to the terminal.
pub(crate) fn table(heading: &[&str], rows: Vec<Vec<String>>) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(heading.to_vec());
    table.add_rows(rows);
    for line in table.lines() {
        self::line(line.trim_end());
    }
}

/// Rows that fit already; of each column whether it stands to the right.
pub(crate) fn fitted(heading: &[String], rows: Vec<Vec<String>>, is_right: &[bool]) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heading.to_vec());
    table.add_rows(rows);
    for (column, is_right) in table.column_iter_mut().zip(is_right) {
        if *is_right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    for line in table.lines() {
        self::line(line.trim_end());
    }
}
