use super::*;

#[test]
fn the_names_of_a_refusal_are_read_and_nothing_else_is() {
    // A name read wrongly would make a living exchange disappear.
    assert_eq!(names_in(r#"Invalid value for "id": "999""#, "id"), ["999"]);
    assert_eq!(names_in(r#"Invalid values for "slug": "a,b-c""#, "slug"), ["a", "b-c"]);
    assert!(names_in("An internal server error occurred", "id").is_empty());
    assert!(names_in(r#"Invalid value for "convert_id": "270""#, "id").is_empty());
}
