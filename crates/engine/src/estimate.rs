//! The price of a query before it is asked: its plan, looked up but not fetched.

use std::{sync::Arc, time::Duration};

use cmc_api::{Call, Query};
use credits::Credits;

use crate::{
    answer::{Terms, catalog_of},
    engine::{Engine, Estimate},
    entity::{Entity, Want},
    error::{AnswerError, FlightError},
    gather::missing_of,
    held::Held,
    plan::{self, Base},
    stale::Demand,
};

pub(crate) async fn estimate(engine: &Engine, query: &Arc<Query>) -> Result<Estimate, AnswerError> {
    let demand = engine.demand(query, &Terms::default());
    let ask = query.ask();
    // The map is free: having it costs nothing, and names need it.
    engine.load_names().await.or_else(|error| match plan::needs_names(&ask) {
        true => Err(error),
        false => Ok(()),
    })?;
    let names = engine.crew.hot.hold(&Entity::Map);
    let catalog = names.as_ref().and_then(|held| catalog_of(held));
    let blocks = plan::blocks(&ask, query, catalog).map_err(|error| AnswerError::Bad(error.0))?;
    let mut missing = missing(engine, &blocks, &demand).await;
    if missing.is_empty() {
        let hold = |want: &Want| engine.crew.hot.hold(&want.entity);
        let held: Vec<Arc<Held>> = blocks.iter().filter_map(hold).collect();
        let base = Base::of(&ask, &held).unwrap_or_default();
        let plan =
            plan::plan(query, &ask, catalog, &base).map_err(|error| AnswerError::Bad(error.0))?;
        missing = self::missing(engine, &plan.wants, &demand).await;
    }
    let loads = engine.loads_of(&missing);
    let calls = loads
        .iter()
        .map(|load| (format!("{}?{}", load.call.path(), load.call.query()), load.price))
        .collect();
    let with_cache = loads.iter().map(|load| load.price);
    Ok(Estimate {
        with_cache: with_cache.fold(Credits::ZERO, Credits::saturating_add),
        without_cache: as_asked(engine, query)?,
        calls,
    })
}

async fn missing(engine: &Engine, wants: &[Want], demand: &Demand) -> Vec<Want> {
    let cached = Demand { only_if_cached: true, patience: Duration::ZERO, ..*demand };
    // Looking fills memory from the tiers; that nothing was found is not an error here.
    drop(engine.gather(wants, &cached, &Terms::default()).await);
    let now = engine.clock.now();
    let known = wants.iter().filter_map(|want| {
        engine.crew.hot.hold(&want.entity).map(|held| (want.entity.clone(), held))
    });
    missing_of(wants, &known.collect(), demand, now)
}

fn as_asked(engine: &Engine, query: &Arc<Query>) -> Result<Credits, AnswerError> {
    let call = Call::whole(query).map_err(|error| AnswerError::Failed(FlightError::from(error)))?;
    Ok(engine.crew.tariff.price(&call))
}
