use cmcache::{Config, Options, cmc_api::ScriptedUpstream};
use http::{StatusCode, header::RETRY_AFTER};
use http_body_util::BodyExt;

use super::*;

async fn before(path: &str, query: &str) -> (http::response::Parts, String) {
    let reply = before_opening(Opening::default(), path.to_owned(), query.to_owned()).await;
    let (head, body) = reply.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    (head, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn before_the_door_is_open_only_health_is_told() {
    // Breaks: what needs the cache is answered by guessing, or by closing the connection.
    for (path, query, status) in [
        ("/livez", "", 200),
        ("/readyz", "", 503),
        ("/healthz", "", 503),
        ("/healthz", "group=live", 200),
        ("/healthz", "group=budget", 503),
    ] {
        let (head, body) = before(path, query).await;
        assert_eq!(head.status, status, "{path}?{query}: {body}");
        assert_eq!(head.headers["content-type"], "application/health+json");
    }
    assert_eq!(before("/healthz", "group=nonsense").await.0.status, StatusCode::BAD_REQUEST);
    for path in ["/v3/cryptocurrency/map", "/metrics", "/_cmcache/", "/_cmcache/api/v1/config"] {
        let (head, body) = before(path, "").await;
        assert_eq!(head.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(head.headers[RETRY_AFTER], "1");
        assert!(body.contains(r#""error_code": 503"#), "the API's own shape: {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_is_opened_once_and_not_to_strangers() {
    // Breaks: off loopback everybody spends; or a second cache answers half of the requests.
    let upstream = Arc::new(ScriptedUpstream::default());
    let options = Options { upstream: Some(upstream), ..Options::default() };
    let cmcache = Cmcache::start(Config::in_memory(), options).await.unwrap();
    let door = |is_local| Door::of(Arc::new(Hall::new(Opening::default(), is_local)));
    let refused = door(false).open(cmcache.clone()).unwrap_err();
    assert!(refused.to_string().contains("at least one client token is required"), "{refused}");
    let near = door(true);
    near.open(cmcache.clone()).unwrap();
    assert_eq!(near.open(cmcache).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
}
