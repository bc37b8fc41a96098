use std::collections::HashSet;

use super::*;

#[test]
fn classes_have_names_of_their_own() {
    // Two classes of one name would share one setting.
    let names: HashSet<&str> = CacheClass::ALL.iter().map(|class| class.name()).collect();
    assert_eq!(names.len(), CacheClass::ALL.len());
}

#[test]
fn methods_are_read_as_they_are_written() {
    // Only these two go to upstream.
    for method in [Method::Get, Method::Post] {
        assert_eq!(Method::parse(&method.to_string()), Some(method));
    }
    assert_eq!(Method::parse("get"), None);
    assert_eq!(Method::parse("HEAD"), None);
}

#[test]
fn an_unknown_operation_promises_nothing() {
    // It is passed on and never composed.
    let operation = Operation::unknown(Method::Post, "/v9/x");
    assert_eq!((operation.family, operation.price), (Family::Whole, PriceRule::Unknown));
    assert!(!operation.known && operation.param("id").is_none());
}
