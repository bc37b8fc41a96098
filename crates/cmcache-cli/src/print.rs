//! The only place that writes to standard output and standard error.

use std::io::{IsTerminal, Write};

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table};

use crate::environment;

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

/// Whether what is printed may be coloured: a person reads along, and has not asked for no colours.
pub(crate) fn is_coloured() -> bool {
    is_terminal() && environment::likes_colours()
}

/// Rows under a heading. For people: fitted to the terminal, numbers to the right, states in their
/// colours. For pipes: plain, each row one line, whatever its length.
pub(crate) fn table(heading: &[&str], rows: Vec<Vec<String>>) {
    let is_pretty = is_terminal();
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    if is_pretty {
        table.set_content_arrangement(ContentArrangement::Dynamic);
    } else {
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.force_no_tty();
    }
    let is_coloured = is_coloured();
    let title = |text: &&str| match is_coloured {
        true => Cell::new(text).add_attribute(Attribute::Bold),
        false => Cell::new(text),
    };
    table.set_header(heading.iter().map(title));
    let is_right: Vec<bool> = (0..heading.len()).map(|at| is_pretty && counts(&rows, at)).collect();
    for row in rows {
        table.add_row(row.into_iter().map(|text| cell(text, is_coloured)));
    }
    right(&mut table, &is_right);
    for line in table.lines() {
        self::line(line.trim_end());
    }
}

/// A word that says how something is, in its colour.
pub(crate) fn state(word: &str) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.add_row([cell(word.to_owned(), is_coloured())]);
    for line in table.lines() {
        self::line(line.trim());
    }
}

fn cell(text: String, is_coloured: bool) -> Cell {
    match shade(&text).filter(|_| is_coloured) {
        Some(colour) => Cell::new(text).fg(colour),
        None => Cell::new(text),
    }
}

fn shade(word: &str) -> Option<Color> {
    match word {
        "pass" | "ok" | "closed" => Some(Color::Green),
        "warn" | "assumed" | "half-open" => Some(Color::Yellow),
        "fail" | "open" | "timed_out" => Some(Color::Red),
        _ => None,
    }
}

/// Whether a column holds numbers, and nothing else but dashes.
fn counts(rows: &[Vec<String>], at: usize) -> bool {
    let mut cells =
        rows.iter().filter_map(|row| row.get(at)).filter(|cell| *cell != "-").peekable();
    cells.peek().is_some() && cells.all(|cell| cell.parse::<f64>().is_ok())
}

fn right(table: &mut Table, is_right: &[bool]) {
    for (column, is_right) in table.column_iter_mut().zip(is_right) {
        if *is_right {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Rows that fit already; of each column whether it stands to the right.
pub(crate) fn fitted(heading: &[String], rows: Vec<Vec<String>>, is_right: &[bool]) {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(heading.to_vec());
    table.add_rows(rows);
    right(&mut table, is_right);
    for line in table.lines() {
        self::line(line.trim_end());
    }
}
