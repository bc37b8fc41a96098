//! Tables that fit: first numbers lose decimals and texts their ends, then the last columns go,
//! those that nobody can do without after the others. What is shortened ends in an ellipsis.

use super::records::Record;

/// What stands between columns.
const GAP: usize = 2;
/// How wide numbers and texts are where the whole does not fit.
const NUMBER_MAX: usize = 14;
const TEXT_MAX: usize = 22;
/// Columns that go last.
const KEPT: [&str; 9] = [
    "symbol",
    "name",
    "currency",
    "price",
    "close",
    "volume_24h",
    "market_pair",
    "timestamp",
    "value",
];
/// A table of fewer columns says nothing.
const COLUMNS_MIN: usize = 2;
/// Digits that a shortened number keeps at least, after its leading zeros.
const DIGITS_MIN: usize = 4;
/// Decimals that a larger one keeps.
const DECIMALS_MIN: usize = 2;

/// Rows under a heading.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) heading: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// Of each column whether it holds numbers.
    pub(crate) is_right: Vec<bool>,
}

impl Table {
    /// Of these columns; what a row lacks is empty.
    pub(super) fn of(heading: Vec<String>, rows: &[Record]) -> Self {
        let cell = |row: &Record, name: &str| {
            let cell = row.iter().find(|(known, _)| known == name).map(|(_, cell)| cell);
            cell.map_or_else(
                || (String::new(), true),
                |cell| (one_line(&cell.text), cell.is_number || cell.text.is_empty()),
            )
        };
        let mut is_right = vec![true; heading.len()];
        let rows = rows.iter().map(|row| {
            let cells = heading.iter().zip(&mut is_right).map(|(name, is_right)| {
                let (text, is_number) = cell(row, name);
                *is_right &= is_number;
                text
            });
            cells.collect()
        });
        let rows = rows.collect();
        Self { heading, rows, is_right }
    }

    fn width(&self) -> usize {
        (0..self.heading.len()).map(|column| self.width_of(column) + GAP).sum()
    }

    fn width_of(&self, column: usize) -> usize {
        let cells = self.rows.iter().map(|row| width(&row[column]));
        cells.chain([width(&self.heading[column])]).max().unwrap_or(0)
    }

    fn shorten(&mut self, number_max: usize, text_max: usize) {
        for (column, is_right) in self.is_right.iter().enumerate() {
            for row in &mut self.rows {
                let cell = &mut row[column];
                let shorter = match is_right {
                    true => shortened_number(cell, number_max),
                    false => shortened(cell, text_max),
                };
                *cell = shorter;
            }
        }
    }

    /// Drops the last column that can be done without.
    fn drop_one(&mut self) {
        let is_lesser = |name: &String| !KEPT.contains(&name.as_str());
        let last = self.heading.len() - 1;
        let column = self.heading.iter().rposition(is_lesser).unwrap_or(last);
        self.heading.remove(column);
        self.is_right.remove(column);
        self.rows.iter_mut().for_each(|row| drop(row.remove(column)));
    }
}

/// `table` in at most `max` columns of text.
pub(super) fn fit(mut table: Table, max: Option<usize>) -> Table {
    let Some(max) = max else { return table };
    if table.width() <= max {
        return table;
    }
    let upright = table.heading == ["field", "value"];
    if !upright {
        table.shorten(NUMBER_MAX, TEXT_MAX);
    }
    while table.width() > max && table.heading.len() > COLUMNS_MIN {
        table.drop_one();
    }
    if table.width() > max {
        squeeze(&mut table, max);
    }
    table
}

/// What is left over goes to the columns in turn.
fn squeeze(table: &mut Table, max: usize) {
    let mut left = max;
    for column in 0..table.heading.len() {
        let below = table.heading.len() - column - 1;
        let most = left.saturating_sub(GAP + below * (GAP + 4)).max(1);
        table.heading[column] = shortened(&table.heading[column], most);
        for row in &mut table.rows {
            row[column] = shortened(&row[column], most);
        }
        left = left.saturating_sub(table.width_of(column) + GAP);
    }
}

/// At most `max` columns of text, with an ellipsis if something was cut.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    if width(text) <= max {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for character in text.chars() {
        used += of(character);
        if used > max {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// Without the last decimals, but never without a digit of the whole or the first that count.
fn shortened_number(number: &str, max: usize) -> String {
    let Some(point) = number.find('.').filter(|_| !number.contains(['e', 'E'])) else {
        return number.to_owned();
    };
    let first = number.find(|digit: char| digit.is_ascii_digit() && digit != '0');
    let least = match first {
        Some(first) if first > point => first + DIGITS_MIN,
        _ => point + 1 + DECIMALS_MIN,
    };
    let keep = max.saturating_sub(1).max(least);
    if number.len() <= keep + 1 { number.to_owned() } else { format!("{}…", &number[..keep]) }
}

fn one_line(text: &str) -> String {
    let plain = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().map(plain).collect()
}

/// How many columns of a terminal `text` takes.
fn width(text: &str) -> usize {
    text.chars().map(of).sum()
}

/// Letters of East Asia and pictures take two columns, marks on a letter none.
fn of(character: char) -> usize {
    match u32::from(character) {
        0x300..=0x36F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F | 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF => 2,
        0xFE30..=0xFE6F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6 | 0x1F300..=0x1FAFF => 2,
        0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests;
