use cmcache::{
    clock::Timestamp,
    events::{Switches, What},
};

use super::*;

fn ear(events: &Events, stop: &CancellationToken) -> Ear {
    let places = Arc::new(Semaphore::new(1));
    Ear {
        heard: events.replay(),
        events: events.clone(),
        seat: Seat { stop: stop.clone(), _place: places.try_acquire_owned().unwrap() },
    }
}

#[tokio::test(start_paused = true)]
async fn a_listener_hears_events_and_in_silence_a_heartbeat() {
    // Proxies cut connections that say nothing, and browsers read exactly this format.
    let events = Events::new(0xa, Switches::default());
    events.publish(Timestamp::EPOCH, What::TierUp { tier: "redis".into() });
    let stop = CancellationToken::new();
    let mut ear = ear(&events, &stop);
    assert_eq!(
        ear.next().await.unwrap(),
        "id: a-1\nevent: tier_up\ndata: {\"id\":\"a-1\",\"at\":\"1970-01-01T00:00:00.000Z\",\
         \"kind\":\"tier_up\",\"severity\":\"info\",\"told\":{\"tier\":\"redis\"}}\n\n"
    );
    assert_eq!(ear.next().await.unwrap(), ": still here\n\n");
    stop.cancel();
    assert_eq!(ear.next().await, None);
}

#[test]
fn what_is_lost_is_an_event_of_its_own() {
    // A dashboard has to know that its picture has a hole.
    let events = Events::new(1, Switches::default());
    assert_eq!(written(&Heard::Lost(Some(7)), &events), "event: lost\ndata: {\"lost\":7}\n\n");
    assert_eq!(written(&Heard::Lost(None), &events), "event: lost\ndata: {\"lost\":null}\n\n");
}

#[test]
fn kinds_are_chosen_by_name_and_a_wrong_name_is_told() {
    // A filter that is misspelt would be silence for ever.
    let asked = wish("kind=tier_up%2Cprice_drift&replay=true&CMC_PRO_API_KEY=x").unwrap();
    let kinds = Some(vec![Kind::TierUp, Kind::PriceDrift]);
    assert_eq!(asked, Wish { kinds, replay: true });
    assert_eq!(wish("").unwrap(), Wish::default());
    assert!(wish("kind=tier_upp").unwrap_err().contains("tier_up"));
}
