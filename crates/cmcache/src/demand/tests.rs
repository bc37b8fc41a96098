use std::{fs, io::Write, time::Duration};

use super::*;

const NOON: &str = "2026-10-05T12:00:00Z";
const DAY: Duration = Duration::from_secs(86_400);
const MINUTE: Duration = Duration::from_secs(60);
const PLENTY: RecorderLimits = RecorderLimits { retention: DAY, bytes_max: 1 << 20 };

fn noon() -> Timestamp {
    Timestamp::parse(NOON).unwrap()
}

fn opened(folder: &Path, limits: RecorderLimits) -> Recorder {
    Recorder::open(folder.to_owned(), limits).unwrap()
}

fn all(folder: &Path) -> Vec<Minute> {
    let minutes = Minutes::read(folder, Timestamp::EPOCH, Timestamp::MAX).unwrap();
    minutes.map(Result::unwrap).collect()
}

fn asked(minute: &Minute) -> Vec<(&str, u64)> {
    minute.asked.iter().map(|(text, n)| (&**text, *n)).collect()
}

#[test]
fn what_was_recorded_is_read_again() {
    // A what-if over a record that differs from what happened is fiction.
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = opened(dir.path(), PLENTY);
    recorder.record(noon(), &[("/v1/a?", 3), ("/v1/b?x=\"1\"\n{}", 9)], 0).unwrap();
    recorder.record(noon().after(MINUTE), &[("/v1/a?", 1), ("/v1/c?", 0)], 4).unwrap();
    let read = all(dir.path());
    assert_eq!(read.len(), 2);
    assert_eq!((read[0].at, read[1].at), (noon(), noon().after(MINUTE)));
    assert_eq!(asked(&read[0]), [("/v1/b?x=\"1\"\n{}", 9), ("/v1/a?", 3)]);
    assert_eq!((asked(&read[1]), read[1].omitted), (vec![("/v1/a?", 1)], 4));
}

#[test]
fn a_question_is_named_once_a_day_also_after_a_restart() {
    // Texts are what takes room.
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..3 {
        opened(dir.path(), PLENTY).record(noon(), &[("/v1/long-question?", 1)], 0).unwrap();
    }
    let text = fs::read_to_string(dir.path().join("2026-10-05.jsonl")).unwrap();
    assert_eq!(text.matches("long-question").count(), 1, "{text}");
    assert_eq!(text.matches("cmcache_demand").count(), 1, "{text}");
    assert_eq!(all(dir.path()).iter().map(|minute| minute.asked[0].1).sum::<u64>(), 3);
}

#[test]
fn a_death_at_any_byte_costs_only_the_line_that_was_being_written() {
    // The process may be killed in the middle of a write; what comes after must be readable.
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = opened(dir.path(), PLENTY);
    recorder.record(noon(), &[("/v1/a?", 1)], 0).unwrap();
    recorder.record(noon().after(MINUTE), &[("/v1/b?", 2)], 0).unwrap();
    let whole = fs::read(dir.path().join("2026-10-05.jsonl")).unwrap();
    for length in 0..=whole.len() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("2026-10-05.jsonl"), &whole[..length]).unwrap();
        opened(dir.path(), PLENTY).record(noon().after(2 * MINUTE), &[("/v1/a?", 5)], 0).unwrap();
        let read = all(dir.path());
        let last = read.last().unwrap();
        assert_eq!(asked(last), [("/v1/a?", 5)], "cut at {length}");
        let n_lines = whole[..length].iter().filter(|byte| **byte == b'\n').count();
        let n_minutes = [0, 0, 0, 1, 1, 2][n_lines];
        assert_eq!(read.len(), n_minutes + 1, "cut at {length}");
    }
}

