use super::*;

#[test]
fn urls_of_the_known_dialect_are_read() {
    // Settings give a URL; a wrong path would silently begin new books.
    let path = |url| SqlConfig::from_url(url).unwrap().target;
    assert_eq!(path("sqlite:books/all.db"), Target::Sqlite("books/all.db".into()));
    assert_eq!(path("sqlite:///var/all.db"), Target::Sqlite("/var/all.db".into()));
}

#[test]
fn a_refused_url_is_named_by_its_scheme_only() {
    // The rest may hold a password.
    for url in ["mysql://root:secret@host/db", "nonsense://secret", "sqlite:", "secretless"] {
        let text = format!("{0} {0:?}", SqlConfig::from_url(url).unwrap_err());
        assert!(!text.contains("secret@") && !text.contains("//"), "{text}");
    }
}
