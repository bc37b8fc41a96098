use super::*;
use crate::{Meta, TierExt, Version};

crate::tier_conformance!(MemoryTier::new("memory", 64 << 20));

fn entry(version: u64, n_bytes: usize) -> Entry {
    let meta = Meta { version: Version::from_bits(version), ..Meta::default() };
    Entry { body: vec![0; n_bytes].into(), meta }
}

#[tokio::test]
async fn the_bound_holds_and_the_oldest_goes_first() {
    // Without it a flood of keys takes the machine.
    let tier = MemoryTier::new("memory", 10_000);
    for n in 0..1_000 {
        tier.put(&Key::new(&format!("k{n}")), entry(n, 100)).await.unwrap();
        assert!(tier.n_bytes() <= 10_000);
    }
    assert_eq!(tier.peek(&Key::new("k0")), None);
    assert!(tier.peek(&Key::new("k999")).is_some());
}

#[tokio::test]
async fn overwriting_one_key_grows_nothing() {
    // The list of puts would grow with every refresh.
    let tier = MemoryTier::new("memory", 1 << 20);
    for n in 0..10_000 {
        tier.put(&Key::new("k"), entry(n, 10)).await.unwrap();
    }
    assert_eq!(tier.n_bytes(), entry(0, 10).weight(&Key::new("k")));
    assert!(tier.held().order.len() <= 70);
    tier.remove(&Key::new("k")).await.unwrap();
    assert_eq!(tier.n_bytes(), 0);
}
