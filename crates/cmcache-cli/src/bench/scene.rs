//! One run of the bench: a demand, the cache, the models, the bound.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use cmc_sim::Plan;
use cmcache::cmc_api::{Catalogue, Method};

use super::{
    bound::{Bound, Bounding},
    coins::Coins,
    demand::{Demand, Terms},
    models::{self, Limits, Named, NoCache, PerSymbol, Ruled, Tally, UrlCache, millis, rules},
    oracle::{Oracle, Ranks},
    play::{self, Look, Played},
    recorded::Recorded,
    request::Request,
};
use crate::{
    failure::Failure,
    simulated::{Setup, on_stage},
};

/// What is run.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) source: Source,
    pub(crate) setup: Setup,
    pub(crate) max_age: Duration,
    /// Whether the simple rules are asked along.
    pub(crate) has_rules: bool,
    /// How many answers are compared with what upstream gave, about.
    pub(crate) n_compared: u64,
}

/// Where a demand comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A seed.
    Drawn(Terms),
    /// A log.
    Recorded(Arc<Recorded>),
}

impl Source {
    /// From the first request to the last.
    pub(crate) fn length(&self) -> Duration {
        match self {
            Self::Drawn(terms) => terms.length,
            Self::Recorded(recorded) => recorded.length(),
        }
    }

    fn demand(&self, coins: &Arc<Coins>) -> Box<dyn Iterator<Item = Request> + '_> {
        match self {
            Self::Drawn(terms) => Box::new(Demand::new(terms.clone(), Arc::clone(coins))),
            Self::Recorded(recorded) => Box::new(recorded.requests.iter().cloned()),
        }
    }

    /// Requests a second.
    pub(crate) fn rate(&self) -> f64 {
        match self {
            Self::Drawn(terms) => terms.rate,
            Self::Recorded(recorded) => {
                let rate = recorded.requests.len() as f64 / self.length().as_secs_f64().max(1.0);
                (rate * 100.0).round() / 100.0
            }
        }
    }
}

/// What all scenes of one market share.
#[derive(Debug)]
pub(crate) struct Stock {
    oracle: Oracle,
    coins: Arc<Coins>,
    /// Known once it is known how long is played.
    ranks: Option<Ranks>,
}

impl Stock {
    /// Of the market of `setup`.
    ///
    /// # Errors
    ///
    /// The simulator cannot be asked.
    pub(crate) fn of(setup: &Setup) -> Result<Self, Failure> {
        let oracle = Oracle::new(setup.market_seed)?;
        let coins = Arc::new(oracle.coins(setup.began)?);
        Ok(Self { oracle, coins, ranks: None })
    }

    /// Learns the ranks of all minutes of a demand of this length.
    ///
    /// # Errors
    ///
    /// The simulator cannot be asked.
    pub(crate) fn rank(&mut self, setup: &Setup, length: Duration) -> Result<(), Failure> {
        let ranks = Ranks::of_market(&self.oracle, &self.coins, setup.began, millis(length))?;
        self.ranks = Some(ranks);
        Ok(())
    }

    pub(crate) fn coins(&self) -> &Coins {
        &self.coins
    }

    /// The requests of a source in its first seconds.
    pub(crate) fn first(&self, source: &Source, seconds: u64) -> Vec<Request> {
        let end = Duration::from_secs(seconds);
        source.demand(&self.coins).take_while(|request| request.at < end).collect()
    }

    /// Reads a log of requests to this market.
    ///
    /// # Errors
    ///
    /// There is nothing in it that could be asked.
    pub(crate) fn read(&self, log: &str) -> Result<Recorded, Failure> {
        Ok(Recorded::read(log, &self.coins)?)
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    pub(crate) seed: u64,
    pub(crate) played: Played,
    pub(crate) bound: Bound,
    pub(crate) models: Vec<(String, Tally)>,
}

/// The names of the usual ways.
pub(crate) const NO_CACHE: &str = "no cache";
pub(crate) const URL_CACHE: &str = "cache by URL";
pub(crate) const SEED: &str = "the guide's cache by symbol";

impl Scene {
    /// Runs it. Blocks.
    ///
    /// # Errors
    ///
    /// The stage cannot be built, or the oracle cannot be asked.
    pub(crate) fn run(&self, stock: &Stock) -> Result<Outcome, Failure> {
        let played = self.play(stock)?;
        let limits = self.limits();
        let ranks = stock.ranks.as_ref().context("the ranks were not learned")?;
        let coins = &stock.coins;
        let mut bounding = Bounding::new(limits, coins.n_places(), ranks);
        let mut models = self.models(limits, coins);
        let demand = self.source.demand(coins);
        let demand = demand.inspect(|request| bounding.ask(request, &request.namesakes(coins)));
        let models = models::play(demand, coins, &mut models);
        let seed = self.setup.seed;
        Ok(Outcome { seed, played, bound: bounding.bound(), models })
    }

    fn play(&self, stock: &Stock) -> Result<Played, Failure> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let n_expected = (self.source.rate() * self.source.length().as_secs_f64()) as u64;
        let look = Look {
            coins: &stock.coins,
            oracle: &stock.oracle,
            compare_every: (n_expected / self.n_compared).max(1),
            latency: self.setup.latency,
        };
        on_stage(self.setup.clone().with_max_age(self.max_age), async |stage| {
            play::play(stage, self.source.demand(&stock.coins), look).await
        })
    }

    fn limits(&self) -> Limits {
        let freshness = self.setup.config.freshness();
        let catalogue = Catalogue::embedded();
        let age = |path: &str| {
            let operation = catalogue.find(Method::Get, path);
            millis(operation.map_or(Duration::ZERO, |operation| freshness.ttl(operation)))
        };
        Limits {
            max_age: millis(self.max_age),
            fear_age: age("/v3/fear-and-greed/latest"),
            info_age: age("/v2/cryptocurrency/info"),
            latency: millis(self.setup.latency),
            joins_currencies: self.setup.plan != Plan::Basic,
        }
    }

    fn models(&self, limits: Limits, coins: &Coins) -> Vec<Named> {
        let mut models = vec![
            Named { name: NO_CACHE.to_owned(), model: Box::new(NoCache::default()) },
            Named { name: URL_CACHE.to_owned(), model: Box::new(UrlCache::new(limits)) },
            Named { name: SEED.to_owned(), model: Box::new(PerSymbol::new(limits)) },
        ];
        if self.has_rules {
            models.extend(rules().into_iter().map(|rule| Named {
                name: rule.name.to_owned(),
                model: Box::new(Ruled::new(rule, limits, coins.n_active(), coins.n_places())),
            }));
        }
        models
    }
}
