use super::*;

#[test]
fn tokens_are_long_recognisable_and_never_the_same() {
    // A token that can be guessed spends somebody else's credits.
    let [one, two] = [(); 2].map(|()| fresh().unwrap());
    assert!(one.expose().starts_with(PREFIX));
    assert_eq!(one.expose().len(), PREFIX.len() + 64);
    assert_ne!(one.expose(), two.expose());
}

#[test]
fn a_hash_survives_its_file_and_is_not_the_token() {
    // Whoever reads the file must not be able to ask.
    let token = fresh().unwrap();
    let hash = hash(token.expose().as_bytes());
    assert_eq!(Hash::from_hex(&hash.to_hex()), Some(hash));
    assert!(!token.expose().contains(&hash.to_hex()));
    assert_eq!(Hash::from_hex("12"), None);
    assert_eq!(format!("{hash:?}"), "Hash");
}
