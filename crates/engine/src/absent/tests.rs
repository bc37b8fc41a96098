use super::*;

#[test]
fn the_names_of_a_refusal_are_read_and_nothing_else_is() {
    // A name read wrongly would make a living exchange disappear.
    assert_eq!(names_in(r#"Invalid value for "id": "999""#), ["999"]);
    assert_eq!(names_in(r#"Invalid values for "slug": "a,b-c""#), ["a", "b-c"]);
    assert!(names_in("An internal server error occurred").is_empty());
    assert!(names_in(r#""id" should only include "x": "1""#).is_empty());
}
