use std::sync::Arc;

use clock::Timestamp;
use credits::Window;

use super::*;

mod flow;

const AT: Timestamp = Timestamp::EPOCH;

fn down(tier: &str) -> What {
    What::TierDown { tier: tier.into() }
}

fn bus() -> Events {
    Events::new(0xab, Switches::default())
}

async fn heard(subscription: &mut Subscription) -> Arc<Event> {
    match subscription.next().await {
        Some(Heard::Event(event)) => event,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_subscriber_hears_all_in_order_from_when_it_came() {
    // A dashboard that misses an event shows what is no longer true.
    let events = bus();
    events.publish(AT, down("before"));
    let mut one = events.subscribe();
    events.publish(AT, down("a"));
    let mut two = events.subscribe();
    events.publish(AT, down("b"));
    assert_eq!(heard(&mut one).await.what, down("a"));
    assert_eq!(heard(&mut one).await.what, down("b"));
    assert_eq!(heard(&mut two).await.what, down("b"));
    events.close();
    assert_eq!((one.next().await, two.next().await), (None, None));
}

#[tokio::test]
async fn a_slow_subscriber_is_told_how_much_it_lost_and_holds_nobody_up() {
    // Would break: memory grows with the slowest browser, or events vanish without a trace.
    let events = bus();
    let mut slow = events.subscribe();
    for n in 0..REMEMBERED_MAX + 7 {
        events.publish(AT, down(&n.to_string()));
    }
    assert_eq!(slow.next().await, Some(Heard::Lost(Some(7))));
    assert_eq!(heard(&mut slow).await.what, down("7"));
    let mut rest = 1;
    events.close();
    while slow.next().await.is_some() {
        rest += 1;
    }
    assert_eq!(rest, REMEMBERED_MAX);
}

#[tokio::test]
async fn who_waits_is_woken_and_dropping_the_wait_loses_nothing() {
    // Server-sent events wait for an event or a heartbeat, whichever comes first.
    let events = bus();
    let mut ear = events.subscribe();
    for n in 0..50_u32 {
        let waits = ear.next();
        let teller = async {
            tokio::task::yield_now().await;
            events.publish(AT, down(&n.to_string()));
        };
        tokio::select! {
            biased;
            heard = waits => panic!("nothing was told yet: {heard:?}"),
            () = teller => {}
        }
        assert_eq!(heard(&mut ear).await.what, down(&n.to_string()));
    }
}

#[tokio::test]
async fn a_filter_passes_only_its_kinds() {
    // A pager must not ring for every call.
    let events = bus();
    let mut ups = events.subscribe().only([Kind::TierUp]);
    events.publish(AT, down("a"));
    events.publish(AT, What::TierUp { tier: "a".into() });
    assert_eq!(heard(&mut ups).await.what.kind(), Kind::TierUp);
    events.close();
    assert_eq!(ups.next().await, None);
}

#[tokio::test]
async fn who_comes_back_goes_on_where_it_stopped() {
    // Browsers reconnect with the id of the last event they saw.
    let events = bus();
    for name in ["a", "b", "c"] {
        events.publish(AT, down(name));
    }
    let mut first = events.replay();
    let seen = heard(&mut first).await;
    let mut again = events.replay_after(&events.token(&seen));
    assert_eq!(heard(&mut again).await.what, down("b"));
    // Of another run, or nonsense: everything that is remembered, and a word about the rest.
    for token in ["cd-1", "ab-99", "ab-x", "", "ab"] {
        let mut stranger = events.replay_after(token);
        assert_eq!(stranger.next().await, Some(Heard::Lost(None)), "{token}");
        assert_eq!(heard(&mut stranger).await.what, down("a"));
    }
}

#[tokio::test]
async fn what_is_switched_off_is_not_told() {
    // The guide switches calls off, since there are many.
    let events = Events::new(1, Switches(Kinds::ALL.without(Kind::TierDown)));
    let mut ear = events.subscribe();
    events.publish(AT, down("a"));
    events.close();
    assert_eq!(ear.next().await, None);
}

#[test]
fn an_event_is_one_line_of_json_with_its_kind_beside_what_it_tells() {
    // Receivers parse this.
    let what = What::CreditWarning {
        window: Window::Month,
        level: 80,
        passed: vec![50, 75, 80],
        used: 12_001,
        limit: 15_000,
        reset: Timestamp::from_millis(86_400_000),
    };
    let event = Event { seq: 3, id: "credits-1".into(), at: AT, what };
    assert_eq!(
        event.json(),
        r#"{"id":"credits-1","at":"1970-01-01T00:00:00.000Z","kind":"credit_warning","severity":"warning","told":{"window":"month","level":80,"passed":[50,75,80],"used":12001,"limit":15000,"reset":"1970-01-02T00:00:00.000Z"}}"#
    );
}

#[test]
fn names_are_unique_and_lead_back_to_their_kind() {
    // A filter that names one kind would pass another.
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.name()), Some(*kind));
    }
    assert!(Kind::ALL.len() < 32, "sets of kinds are bits of one word");
}

#[test]
fn a_change_is_told_once_however_often_one_looks() {
    // A state told every second is noise.
    let mut lookout = Lookout::default();
    let mut look = |is_up| lookout.tiers([(Arc::from("redis"), is_up)]);
    assert!(look(true).is_empty());
    assert_eq!(look(false), [down("redis")]);
    assert!(look(false).is_empty());
    assert_eq!(look(true), [What::TierUp { tier: "redis".into() }]);
    let operations = lookout.operations([(Arc::from("/v1/x"), false)]);
    assert_eq!(operations, [What::BreakerOpened { operation: "/v1/x".into() }]);
}
