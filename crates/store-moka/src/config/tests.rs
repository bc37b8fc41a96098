use super::*;

#[test]
fn what_is_left_out_has_its_default() {
    // A file with one line is a whole configuration.
    let config: MokaConfig = toml::from_str("max_bytes = 1000").unwrap();
    assert_eq!(config, MokaConfig { max_bytes: 1_000, ..MokaConfig::default() });
}

#[test]
fn a_misspelt_setting_is_refused() {
    // Else it would be the default, silently.
    let error = toml::from_str::<MokaConfig>("max_byte = 1000").unwrap_err().to_string();
    assert!(error.contains("max_byte") && error.contains("max_bytes"), "{error}");
}
