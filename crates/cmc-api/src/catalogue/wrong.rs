//! What is wrong with a catalogue, and where.

/// What is wrong, and the piece of the file that it is about.
#[derive(Debug)]
pub(super) struct Wrong<'a> {
    at: &'a str,
    pub(super) problem: String,
}

pub(super) type Checked<'a, T> = Result<T, Wrong<'a>>;

impl<'a> Wrong<'a> {
    pub(super) fn new(at: &'a str, problem: impl Into<String>) -> Self {
        Self { at, problem: problem.into() }
    }

    /// A word that is not among those that are taken.
    pub(super) fn word(at: &'a str, what: &str, word: &str, valid: &[&str]) -> Self {
        let nearest = nearest(word, valid).unwrap_or_default();
        let list = valid.join(", ");
        let problem = format!("unknown {what} {word:?}; did you mean {nearest:?}? (valid: {list})");
        Self { at, problem }
    }

    /// Line and column in `text`, which the piece was cut from; both count from 1.
    pub(super) fn place(&self, text: &str) -> (usize, usize) {
        let offset = self.at.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let before = text.as_bytes().get(..offset).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        (line, column)
    }
}

/// The word that is spelt most like `word`.
pub(super) fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    // Whatever is longer than any word is unlike all of them.
    let start: String = word.chars().take(64).collect();
    words.iter().copied().min_by_key(|known| strsim::levenshtein(&start, known))
}
