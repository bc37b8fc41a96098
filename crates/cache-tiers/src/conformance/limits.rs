//! Odd keys, odd bodies, and what is too much.

use super::Case;
use crate::{Key, Tier, limits::KEY_BYTES_MAX};

/// What a test puts at most, even where a tier claims to take more.
const TRIED_BYTES_MAX: usize = 2 << 20;

/// Texts that wire protocols and collations get wrong: none may hit another's entry.
pub async fn odd_keys_are_kept_apart(tier: &dyn Tier) {
    let case = Case::new(tier, "odd");
    let names = [
        "",
        " ",
        "a",
        "A",
        "a ",
        " a",
        "a\n",
        "a\r\nget b",
        "a\0b",
        "ä",
        "a\u{308}",
        "₿🚀",
        "%61",
        "a'b\"c;--",
        "*",
        "{a}b",
        "{a}c",
        "ß",
        "ss",
    ];
    let items: Vec<_> =
        names.iter().map(|name| (case.key(name), case.entry(1, format!("of {name:?}")))).collect();
    case.put(&items).await;
    let keys: Vec<Key> = items.iter().map(|(key, _)| key.clone()).collect();
    for ((key, put), got) in items.iter().zip(case.get(&keys).await) {
        assert_eq!(got.as_ref(), Some(put), "{key:?}");
    }
}

/// Long keys that differ only at their end stay different.
pub async fn keys_of_any_length_work(tier: &dyn Tier) {
    let case = Case::new(tier, "length");
    let max_bytes = tier.capability().max_key_bytes;
    let beginning = case.key("").as_str().len();
    let lengths = [1, 100, KEY_BYTES_MAX - beginning - 1, KEY_BYTES_MAX, 9_000];
    let keys: Vec<Key> = lengths
        .iter()
        .flat_map(|&n| ["x", "y"].map(|end| case.key("k".repeat(n - 1) + end)))
        .filter(|key| key.as_str().len() <= max_bytes)
        .collect();
    let items: Vec<_> = keys
        .iter()
        .enumerate()
        .map(|(index, key)| (key.clone(), case.entry(1, format!("body {index}"))))
        .collect();
    case.put(&items).await;
    for ((key, put), got) in items.iter().zip(case.get(&keys).await) {
        assert_eq!(got.as_ref(), Some(put), "{} bytes", key.as_str().len());
    }
}

/// A body is bytes: no text, no line ends, no terminators.
pub async fn binary_bodies_come_back(tier: &dyn Tier) {
    let case = Case::new(tier, "binary");
    let all: Vec<u8> = (0..=255).collect();
    let bodies: [&[u8]; 5] = [&all, b"\r\nEND\r\n", b"\0\0\0", b"\xff\xfe\xfd", b"{\"a\":1}\n"];
    for (index, body) in bodies.into_iter().enumerate() {
        let (key, entry) = (case.key(index), case.entry(1, body.to_vec()));
        case.put(&[(key.clone(), entry.clone())]).await;
        assert_eq!(case.one(&key).await, Some(entry));
    }
}

/// Nothing known and "known to be nothing" differ, and only the first is paid for.
pub async fn an_empty_body_is_no_miss(tier: &dyn Tier) {
    let case = Case::new(tier, "nothing");
    let (key, entry) = (case.key("k"), case.entry(1, ""));
    case.put(&[(key.clone(), entry.clone())]).await;
    assert_eq!(case.one(&key).await, Some(entry));
}

/// One entry too large must not take its batch with it, nor come back as a part.
pub async fn an_oversize_entry_is_skipped_alone(tier: &dyn Tier) {
    let case = Case::new(tier, "oversize");
    let max_bytes = tier.capability().max_value_bytes;
    if max_bytes > TRIED_BYTES_MAX {
        return;
    }
    let keys = [case.key("before"), case.key("large"), case.key("after")];
    let small = case.entry(1, "small");
    let large = case.entry(1, vec![b'x'; max_bytes + 1]);
    let [before, middle, after] = keys.clone();
    case.put(&[(before, small.clone()), (middle, large), (after, small.clone())]).await;
    assert_eq!(case.get(&keys).await, [Some(small.clone()), None, Some(small)]);
}

/// What a tier says that it takes, it takes.
pub async fn a_large_entry_fits_as_claimed(tier: &dyn Tier) {
    let case = Case::new(tier, "large");
    let n_bytes = tier.capability().max_value_bytes.min(TRIED_BYTES_MAX) - crate::HEADER_BYTES;
    let (key, entry) = (case.key("k"), case.entry(1, vec![b'x'; n_bytes]));
    assert!(tier.capability().takes(&key, &entry));
    case.put(&[(key.clone(), entry.clone())]).await;
    assert!(case.one(&key).await == Some(entry), "{n_bytes} bytes come back");
}

/// The longest key that it claims to take is held, and a longer one is skipped without its batch.
pub async fn the_longest_key_fits_as_claimed(tier: &dyn Tier) {
    let case = Case::new(tier, "longest");
    let max_bytes = tier.capability().max_key_bytes.min(KEY_BYTES_MAX);
    let beginning = case.key("").as_str().len();
    if beginning >= max_bytes {
        return;
    }
    let key_of = |n_bytes: usize| case.key("k".repeat(n_bytes - beginning));
    let (longest, entry) = (key_of(max_bytes), case.entry(1, "body"));
    assert!(tier.capability().takes(&longest, &entry));
    let mut items = vec![(longest.clone(), entry.clone())];
    // Beyond that a key shortens itself, and no tier ever sees it.
    let too_long = (max_bytes < KEY_BYTES_MAX).then(|| key_of(max_bytes + 1));
    items.extend(too_long.clone().map(|key| (key, entry.clone())));
    case.put(&items).await;
    assert_eq!(case.one(&longest).await, Some(entry), "{max_bytes} bytes");
    if let Some(key) = too_long {
        assert_eq!(case.one(&key).await, None, "{max_bytes} bytes and one");
    }
}
