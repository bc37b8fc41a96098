use super::*;

fn check(body: &str, expected: Result<Invalidation, &str>) {
    match (read(&Bytes::copy_from_slice(body.as_bytes())), expected) {
        (Ok(what), Ok(expected)) => assert_eq!(what, expected, "{body}"),
        (Err(said), Err(words)) => {
            assert!(said.http == 400 && said.message.contains(words), "{body}: {}", said.message);
        }
        (read, expected) => panic!("{body}: {read:?}, not {expected:?}"),
    }
}

#[test]
fn one_thing_is_said_and_anything_else_is_told_what_can_be() {
    // Breaks: a slip of the pen would empty the cache, or a typing error would do nothing.
    check(r#"{"query":"/v1/x?id=1"}"#, Ok(Invalidation::Query("/v1/x?id=1".to_owned())));
    check(r#"{"prefix":"q:1:"}"#, Ok(Invalidation::Prefix("q:1:".to_owned())));
    check(r#"{"class":"quotes"}"#, Ok(Invalidation::Class(CacheClass::Quotes)));
    check(r#"{"all":true}"#, Ok(Invalidation::All));
    for body in ["", "[]", "{}", r#"{"all":false}"#, r#"{"all":true,"class":"quotes"}"#] {
        check(body, Err("It must be one of"));
    }
    check(r#"{"clas":"quotes"}"#, Err("unknown field `clas`"));
    check(r#"{"class":"quote"}"#, Err("No class `quote`; there are"));
}

#[test]
fn a_token_is_the_whole_token() {
    // Breaks: half a token, or none, would act.
    let sent = |text: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, text.parse().unwrap());
        bearer(&headers, "secret")
    };
    assert!(sent("Bearer secret"));
    for text in ["", "secret", "Bearer secre", "Bearer secrets", "Basic secret", "bearer secret"] {
        assert!(!sent(text), "{text}");
    }
    assert!(!bearer(&HeaderMap::new(), "secret"));
}

#[test]
fn a_name_that_may_be_another_sites_is_not_this_machine() {
    // Breaks: a page whose name is made to lead here empties the cache of whoever reads it.
    let asked = |host: &str| {
        let request = http::Request::post("/").header(HOST, host).body(()).unwrap();
        is_asked_here(&request.into_parts().0)
    };
    for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080"] {
        assert!(asked(host), "{host}");
    }
    for host in ["evil.example:8080", "localhost.evil.example", "10.0.0.1", "", "[::2]:1"] {
        assert!(!asked(host), "{host}");
    }
}
