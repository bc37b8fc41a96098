//! The only place that writes to standard output and standard error.

use std::io::{IsTerminal, Write};

/// A line of a result. A reader that has gone away is no error.
pub(crate) fn line(text: &str) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}

/// Bytes of a result, as they are.
pub(crate) fn raw(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    drop(out.write_all(bytes).and_then(|()| out.write_all(b"\n")));
}

/// A line about what went wrong, or is going on.
pub(crate) fn error(text: &str) {
    drop(writeln!(std::io::stderr().lock(), "{text}"));
}

/// Whether a person reads along.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Rows under a heading, fitted to the terminal.
pub(crate) fn table(heading: &[&str], rows: Vec<Vec<String>>) {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(comfy_table::ContentArrangement::Dynamic);
    table.set_header(heading.to_vec());
    table.add_rows(rows);
    for line in table.lines() {
        self::line(line.trim_end());
    }
}
