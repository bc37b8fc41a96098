//! The known word that is spelt most like the one that was typed.

use strsim::levenshtein;

/// The most similar of `known`, if any is similar at all.
pub(crate) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let measured = known.map(|word| (levenshtein(typed, word), word));
    let (far, word) = measured.min_by_key(|(far, _)| *far)?;
    (far <= typed.chars().count().max(2) / 2).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_near_if_half_of_it_is_right() {
        // A hint that is far off misleads.
        let known = || ["convert", "convert_id", "id"].into_iter();
        assert_eq!(nearest("convrt", known()), Some("convert"));
        assert_eq!(nearest("convert-id", known()), Some("convert_id"));
        assert_eq!(nearest("zzzzzz", known()), None);
    }
}
