//! The price of a query before it is asked: its plan, looked up but not fetched.

use std::{sync::Arc, time::Duration};

use cmc_api::{Ask, Call, CoinId, CoinListAsk, Query};
use credits::Credits;

use crate::{
    answer::{Terms, catalog_of},
    engine::{Engine, Estimate},
    entity::{Entity, Want},
    error::{AnswerError, FlightError},
    gather::missing_of,
    held::Held,
    limits,
    plan::{self, Base},
    stale::Demand,
};

pub(crate) async fn estimate(engine: &Engine, query: &Arc<Query>) -> Result<Estimate, AnswerError> {
    let demand = engine.demand(query, &Terms::default());
    let ask = engine.cheaper(query, query.ask());
    let names = names_for(engine, &ask).await?;
    let catalog = names.as_ref().and_then(|held| catalog_of(held));
    let blocks = plan::blocks(&ask, query, catalog).map_err(|error| AnswerError::Bad(error.0))?;
    let mut missing = missing(engine, &blocks, &demand).await;
    let mut unknown = None;
    if let (Ask::CoinList(list), false) = (&ask, missing.is_empty()) {
        unknown = Some(engine.bound_of(list));
    }
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
        .map(|load| (format!("{}?{}", load.call.path(), load.call.query()), load.price));
    let coins = unknown.map(|bound| (format!("{QUOTES} for the coins of the list"), bound));
    let calls: Vec<(String, Credits)> = calls.chain(coins).collect();
    let with_cache = calls.iter().map(|(_, price)| *price);
    Ok(Estimate {
        with_cache: with_cache.fold(Credits::ZERO, Credits::saturating_add),
        without_cache: as_asked(engine, query)?,
        calls,
    })
}

/// Everything that the answer to `query` is made of, as far as it is known what that is.
pub(crate) async fn entities(
    engine: &Engine,
    query: &Arc<Query>,
) -> Result<Vec<Entity>, AnswerError> {
    let ask = engine.cheaper(query, query.ask());
    let names = names_for(engine, &ask).await?;
    let catalog = names.as_ref().and_then(|held| catalog_of(held));
    let bad = |error: plan::Unresolved| AnswerError::Bad(error.0);
    let blocks = plan::blocks(&ask, query, catalog).map_err(bad)?;
    let hold = |want: &Want| engine.crew.hot.hold(&want.entity);
    let held: Vec<Arc<Held>> = blocks.iter().filter_map(hold).collect();
    let mut wants = vec![Want::whole(query)];
    if held.len() == blocks.len() {
        let base = Base::of(&ask, &held).unwrap_or_default();
        wants.extend(plan::plan(query, &ask, catalog, &base).map_err(bad)?.wants);
    }
    wants.extend(blocks);
    Ok(wants.into_iter().map(|want| want.entity).collect())
}

/// The map is free: having it costs nothing, and names need it.
async fn names_for(engine: &Engine, ask: &Ask) -> Result<Option<Arc<Held>>, AnswerError> {
    engine.load_names().await.or_else(|error| match plan::needs_names(ask) {
        true => Err(error),
        false => Ok(()),
    })?;
    Ok(engine.crew.hot.hold(&Entity::Map))
}

const QUOTES: &str = "/v3/cryptocurrency/quotes/latest";

impl Engine {
    /// Most that the coins of a list may cost, before anybody knows which they are.
    pub(crate) fn bound_of(&self, list: &CoinListAsk) -> Credits {
        let n_coins = u32::try_from(list.take).unwrap_or(u32::MAX);
        let blocks = u64::from(n_coins).div_ceil(limits::COINS_PER_CALL_MAX as u64);
        let per_block = Call::quotes(&[CoinId::new(1)], &[CoinId::USD])
            .map_or(Credits::new(1), |call| self.crew.tariff.price(&call));
        let n_calls = blocks.saturating_mul(list.converts.len() as u64);
        Credits::new(per_block.get().saturating_mul(n_calls))
    }
}

async fn missing(engine: &Engine, wants: &[Want], demand: &Demand) -> Vec<Want> {
    let cached = Demand { only_if_cached: true, patience: Duration::ZERO, ..*demand };
    // Looking fills memory from the tiers; that nothing was found is not an error here.
    drop(engine.gather(wants, &cached, &Terms::default()).await);
    let now = engine.clock.now();
    let known = wants.iter().filter_map(|want| {
        engine.crew.hot.hold(&want.entity).map(|held| (want.entity.clone(), held))
    });
    missing_of(wants, &known.collect(), (demand, &engine.crew.pacing), now)
}

fn as_asked(engine: &Engine, query: &Arc<Query>) -> Result<Credits, AnswerError> {
    let call = Call::whole(query).map_err(|error| AnswerError::Failed(FlightError::from(error)))?;
    Ok(engine.crew.tariff.price(&call))
}
