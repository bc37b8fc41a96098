use super::*;

#[test]
fn a_limit_is_written_as_the_draft_says() {
    // Client libraries parse these as structured fields; a comma too many hides all of them.
    let minute =
        Limit { name: "minute", is_credits: false, quota: 30, used: 31, window: 60, left: 12 };
    let day =
        Limit { name: "day", is_credits: true, quota: 200, used: 5, window: 86_400, left: 3_600 };
    let (mut policy, mut left) = (String::new(), String::new());
    for limit in [minute, day] {
        limit.write(&mut policy, &mut left);
    }
    assert_eq!(policy, "\"minute\";q=30;w=60, \"day\";q=200;qu=\"credits\";w=86400");
    assert_eq!(left, "\"minute\";r=0;t=12, \"day\";r=195;t=3600");
}
