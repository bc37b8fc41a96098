use secrecy::ExposeSecret;

use super::*;

fn problem(url: &str) -> String {
    let error = SqlConfig::from_url(url).unwrap_err();
    format!("{error} {error:?}")
}

fn server(url: &str) -> Address {
    match SqlConfig::from_url(url).unwrap().target {
        Target::Mysql(address) | Target::Postgres(address) => address,
        Target::Sqlite(_) => panic!("a file"),
    }
}

#[test]
fn urls_of_files_are_read() {
    // Settings give a URL; a wrong path would silently begin new books.
    let shown = |url| format!("{:?}", SqlConfig::from_url(url).unwrap().target);
    assert_eq!(shown("sqlite:books/all.db"), "sqlite:books/all.db");
    assert_eq!(shown("sqlite:///var/all.db"), "sqlite:/var/all.db");
}

#[test]
fn urls_of_servers_are_read_and_decoded() {
    // Generated passwords hold every character there is.
    let address = server("mysql://m%40x:p%2Fs%3A%25w@[::1]:3307/books?ssl-mode=VERIFY_IDENTITY");
    assert_eq!((address.user.as_str(), address.host.as_str()), ("m@x", "::1"));
    assert_eq!(address.password.as_ref().unwrap().expose_secret(), "p/s:%w");
    assert_eq!((address.port, address.database.as_str()), (Some(3307), "books"));
    assert_eq!(address.tls.mode, TlsMode::VerifyFull);
    let address = server("postgresql://me@db.example/books?sslmode=require&sslrootcert=%2Fca.pem");
    assert!(address.password.is_none() && address.port.is_none());
    assert_eq!(address.tls.mode, TlsMode::Require);
    assert_eq!(address.tls.ca.unwrap(), Path::new("/ca.pem"));
    let address = server("postgres://me@/books?host=/run/postgresql");
    assert_eq!(address.socket.unwrap(), Path::new("/run/postgresql"));
    assert_eq!(SqlConfig::from_url("mariadb://me@h/b").unwrap().name(), "mysql");
}

#[test]
fn a_parameter_that_is_not_known_is_an_error_that_names_the_known_ones() {
    // A misspelt sslmode must not become a line without TLS.
    let text = problem("postgres://u:secret@h/b?ssl-mode=verify-full");
    assert!(text.contains("\"ssl-mode\"") && text.contains("sslmode, sslrootcert"), "{text}");
    let text = problem("mysql://u:secret@h/b?ssl-mode=yes");
    assert!(text.contains("verify_identity"), "{text}");
}

#[test]
fn a_refused_url_is_shown_without_what_may_be_secret() {
    // Errors are logged.
    for url in [
        "nonsense://secret",
        "sqlite:",
        "secretless-and-much-longer",
        "mysql:root:secret@host/db",
        "mysql://root:secret@host",
        "mysql://secret/db",
        "mysql://root:secret@host:port/db",
        "mysql://root:secret@/db",
        "mysql://:secret@host/db",
        "mysql://root:secret@host/db?ssl-cert=/c.pem",
        "postgres://root:sec%ffret@host/db",
    ] {
        let text = problem(url);
        assert!(!text.contains("secret@") && !text.contains("//"), "{text}");
        assert!(!text.contains("root"), "{text}");
    }
}

#[test]
fn a_config_is_shown_without_its_password() {
    // It is printed at start.
    let config = SqlConfig::from_url("mysql://me:secret@host:3307/books").unwrap();
    let config = config.with_reports_url("mariadb://me:secret@replica/books").unwrap();
    let text = format!("{config:?}");
    assert!(text.contains("mysql://me@host:3307/books") && text.contains("replica"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn reports_come_from_a_server_of_the_same_kind() {
    // Anything else would be another set of books.
    for (url, reports) in [
        ("mysql://me@h/b", "postgres://me@h/b"),
        ("postgres://me@h/b", "sqlite:b"),
        ("sqlite:b", "sqlite:c"),
    ] {
        let config = SqlConfig::from_url(url).unwrap();
        assert!(config.with_reports_url(reports).is_err(), "{url} {reports}");
    }
}