#[test]
fn damage_is_counted_and_costs_nothing_else() {
    // A disk that flips a bit must not end every what-if.
    let dir = tempfile::tempdir().unwrap();
    opened(dir.path(), PLENTY).record(noon(), &[("/v1/a?", 1)], 0).unwrap();
    let path = dir.path().join("2026-10-05.jsonl");
    let mut file = fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"\xff\xfe{\n{\"m\":721,\"n\":[[0,2],[77,3]],\"o\":1}\n{\"m\":7").unwrap();
    let mut minutes = Minutes::read(dir.path(), Timestamp::EPOCH, Timestamp::MAX).unwrap();
    let read: Vec<Minute> = minutes.by_ref().map(Result::unwrap).collect();
    assert_eq!((read.len(), minutes.n_damaged()), (2, 2));
    assert_eq!((asked(&read[1]), read[1].omitted), (vec![("/v1/a?", 2)], 4));
}

#[test]
fn a_newer_form_is_refused_and_not_misread() {
    // An older program must not take what it does not understand for silence.
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("2026-10-05.jsonl"), "{\"cmcache_demand\":2,\"day\":1}\n").unwrap();
    let read = Minutes::read(dir.path(), Timestamp::EPOCH, Timestamp::MAX).unwrap().next();
    assert!(matches!(read, Some(Err(RecordError::Newer { found: 2, .. }))), "{read:?}");
}

#[test]
fn only_the_span_that_was_asked_for_is_read() {
    // `--since 1h` is an hour, also across midnight.
    let dir = tempfile::tempdir().unwrap();
    let mut recorder = opened(dir.path(), PLENTY);
    let midnight = Timestamp::parse("2026-10-06T00:00:00Z").unwrap();
    for minutes in -3_i32..3 {
        let at = Timestamp::from_millis(midnight.as_millis() + i64::from(minutes) * MINUTE_MS);
        recorder.record(at, &[("/v1/a?", 1)], 0).unwrap();
    }
    let (from, until) = (midnight.before(MINUTE), midnight.after(2 * MINUTE));
    let read: Vec<Minute> =
        Minutes::read(dir.path(), from, until).unwrap().map(Result::unwrap).collect();
    let at: Vec<Timestamp> = read.iter().map(|minute| minute.at).collect();
    assert_eq!(at, [from, midnight, midnight.after(MINUTE)]);
    assert!(Minutes::read(&dir.path().join("nowhere"), from, until).is_err());
}

#[test]
fn old_days_go_and_the_record_never_outgrows_its_room() {
    // It is a convenience: it must not fill the disk that the books are on.
    let dir = tempfile::tempdir().unwrap();
    let limits = RecorderLimits { retention: 3 * DAY, bytes_max: 4_096 };
    let mut recorder = opened(dir.path(), limits);
    for day in 0..10 {
        let now = noon().after(day * DAY);
        recorder.record(now, &[("/v1/a?", 1)], 0).unwrap();
        recorder.tidy(now);
    }
    let kept = days(dir.path()).unwrap();
    assert_eq!(kept.len(), 4, "{kept:?}");
    let now = noon().after(9 * DAY);
    for number in 0..1_000 {
        let text = format!("/v1/a?id={number}");
        recorder.record(now, &[(&text, 1)], 0).unwrap();
        recorder.tidy(now);
    }
    let kept = days(dir.path()).unwrap();
    let bytes: u64 = kept.iter().map(|(_, bytes)| bytes).sum();
    assert_eq!(kept.len(), 1, "the older days made room");
    assert!((3_500..4_300).contains(&bytes), "{bytes}");
}

#[test]
fn names_of_other_files_are_left_alone() {
    // Somebody may keep notes there.
    for (name, day) in [
        ("2026-10-05.jsonl", Some(20_731)),
        ("2026-10-05.jsonl.bak", None),
        ("2026-13-05.jsonl", None),
        ("README", None),
    ] {
        assert_eq!(day_of(name), day, "{name}");
    }
    assert_eq!(file_name(20_731), "2026-10-05.jsonl");
}
