//! News, posts, and the collection of everything.

use crate::core::Core;
use crate::operations;
use crate::testing::{self, check_refused, get, get_from};
use crate::time;

#[test]
fn news_are_about_the_coins_asked_for() {
    // Would break: filters of news, and that they are free.
    let got = get("/v1/content/latest?symbol=btc&limit=5");
    let rows = got.data().as_array().unwrap();
    assert_eq!((rows.len(), got.credits()), (5, 0));
    assert!(rows.iter().all(|row| row["assets"][0]["id"] == 1));
    let times = got.column("released_at");
    assert!(times.is_sorted_by(|a, b| a >= b));
    let videos = get("/v1/content/latest?content_type=video&limit=3");
    assert!(videos.column("type").iter().all(|kind| kind == "\"video\""));
    check_refused("/v1/content/latest?limit=201", "\"limit\" must be less than or equal to 200");
    assert!(
        get("/v1/content/latest?language=xx")
            .message()
            .starts_with("\"language\" must be one of [en, zh, ")
    );
}

#[test]
fn posts_go_on_after_their_last_score() {
    // Would break: the cursor, and the counts that are texts.
    for name in ["latest", "top"] {
        let first = get(&format!("/v1/content/posts/{name}"));
        let last = first.data()["last_score"].as_str().unwrap();
        let second = get(&format!("/v1/content/posts/{name}?last_score={last}"));
        let ids = |got: &testing::Got| -> Vec<String> {
            let list = got.data()["list"].as_array().unwrap();
            list.iter().map(|post| post["post_id"].to_string()).collect()
        };
        assert_eq!((ids(&first).len(), ids(&second).len()), (20, 20));
        assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
        let post = &first.data()["list"][0];
        for text in ["like_count", "comment_count", "post_time"] {
            assert!(post[text].is_string(), "{text}");
        }
    }
    let top = get("/v1/content/posts/top");
    let post = &top.data()["list"][0];
    let comments =
        get(&format!("/v1/content/posts/comments?post_id={}", post["post_id"].as_str().unwrap()));
    assert!(comments.data().is_array());
    check_refused("/v1/content/posts/comments?post_id=x", "Invalid value for \"post_id\": \"x\"");
    check_refused("/v1/content/posts/comments", "\"post_id\" is required");
}

#[test]
fn trending_talk_changes_by_the_hour() {
    // Would break: the two smallest lists.
    let topics = get("/v1/community/trending/topic");
    assert_eq!(topics.column("rank"), ["1", "2", "3", "4", "5"]);
    let tokens = get("/v1/community/trending/token?limit=2");
    assert_eq!(tokens.keys(&["status"])[1], "error_code");
    assert!(tokens.data()[1]["cmc_rank"].is_number() && tokens.data()[1]["rank"] == 2);
    check_refused(
        "/v1/community/trending/token?limit=6",
        "\"limit\" must be less than or equal to 5",
    );
    let core = Core::new(&testing::generous(1));
    let first = |when: &str| {
        core.clock.set(time::parse_iso(when).unwrap());
        get_from(&core, "/v1/community/trending/token", Some("k")).column("id")
    };
    assert_eq!(first("2026-10-05T09:00Z"), first("2026-10-05T09:59Z"));
    assert_ne!(first("2026-10-05T09:00Z"), first("2026-10-05T10:00Z"));
}

#[test]
fn the_collection_names_every_operation() {
    // Would break: tools/postman.
    let got = get("/v1/tools/postman");
    let items = got.data()["item"].as_array().unwrap();
    assert_eq!(items.len(), operations::all().count());
    assert!(items.iter().any(|item| item["name"] == "/v1/tools/postman"));
}
