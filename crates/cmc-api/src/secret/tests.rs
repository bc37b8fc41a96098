use super::*;

#[test]
fn a_secret_prints_as_stars_and_is_still_there() {
    // Breaks if Debug is ever derived: the key would land in every log of a configuration.
    let secret = Secret::from("canary");
    assert_eq!(format!("{secret:?}"), "***");
    assert_eq!(format!("{:#?}", Some(secret.clone())), "Some(\n    ***,\n)");
    assert_eq!(secret.expose(), "canary");
}

#[test]
fn a_secret_is_read_from_a_plain_text() {
    // Breaks if configurations need another shape than `key = "…"`.
    let secret: Secret = serde_json::from_str("\"canary\"").unwrap();
    assert_eq!(secret.expose(), "canary");
}
