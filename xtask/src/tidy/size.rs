//! How long a file, a function and a line may be.

use super::Finding;
use super::source::{Source, block_end, line_at};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_COLUMNS_MAX: usize = 100;

/// A file of more than 500 lines holds more than one noun.
pub(super) fn file_length(source: &Source) -> Vec<Finding> {
    let n_lines = source.text.lines().count();
    let is_unit_tests =
        source.path.ends_with("/tests.rs") || source.path.contains("/src/") && source.is_test();
    if !source.is_rust() || is_unit_tests || n_lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    let advice =
        format!("{n_lines} lines, at most {FILE_LINES_MAX}: give the second noun its file");
    vec![Finding::new(&source.path, 1, "file-length", advice)]
}

/// A function of more than 70 lines does not fit on a screen.
pub(super) fn function_length(source: &Source) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let functions = functions(&source.code).into_iter();
    functions
        .filter(|function| function.n_lines > FUNCTION_LINES_MAX)
        .map(|Function { name, line, n_lines }| {
            let advice = format!(
                "`{name}` has {n_lines} lines, at most {FUNCTION_LINES_MAX}: \
                 name its steps and call them"
            );
            Finding::new(&source.path, line, "function-length", advice)
        })
        .collect()
}

/// Lines end at column 100; addresses and long literals of tests may run on.
pub(super) fn line_length(source: &Source) -> Vec<Finding> {
    if !source.is_rust() {
        return Vec::new();
    }
    let lines = source.text.lines().zip(source.kinds.lines()).enumerate();
    lines
        .filter(|(_, (line, kinds))| {
            line.chars().count() > LINE_COLUMNS_MAX && !may_run_on(source, line, kinds)
        })
        .map(|(index, (line, _))| {
            let n_columns = line.chars().count();
            let advice = format!("{n_columns} columns, at most {LINE_COLUMNS_MAX}: break the line");
            Finding::new(&source.path, index + 1, "line-length", advice)
        })
        .collect()
}

fn may_run_on(source: &Source, line: &str, kinds: &str) -> bool {
    let is_literal = kinds.as_bytes().get(LINE_COLUMNS_MAX) == Some(&b's');
    let starts_in_literal = kinds.starts_with('s');
    line.contains("http://")
        || line.contains("https://")
        || line.contains("include_str!")
        || is_literal && (starts_in_literal || source.is_test())
}

struct Function<'a> {
    name: &'a str,
    line: usize,
    n_lines: usize,
}

fn functions(code: &str) -> Vec<Function<'_>> {
    let words = code.match_indices("fn ").map(|(at, _)| at);
    words.filter(|at| !code[..*at].ends_with(is_word)).filter_map(|at| function(code, at)).collect()
}

fn function(code: &str, at: usize) -> Option<Function<'_>> {
    let name = code[at + 3..].trim_start().split(|letter: char| !is_word(letter)).next()?;
    let end = block_end(code, body(code, at)?)?;
    let line = line_at(code, at);
    (!name.is_empty()).then(|| Function { name, line, n_lines: line_at(code, end) - line + 1 })
}

/// Where the body opens, past arguments and arrays; `None` for a declaration.
fn body(code: &str, at: usize) -> Option<usize> {
    let mut depth = 0_isize;
    for (offset, letter) in code[at..].char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ';' if depth == 0 => return None,
            '{' if depth == 0 => return Some(at + offset),
            _ => {}
        }
    }
    None
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests;
