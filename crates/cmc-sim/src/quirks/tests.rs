use super::*;

#[test]
fn a_quirk_is_set_by_its_name_and_a_text() {
    // Would break: `--quirk name=value`.
    let mut quirks = Quirks::default();
    for (name, text) in [
        ("unknown_path", "not_found_404"),
        ("tariff", "2022"),
        ("ids_max", "50"),
        ("null_storms", "0.5"),
        ("validation_before_key", "true"),
        ("classic_operations_on_java_stack", "/v1/fiat/map,/v1/key/info"),
        ("skip_invalid_none_valid", "empty"),
    ] {
        quirks.set(name, text).unwrap();
    }
    assert_eq!(quirks.unknown_path, UnknownPath::NotFound404);
    assert_eq!((quirks.tariff, quirks.ids_max), (Tariff::Year2022, 50));
    assert!(quirks.validation_before_key);
    assert_eq!(quirks.classic_operations_on_java_stack, ["/v1/fiat/map", "/v1/key/info"]);
    assert_eq!(quirks.skip_invalid_none_valid, Unresolved::Empty);
}

#[test]
fn wrong_names_and_values_are_refused_with_the_nearest_word() {
    // Would break: typing errors that silently change nothing.
    let mut quirks = Quirks::default();
    let mut check = |name: &str, text: &str, wanted: &str| {
        let error = quirks.set(name, text).unwrap_err().to_string();
        assert!(error.contains(wanted), "{error}");
    };
    check("unknwon_path", "busy_200", "did you mean \"unknown_path\"?");
    check("unknown_path", "not_found", "did you mean \"not_found_404\"?");
    check("null_storms", "2", "between 0 and 1");
    check("history_depth_status", "418", "400 or 403");
    check("ids_max", "many", "invalid type");
    assert_eq!(quirks, Quirks::default());
}

#[test]
fn every_quirk_has_a_line_in_the_readme() {
    // Would break: switches that nobody can find.
    let readme = include_str!("../../README.md");
    for name in Quirks::NAMES {
        assert!(readme.contains(&format!("| `{name}` |")), "{name}");
    }
}
