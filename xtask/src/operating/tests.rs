use serde_json::json;

use super::*;

#[test]
fn variables_are_replaced_however_they_are_written() {
    // Breaks: the program would be asked about `${NAME}` instead of what stands for it.
    let variables = variables("# a\nA=1\n\nB=x=y\n").unwrap();
    assert_eq!(compose::filled("u:${A:?why}@h/${B}", &variables), "u:1@h/x=y");
    assert_eq!(compose::filled("plain", &variables), "plain");
    assert!(super::variables("A").is_err());
}

#[test]
fn a_url_leads_to_a_service_at_a_port_that_it_has() {
    // Breaks: an example that starts, and never finds its store.
    let file = json!({ "services": {
        "gateway": { "depends_on": { "redis": { "condition": "service_healthy" } } },
        "redis": { "expose": ["6379"] },
    }});
    let file = compose::Compose::read(&file).unwrap();
    let body = serde_json::Map::new();
    let one = compose::Service { file: &file, body: &body };
    assert!(one.check_url("redis://u:p@redis:6379/0").is_ok());
    for (url, words) in [
        ("redis://reddis:6379", "no service `reddis`"),
        ("redis:6380", "does not expose 6380"),
        ("redis://redis", "no port"),
    ] {
        let error = one.check_url(url).unwrap_err();
        assert!(format!("{error:#}").contains(words), "{error:#}");
    }
    assert!(one.check_needs().is_ok());
}

#[test]
fn a_unit_says_only_what_systemd_knows_and_says_it_once() {
    // Breaks: a misspelt protection protects nothing, and systemd only warns.
    let unit = "[Unit]\nDescription=x\n[Service]\nSystemCallFilter=a\nSystemCallFilter=~b\n";
    assert_eq!(unit::parse(unit).unwrap().len(), 3);
    for (text, words) in [
        ("[Servce]\n", "no section [Servce]"),
        ("[Service]\nProtectHom=yes\n", "has no ProtectHom"),
        ("[Service]\nType=exec\nType=simple\n", "said twice"),
        ("Type=exec\n", "before the first section"),
    ] {
        let error = unit::parse(text).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}
