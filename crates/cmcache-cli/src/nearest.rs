//! The known word that is spelt most like the one that was typed.

/// The most similar of `known`, if any is similar at all.
pub(crate) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let measured = known.map(|word| (distance(typed, word), word));
    let (far, word) = measured.min_by_key(|(far, _)| *far)?;
    (far <= typed.chars().count().max(2) / 2).then_some(word)
}

/// Edit distance.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let next = (diagonal + usize::from(x != *y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row[b.len()]
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
