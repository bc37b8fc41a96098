use super::*;
use crate::Key;

fn released(n: usize) -> Note {
    Note::Released(Key::new(&n.to_string()))
}

#[tokio::test]
async fn others_hear_and_oneself_does_not() {
    // Breaks: an instance would drop what it has just loaded.
    let one = MemoryBackplane::new();
    let other = one.handle();
    let (mut own, mut others) = (one.listen(), other.listen());
    one.tell(&[released(1), released(2)]).await.unwrap();
    other.tell(&[released(3)]).await.unwrap();
    assert_eq!(others.hear().await, [released(1), released(2)]);
    assert_eq!(own.hear().await, [released(3)]);
}

#[tokio::test]
async fn who_is_late_is_told_that_something_is_missing() {
    // Breaks: a slow instance would believe that it has heard of every invalidation.
    let one = MemoryBackplane::new();
    let mut slow = one.handle().listen();
    for n in 0..=NOTES_WAITING_MAX {
        one.tell(&[released(n)]).await.unwrap();
    }
    assert_eq!(slow.hear().await, [Note::Gap]);
    assert_eq!(slow.hear().await, [released(1)]);
}

#[tokio::test]
async fn after_a_cut_comes_a_gap() {
    // Breaks: what was told during an outage is missed for good.
    let one = MemoryBackplane::new();
    let mut other = one.handle().listen();
    one.cut();
    assert!(one.tell(&[released(1)]).await.is_err());
    one.heal();
    one.tell(&[released(2)]).await.unwrap();
    assert_eq!(other.hear().await, [Note::Gap]);
    assert_eq!(other.hear().await, [released(2)]);
}
