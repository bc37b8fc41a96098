//! A file as the laws see it: what is code, what is comment, what is text between quotes.

/// One file, with strings and comments told apart from code.
pub(super) struct Source {
    /// Path from the root of the workspace, with `/`.
    pub(super) path: String,
    /// The text as it is.
    pub(super) text: String,
    /// The same text, line for line, with comments and the inside of literals blanked.
    pub(super) code: String,
    /// The same shape again: `c` code, `s` literal, `/` comment.
    pub(super) kinds: String,
}

impl Source {
    pub(super) fn new(path: &str, text: impl Into<String>) -> Self {
        let text = text.into();
        let kinds = if path.ends_with(".rs") { kinds_of(&text) } else { all_code(&text) };
        let code = text
            .chars()
            .zip(kinds.chars())
            .map(|(letter, kind)| if kind == 'c' || letter == '\n' { letter } else { ' ' })
            .collect();
        Self { path: path.to_owned(), text, code, kinds }
    }

    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the whole file is for tests, benches or examples.
    pub(super) fn is_test(&self) -> bool {
        let path = &self.path;
        path.starts_with("tests/")
            || path.ends_with("/tests.rs")
            || ["/tests/", "/benches/", "/examples/"].iter().any(|folder| path.contains(folder))
    }

    /// Whether the file is an exam, or stand-ins that the tests of one crate or of others share.
    pub(super) fn is_exam(&self) -> bool {
        let is_named = |name| {
            self.path.ends_with(&format!("/{name}.rs")) || self.path.contains(&format!("/{name}/"))
        };
        ["conformance", "testing"].into_iter().any(is_named)
    }

    /// The lines of code with their numbers from 1, without those inside `#[cfg(test)] mod … {}`.
    pub(super) fn lines_outside_tests(&self) -> impl Iterator<Item = (usize, &str)> {
        let inside = test_modules(&self.code);
        self.code
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
            .filter(move |(number, _)| !inside.iter().any(|lines| lines.contains(number)))
    }
}

/// The line numbers of inline test modules.
fn test_modules(code: &str) -> Vec<std::ops::RangeInclusive<usize>> {
    let starts = code.match_indices("#[cfg(test)]").map(|(at, _)| at);
    let modules = starts.filter_map(|at| {
        let length = code[at..].find(['{', ';'])?;
        let end = block_end(code, at + length)?;
        Some(line_at(code, at)..=line_at(code, end))
    });
    modules.collect()
}

/// Where the block that opens at `open` closes; `None` when there is a `;` instead of a block.
pub(super) fn block_end(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, letter) in code[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return (letter == '}').then_some(open + offset);
        }
    }
    None
}

/// The line number, from 1, of a byte position.
pub(super) fn line_at(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The identifiers of one line of code.
pub(super) fn identifiers(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .filter(|word| word.starts_with(|first: char| first.is_alphabetic() || first == '_'))
}

fn all_code(text: &str) -> String {
    text.chars().map(|letter| if letter == '\n' { '\n' } else { 'c' }).collect()
}

fn kinds_of(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut kinds = String::with_capacity(letters.len());
    let mut at = 0;
    while at < letters.len() {
        let (kind, length) = token(&letters, at);
        for letter in &letters[at..at + length] {
            kinds.push(if *letter == '\n' { '\n' } else { kind });
        }
        at += length;
    }
    kinds
}

/// What starts at `at`, and how many letters it has.
fn token(letters: &[char], at: usize) -> (char, usize) {
    let rest = &letters[at..];
    let starts_word = at == 0 || !(letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    match rest {
        ['/', '/', ..] => ('/', until(rest, 2, |rest| rest[0] == '\n').unwrap_or(rest.len())),
        ['/', '*', ..] => ('/', block_comment(rest)),
        ['"', ..] => ('s', quoted(rest, 1)),
        ['b' | 'c', '"', ..] if starts_word => ('s', quoted(rest, 2)),
        ['r', '"' | '#', ..] if starts_word => raw(rest, 1),
        ['b' | 'c', 'r', '"' | '#', ..] if starts_word => raw(rest, 2),
        ['\'', '\\', _, ..] => ('s', until(rest, 3, |rest| rest[0] == '\'').map_or(3, |n| n + 1)),
        ['\'', _, '\'', ..] => ('s', 3),
        _ => ('c', 1),
    }
}

fn until(rest: &[char], from: usize, is_end: impl Fn(&[char]) -> bool) -> Option<usize> {
    (from..rest.len()).find(|index| is_end(&rest[*index..]))
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    rest.len()
}

fn quoted(rest: &[char], from: usize) -> usize {
    let mut at = from;
    while at < rest.len() && rest[at] != '"' {
        at += if rest[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// A raw string, or a raw identifier such as `r#type`, which is code.
fn raw(rest: &[char], from: usize) -> (char, usize) {
    let n_hashes = rest[from..].iter().take_while(|letter| **letter == '#').count();
    let open = from + n_hashes;
    if rest.get(open) != Some(&'"') {
        return ('c', 1);
    }
    let closes = |rest: &[char]| {
        rest[0] == '"' && rest[1..].iter().take_while(|letter| **letter == '#').count() >= n_hashes
    };
    ('s', until(rest, open + 1, closes).map_or(rest.len(), |at| at + 1 + n_hashes))
}

#[cfg(test)]
mod tests;
