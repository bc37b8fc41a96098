//! Fetching before anybody asks; and what is popular.

use std::sync::Arc;

use cache_tiers::{MemoryTier, Tier};
use cmc_api::CoinId;
use credits::Credits;

use super::rig::{Rig, Wishes, quotes, soon};
use crate::{Choice, Entity, Warmed};

const EUR: CoinId = CoinId::new(2_790);

async fn chosen(rig: &Rig, choice: Choice) -> Vec<u32> {
    let entities = rig.engine.choose(&choice, &[CoinId::USD]).await.unwrap();
    let coin = |entity: &Entity| match entity {
        Entity::Quote { coin, .. } => coin.get(),
        _ => panic!("{entity} is no quote"),
    };
    entities.iter().map(coin).collect()
}

#[tokio::test(start_paused = true)]
async fn warming_buys_what_is_cold_for_the_fewest_credits_and_nothing_twice() {
    // Breaks if a warming pays by coin, or again for what is fresh.
    let rig = Rig::warm().await;
    let choice = Choice::Ranked(300);
    let entities = rig.engine.choose(&choice, &[CoinId::USD, EUR]).await.unwrap();
    let mut steps = Vec::new();
    let warmed = rig.engine.warm(&entities, None, |step| steps.push(step)).await;
    // A page of two blocks in two currencies; by name it would be four.
    assert_eq!((warmed.chosen, warmed.fetched, warmed.charged.get()), (600, 600, 3));
    assert_eq!(steps, [warmed]);
    assert_eq!(rig.charged(), 3);
    let again = rig.engine.warm(&entities, None, |_| ()).await;
    assert_eq!(again, Warmed { chosen: 600, fresh: 600, ..Warmed::default() });
    assert_eq!(rig.ask(&quotes("299")).await.cache.name(), "full");
    rig.assert_idle().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_too_dear_stays_cold() {
    // Breaks if a warming spends what is meant for askers.
    let rig = Rig::warm().await;
    let entities = rig.engine.choose(&Choice::Ranked(300), &[CoinId::USD]).await.unwrap();
    assert_eq!(rig.engine.price_of_warming(&entities).await.get(), 2);
    let warmed = rig.engine.warm(&entities, Some(Credits::new(1)), |_| ()).await;
    assert_eq!((warmed.left, warmed.charged.get(), rig.charged()), (300, 0, 0));
    let warmed = rig.engine.warm(&entities, Some(Credits::new(2)), |_| ()).await;
    assert_eq!((warmed.left, warmed.charged.get(), rig.charged()), (0, 2, 2));
}

#[tokio::test(start_paused = true)]
async fn coins_are_chosen_by_rank_by_name_or_by_what_is_asked() {
    // Breaks if what is warmed is not what was meant.
    let rig = Rig::warm().await;
    assert_eq!(chosen(&rig, Choice::Ranked(3)).await, [1, 2, 3]);
    let names = ["btc", "C5", "coin-7", "9", "nothing"].map(str::to_owned).to_vec();
    assert_eq!(chosen(&rig, Choice::Named(names)).await, [1, 5, 7, 9]);
    rig.ask(&quotes("77,500")).await;
    rig.ask(&quotes("500")).await;
    assert_eq!(chosen(&rig, Choice::Popular(4)).await, [500, 77, 1, 2]);
    assert_eq!(rig.engine.popular(1)[0].coin.get(), 500);
}

#[tokio::test(start_paused = true)]
async fn what_was_popular_is_known_after_a_restart() {
    // Breaks if a start warms what ranks high instead of what is asked for.
    let tier: Arc<dyn Tier> = Arc::new(MemoryTier::new("kept", 64 << 20));
    let with = |clock| Wishes { tiers: vec![Arc::clone(&tier)], clock, ..Wishes::default() };
    let first = Rig::with(with(None));
    soon(first.engine.load_names()).await.unwrap();
    first.ask(&quotes("77")).await;
    first.engine.sync_popularity().await;
    first.advance(3_600);
    let second = Rig::with(with(Some(first.clock.clone())));
    soon(second.engine.load_names()).await.unwrap();
    second.engine.sync_popularity().await;
    assert_eq!(chosen(&second, Choice::Popular(2)).await, [77, 1]);
    assert!(second.engine.popular(9).is_empty(), "what was is not what is");
}
