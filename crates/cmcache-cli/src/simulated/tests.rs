use std::time::Duration;

use cmcache::{
    clock::{Clock, Stopwatch},
    engine::CacheState,
};

use super::*;

const BITCOIN: &str = "/v3/cryptocurrency/quotes/latest?id=1";

#[test]
fn an_hour_of_asking_takes_no_hour_and_is_billed_by_the_minute() {
    // Every figure of the bench stands on this: time, cache and bill go together.
    let real = Stopwatch::start();
    let setup = Setup::default().with_max_age(Duration::from_secs(60));
    let (states, credits) = on_stage(setup, async |stage| {
        let before = stage.sim.bill().credits;
        let began = stage.clock.now();
        let mut states = Vec::new();
        for second in (0..3_600).step_by(20) {
            stage.until(began.after(Duration::from_secs(second))).await;
            states.push(stage.cmcache.get(BITCOIN).await?.cache);
        }
        Ok((states, stage.sim.bill().credits - before))
    })
    .unwrap();
    let n_bought = states.iter().filter(|state| **state != CacheState::Full).count() as u64;
    assert!((45..=60).contains(&credits), "{credits}");
    assert!(n_bought <= credits, "{n_bought} of {credits}");
    assert!(real.elapsed() < Duration::from_secs(60));
}

#[test]
fn an_answer_takes_as_long_as_the_wire_in_simulated_time() {
    // The added wait of a miss is what is left when this is taken away.
    let setup = Setup { latency: Duration::from_millis(250), ..Setup::default() };
    let waited = on_stage(setup, async |stage| {
        stage.cmcache.load_names().await?;
        let asked = stage.clock.now();
        stage.cmcache.get(BITCOIN).await?;
        Ok(stage.clock.now().since(asked))
    })
    .unwrap();
    assert!((250..300).contains(&waited.as_millis()), "{waited:?}");
}

#[test]
fn two_hundred_callers_of_ten_coins_each_cost_nine_calls_at_most() {
    // The merge bound against the whole API: 200 callers over 50 ms, 10 of 500 coins each.
    let setup = Setup { latency: Duration::from_millis(100), ..Setup::default() };
    let (calls, n_served) = on_stage(setup, async |stage| {
        stage.cmcache.load_names().await?;
        let map = stage.cmcache.get("/v1/cryptocurrency/map?sort=cmc_rank&limit=500").await?;
        let rows: Vec<serde_json::Value> = serde_json::from_slice(&map.data).unwrap();
        let ids: Vec<u64> = rows.iter().map(|row| row["id"].as_u64().unwrap()).collect();
        let before = stage.sim.bill().calls;
        let mut rng = fastrand::Rng::with_seed(7);
        let mut callers = tokio::task::JoinSet::new();
        for n in 0..200 {
            let some: Vec<_> = (0..10).map(|_| rng.choice(&ids).unwrap().to_string()).collect();
            let target = format!("/v2/cryptocurrency/quotes/latest?id={}", some.join(","));
            let cmcache = stage.cmcache.clone();
            callers.spawn(async move { cmcache.get(&target).await.is_ok() });
            if n % 4 == 3 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let n_served = callers.join_all().await.into_iter().filter(|is_served| *is_served).count();
        Ok((stage.sim.bill().calls - before, n_served))
    })
    .unwrap();
    assert_eq!(n_served, 200);
    assert!(calls <= 9, "{calls} calls");
}
