use super::*;

fn asked(path: &str) -> Option<Reply> {
    file(path, &HeaderMap::new())
}

#[test]
fn every_file_that_the_page_names_is_there() {
    // Breaks: the page stays white after a file was renamed.
    let page = FILES[0].text;
    let named = page.split('"').filter_map(|text| text.strip_prefix("assets/"));
    let mut n_named = 0;
    for name in named {
        assert!(asked(&format!("{ASSETS}{name}")).is_some(), "{name}");
        n_named += 1;
    }
    assert_eq!(n_named, 5);
    let scripts = FILES.iter().filter(|file| file.media == SCRIPT);
    for import in scripts.flat_map(|file| file.text.split("from \"./").skip(1)) {
        let name = import.split('"').next().unwrap();
        assert!(asked(&format!("{ASSETS}{name}")).is_some(), "{name}");
    }
}

#[test]
fn nothing_on_the_page_comes_from_elsewhere_or_stands_within_it() {
    // Breaks: the policy blocks the page, or the page tells strangers who looks at it.
    for file in FILES.iter().filter(|file| !file.name.starts_with("uplot")) {
        let text = file.text.replace("http://www.w3.org/2000/svg", "");
        assert!(!text.contains("http://") && !text.contains("https://"), "{}", file.name);
        assert!(!text.contains("innerHTML"), "{}", file.name);
    }
    let page = FILES[0].text;
    for within in ["<style", "style=", "onclick", "<script>", "javascript:"] {
        assert!(!page.contains(within), "{within}");
    }
    let reply = asked(PATH).unwrap();
    let policy = reply.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"));
}

#[test]
fn what_a_browser_holds_is_not_sent_again() {
    // Breaks: every look at the page loads all of it.
    let first = asked(PATH).unwrap();
    let mut headers = HeaderMap::new();
    headers.insert(IF_NONE_MATCH, first.headers()[ETAG].clone());
    assert_eq!(file(PATH, &headers).unwrap().status(), StatusCode::NOT_MODIFIED);
}

#[test]
fn only_files_of_the_page_are_given_out() {
    // Breaks: a path leads out of the folder, or takes a path of the API.
    for path in ["/_cmcache/assets/", "/_cmcache/assets/../lib.rs", "/_cmcache/api/v1/status", "/"]
    {
        assert!(asked(path).is_none(), "{path}");
    }
    assert_eq!(asked("/_cmcache").unwrap().headers()[LOCATION], PATH);
}
