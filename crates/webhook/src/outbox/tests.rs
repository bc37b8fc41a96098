use super::*;

const NOW: Duration = Duration::from_secs(1_800_000_000);
const SECOND: Duration = Duration::from_secs(1);

fn letter(id: &str, at: Duration) -> Letter {
    Letter::new(id, format!("{{\"id\":\"{id}\"}}"), at)
}

fn on_disk(dir: &Path) -> Outbox {
    Outbox::open(Some(&dir.join("outbox.jsonl")), OutboxConfig::default()).unwrap()
}

#[test]
fn a_receiver_that_is_down_for_an_hour_gets_each_letter_once_afterwards() {
    // The alert of the night must be there in the morning, and not forty times.
    let dir = tempfile::tempdir().unwrap();
    let mut rng = Rng::with_seed(3);
    let mut outbox = on_disk(dir.path());
    let (mut received, mut n_attempts) = (Vec::new(), 0);
    for second in 0..2 * 3_600_u32 {
        let now = NOW + second * SECOND;
        if second % 600 == 0 && second < 3_600 {
            // Seen by two watchers, hence told twice.
            outbox.put(letter(&format!("alert-{second}"), now));
            outbox.put(letter(&format!("alert-{second}"), now));
        }
        if second % 1_000 == 999 {
            // Killed and started again.
            outbox = on_disk(dir.path());
        }
        while let Due::Now(letter) = outbox.due(now) {
            n_attempts += 1;
            if second < 3_600 {
                outbox.failed(None, now, &mut rng);
            } else {
                received.push(letter.id.to_string());
                outbox.delivered(&letter.id);
            }
        }
    }
    let expected: Vec<String> = (0..6).map(|n| format!("alert-{}", n * 600)).collect();
    assert_eq!(received, expected, "each once, in order");
    assert!(n_attempts < 120, "{n_attempts} attempts: the receiver was not left in peace");
    assert_eq!(outbox.n_given_up(), 0);
}

#[test]
fn what_was_delivered_is_not_sent_again_after_a_restart() {
    // A level that two runs see is one alert.
    let dir = tempfile::tempdir().unwrap();
    let mut outbox = on_disk(dir.path());
    assert!(outbox.put(letter("a", NOW)));
    outbox.delivered("a");
    assert!(!outbox.put(letter("a", NOW)));
    let mut again = on_disk(dir.path());
    assert!(!again.put(letter("a", NOW)));
    assert_eq!(again.due(NOW), Due::Nothing);
}

#[test]
fn a_torn_line_costs_no_other_letter() {
    // A sudden end tears the last line only.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.jsonl");
    let mut outbox = on_disk(dir.path());
    outbox.put(letter("a", NOW));
    outbox.put(letter("b", NOW));
    drop(outbox);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let mut again = on_disk(dir.path());
    assert_eq!(again.due(NOW), Due::Now(letter("a", NOW)));
    assert_eq!(again.n_waiting(), 1);
    again.put(letter("c", NOW));
    assert_eq!(on_disk(dir.path()).n_waiting(), 2, "what is added after a torn line is whole");
}

#[test]
fn it_is_bounded_in_number_in_age_and_on_disk() {
    // A receiver that is gone for good must not fill the disk.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("outbox.jsonl");
    let config = OutboxConfig { waiting_max: 3, ..OutboxConfig::default() };
    let mut outbox = Outbox::open(Some(&path), config).unwrap();
    for n in 0..5 {
        outbox.put(letter(&n.to_string(), NOW));
    }
    assert_eq!((outbox.n_waiting(), outbox.n_given_up()), (3, 2), "the oldest go");
    assert_eq!(outbox.due(NOW + limits::KEPT_FOR), Due::Now(letter("2", NOW)));
    assert_eq!(outbox.due(NOW + limits::KEPT_FOR + SECOND), Due::Nothing);
    assert_eq!(outbox.n_given_up(), 5);
    let long = "x".repeat(2_000);
    for n in 0..2_000 {
        outbox.put(Letter::new(n.to_string(), long.as_str(), NOW));
        outbox.delivered(&n.to_string());
    }
    let on_disk = std::fs::metadata(&path).unwrap().len();
    assert!(on_disk < 2 * limits::FILE_GROWTH_BYTES, "{on_disk} bytes");
}

#[test]
fn pauses_grow_and_a_receiver_that_names_a_time_is_obeyed() {
    // Hammering a receiver in trouble keeps it there.
    let mut rng = Rng::with_seed(9);
    let mut outbox = Outbox::open(None, OutboxConfig::default()).unwrap();
    outbox.put(letter("a", NOW));
    let mut now = NOW;
    for n in 0..12_u32 {
        outbox.failed(None, now, &mut rng);
        let Due::At(next) = outbox.due(now) else { panic!("no pause after {n} failures") };
        let ceiling = (limits::PAUSE_FIRST * 2_u32.pow(n)).min(limits::PAUSE_MAX);
        assert!(next - now >= ceiling / 2 && next - now <= ceiling, "{n}: {:?}", next - now);
        now = next;
    }
    outbox.failed(Some(1_000 * SECOND), now, &mut rng);
    assert!(matches!(outbox.due(now + 999 * SECOND), Due::At(_)));
}
