//! "Did you mean": the valid word nearest to one that is not valid.

/// Further away than this many edits nothing is near.
const NEAR_AT_MOST: usize = 4;

/// `; did you mean "calm"?`, or nothing.
pub(crate) fn suggestion<'a>(wrong: &str, words: impl IntoIterator<Item = &'a str>) -> String {
    let near = words
        .into_iter()
        .map(|word| (strsim::levenshtein(wrong, word), word))
        .min_by_key(|it| it.0);
    match near {
        Some((edits, word)) if edits <= NEAR_AT_MOST.min(word.len() / 2 + 1) => {
            format!("; did you mean \"{word}\"?")
        }
        _ => String::new(),
    }
}

/// Adds the nearest word to a message of serde's: ``unknown field `a`, expected one of `b`, `c` ``.
pub(crate) fn sharpen(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let is_about_words =
        message.starts_with("unknown field") || message.starts_with("unknown variant");
    match quoted.next() {
        Some(wrong) if is_about_words => {
            format!("{message}{}", suggestion(wrong, quoted))
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests;
