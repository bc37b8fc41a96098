use cmc_api::CoinId;

use super::*;

fn of(parts: &[(u32, u64)]) -> u64 {
    let mut fingerprint = Fingerprint::new();
    for (coin, version) in parts {
        let entity = Entity::Info { coin: CoinId::new(*coin) };
        fingerprint.add(&entity, Version::from_bits(*version));
    }
    fingerprint.finish()
}

#[test]
fn names_versions_and_order_all_count() {
    // Breaks if a changed answer keeps its tag: clients would never see the change.
    let all = [
        of(&[]),
        of(&[(1, 1)]),
        of(&[(1, 2)]),
        of(&[(2, 1)]),
        of(&[(1, 1), (2, 1)]),
        of(&[(2, 1), (1, 1)]),
        of(&[(1, 1), (1, 1)]),
    ];
    for (index, one) in all.iter().enumerate() {
        assert!(!all[index + 1..].contains(one), "{index}");
    }
    assert_eq!(of(&[(1, 1)]), of(&[(1, 1)]));
}
