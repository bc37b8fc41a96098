use super::*;

#[test]
fn only_versioned_paths_go_to_the_api() {
    // A stray request for a page must not become a paid call.
    for path in ["/v1/key/info", "/v5/anything", "/v3/x"] {
        assert!(is_api(path), "{path}");
    }
    for path in ["/", "/favicon.ico", "/video", "/version", "/api/v1"] {
        assert!(!is_api(path), "{path}");
    }
}
