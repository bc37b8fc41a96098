use std::collections::BTreeSet;

use super::*;

#[test]
fn ids_are_unique_and_in_the_order_of_time() {
    // A repeated id would be taken for a repeated posting, and its charge forgotten.
    let at = |millis| ReservationId::new(Timestamp::from_millis(millis));
    let ids: BTreeSet<_> = (0..10_000).map(|_| at(1_791_201_600_000)).collect();
    assert_eq!(ids.len(), 10_000);
    assert!(at(1_791_201_600_001) > *ids.last().unwrap());
}

#[test]
fn an_id_is_the_same_in_text_bytes_and_json() {
    // It travels through the journal and three kinds of ledger.
    let id = ReservationId::new(Timestamp::from_millis(1_791_201_600_000));
    assert_eq!(id.to_string().parse::<ReservationId>().unwrap(), id);
    assert_eq!(ReservationId::from_bytes(id.to_bytes()), id);
    let json = serde_json::to_string(&id).unwrap();
    assert_eq!(json, format!("\"{id}\""));
    assert_eq!(serde_json::from_str::<ReservationId>(&json).unwrap(), id);
}
