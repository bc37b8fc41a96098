use super::*;

#[test]
fn what_may_be_a_password_is_not_shown() {
    // What is shown ends in tickets; people write URLs wrong in every way.
    for (text, shown) in [
        ("redis://canary@host:6379/1", "redis://host:6379/1"),
        ("rediss://user:canary@host", "rediss://host"),
        ("mysql://u:ca@na/ry?canary@host:3306/db", "mysql://host:3306/db"),
        ("postgres://u@host/db?password=canary", "postgres://host/db"),
        ("redis:/user:canary@host:1", "host:1"),
        ("canary-canary-canary://x@host:1/", "host:1/"),
        ("canary", "***"),
        ("127.0.0.1:11211", "127.0.0.1:11211"),
        ("", ""),
    ] {
        let place = Place::from(text);
        assert_eq!(place.to_string(), shown, "{text}");
        assert_eq!(format!("{place:?}"), shown, "{text}");
    }
}
