use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use clock::{Clock, ManualClock};
use credits::Window;

use super::*;
use crate::events::{Events, Kind, Switches};

/// A receiver that is there or not, and keeps what it gets.
#[derive(Debug, Default)]
struct Receiver {
    is_up: AtomicBool,
    got: Mutex<Vec<Letter>>,
}

#[async_trait]
impl Carry for Receiver {
    async fn carry(&self, letter: &Letter, _: Duration) -> Result<Receipt, CourierError> {
        if !self.is_up.load(Ordering::Relaxed) {
            return Err(CourierError::Away("connection refused".to_owned()));
        }
        self.got.lock().unwrap().push(letter.clone());
        Ok(Receipt { status: 200, answer: String::new(), retry_after: None })
    }
}

fn config(dir: &Path) -> Config {
    let mut config = Config { data_dir: dir.to_owned(), ..Config::default() };
    config.webhook.url = Some(Secret::new("https://hooks.test/canary"));
    config
}

fn warning(level: u8) -> What {
    let reset = Timestamp::from_millis(1_800_000_000_000);
    let (used, limit) = (12_001, 15_000);
    What::CreditWarning { window: Window::Month, level, passed: vec![level], used, limit, reset }
}

/// A bus whose alerts go to the receiver.
fn connected(config: &Config, receiver: &Arc<Receiver>) -> (Events, Arc<Delivery>) {
    let delivery = Delivery::by(config, Arc::clone(receiver) as Arc<dyn Carry>).unwrap();
    let delivery = Arc::new(delivery);
    let events = Events::new(7, Switches::default());
    let sink = Arc::clone(&delivery);
    events.hand_to(Arc::new(move |event: &Event| sink.put(event)));
    (events, delivery)
}

#[tokio::test]
async fn an_alert_reaches_a_receiver_that_was_down_for_an_hour_once_across_restarts() {
    // What happened at night must be known in the morning, and not forty times.
    let dir = tempfile::tempdir().unwrap();
    let config = config(dir.path());
    let receiver = Arc::new(Receiver::default());
    let clock = ManualClock::at(Timestamp::from_millis(1_790_000_000_000));
    let mut rng = fastrand::Rng::with_seed(11);
    let (mut events, mut delivery) = connected(&config, &receiver);
    let mut second = 0_u64;
    while second < 2 * 3_600 {
        if second == 60 || second == 1_200 {
            events.publish_as("credits-80", clock.now(), warning(80));
            events.publish(clock.now(), What::TierUp { tier: "redis".into() });
        }
        if second == 1_800 {
            (events, delivery) = connected(&config, &receiver);
        }
        receiver.is_up.store(second >= 3_600, Ordering::Relaxed);
        delivery.step(clock.now(), &mut rng).await;
        clock.advance(Duration::from_secs(1));
        second += 1;
    }
    let got = receiver.got.lock().unwrap();
    let ids: Vec<&str> = got.iter().map(|letter| &*letter.id).collect();
    assert_eq!(ids.len(), 3, "{ids:?}: the level once although told twice, and two ups");
    assert_eq!(ids[0], "credits-80");
    assert!(got[0].body.contains("\"kind\":\"credit_warning\""), "{}", got[0].body);
}

#[tokio::test]
async fn only_what_was_asked_for_is_sent() {
    // A pager that rings for every call is switched off.
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(dir.path());
    let receiver = Arc::new(Receiver::default());
    receiver.is_up.store(true, Ordering::Relaxed);
    for (kinds, n_sent) in [(None, 1), (Some(vec![Kind::TierUp.name().to_owned()]), 0)] {
        config.data_dir = dir.path().join(n_sent.to_string());
        config.webhook.events = kinds;
        let (events, delivery) = connected(&config, &receiver);
        receiver.got.lock().unwrap().clear();
        let (operation, elapsed_ms) = (Arc::from("/v1/x"), 1);
        let (error, code, http_status) = ("connect", None, None);
        let failed = What::ApiError { operation, error, code, http_status, elapsed_ms };
        events.publish(Timestamp::EPOCH, failed);
        events.publish(Timestamp::EPOCH, warning(90));
        for _ in 0..3 {
            delivery.step(Timestamp::EPOCH, &mut fastrand::Rng::with_seed(1)).await;
        }
        assert_eq!(receiver.got.lock().unwrap().len(), n_sent);
    }
}

#[test]
fn slack_gets_a_sentence_and_nothing_shows_the_address() {
    // Whoever knows the address of a Slack webhook may write there.
    let event = Event { seq: 1, id: "a".into(), at: Timestamp::EPOCH, what: warning(80) };
    let told = letter(&event, WebhookFormat::Slack);
    assert_eq!(
        &*told.body,
        "{\"text\":\"*cmcache warning*: 80 % of the month's credits are used: 12001 of 15000, \
         until 2027-01-15T08:00:00.000Z\"}"
    );
    let dir = tempfile::tempdir().unwrap();
    let delivery = Delivery::open(&config(dir.path())).unwrap().unwrap();
    assert!(!format!("{delivery:?}").contains("canary"));
}
