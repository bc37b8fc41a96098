//! One plan, one stage, all of the demand.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use cmcache::{
    Config,
    clock::Timestamp,
    cmc_api::{Plan, PlanList, Query, UpstreamErrorKind},
    credits::Window,
    engine::{Answer, AnswerError, CacheState, FlightError, Terms},
};
use tokio::task::JoinSet;

use super::{
    script::{self, Cue, Extent, Span},
    share_of_month,
    verdict::{Outcome, Refused},
};
use crate::{
    failure::Failure,
    simulated::{Setup, Stage, on_stage},
};

const WEEK: Duration = Duration::from_secs(7 * 86_400);
/// The last day of a month on which a billing month can end in every month.
const LAST_DAY: &str = "28";

/// What is played under which rules.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) plan: Plan,
    pub(super) config: Config,
    pub(super) ttl: Option<Duration>,
    pub(super) extent: Extent,
}

/// Plays the span under the scene's plan, with its part of the plan's credits: the billing month
/// ends when the span does. Blocks until it is over.
pub(super) fn play(scene: &Scene, span: &Span) -> Result<Outcome, Failure> {
    let list = PlanList::embedded();
    let offer = list.offer(scene.plan).ok_or_else(|| Failure::usage("a plan without a price"))?;
    let (first, last) = (scene.extent.first, scene.extent.last);
    let share = share_of_month(first, last);
    let credits = whole(offer.credits_per_month as f64 * share).max(1);
    let later = later(last);
    let mut setup = Setup {
        config: scene.config.clone(),
        plan: sim_plan(scene.plan),
        credits: Some(credits),
        began: first.after(later),
        billing_anchor: Some(last.after(later)),
        ..Setup::default()
    };
    if let Some(ttl) = scene.ttl {
        setup = setup.with_max_age(ttl);
    }
    let mut outcome = Outcome::new(offer, credits);
    let minutes = span.minutes()?;
    let tally = on_stage(setup, async |stage| {
        let mut player = Player::new(stage);
        for minute in minutes {
            let mut minute = minute.map_err(|error| Failure::unavailable(error.to_string()))?;
            minute.at = minute.at.after(later);
            for cue in script::cues(&minute, scene.extent.cues_a_minute) {
                player.cue(cue).await?;
            }
            player.note_calls();
        }
        player.finish().await
    })?;
    tally.tell(&mut outcome, share);
    Ok(outcome)
}

/// By how many weeks a span is moved so that a billing month can end with it. Weeks, so that every
/// hour stays the same hour of the week.
fn later(last: Timestamp) -> Duration {
    let fits = |weeks: &u32| last.after(WEEK * *weeks).to_string()[8..10] <= *LAST_DAY;
    WEEK * (0..8).find(fits).unwrap_or(0)
}

fn sim_plan(plan: Plan) -> cmc_sim::Plan {
    cmc_sim::Plan::from_name(&plan.name().to_ascii_lowercase()).unwrap_or(cmc_sim::Plan::Basic)
}

/// What came of it, in requests.
#[derive(Debug, Default)]
struct Tally {
    states: [u64; 4],
    refused: Refused,
    invalid: u64,
    n_cues: u64,
    /// Requests by the age of their answer in seconds, and the sum of all ages.
    ages: BTreeMap<u64, u64>,
    ages_ms: u128,
    credits: u64,
    calls: u64,
    busiest_minute: u64,
}

struct Player<'a> {
    stage: &'a Stage,
    queries: HashMap<Arc<str>, Option<Arc<Query>>>,
    flying: JoinSet<(u64, Result<Answer, AnswerError>)>,
    tally: Tally,
    /// The bill at the beginning, and the calls until the last full minute.
    before: (u64, u64),
    n_calls: u64,
}

impl<'a> Player<'a> {
    fn new(stage: &'a Stage) -> Self {
        let bill = stage.sim.bill();
        Self {
            stage,
            queries: HashMap::new(),
            flying: JoinSet::new(),
            tally: Tally::default(),
            before: (bill.credits, bill.calls),
            n_calls: bill.calls,
        }
    }

    async fn cue(&mut self, cue: Cue) -> Result<(), Failure> {
        self.stage.until(cue.at).await;
        self.tally.n_cues += 1;
        if let Some(answer) = self.stage.cmcache.peek(&cue.question) {
            self.tally.answered(&answer, cue.n_requests);
            return self.land();
        }
        match self.query(&cue.question) {
            Some(query) => {
                let cmcache = self.stage.cmcache.clone();
                self.flying.spawn(async move {
                    let terms = Terms::default();
                    let answered = cmcache.answer_as(&cue.question, &query, &terms).await;
                    (cue.n_requests, answered)
                });
            }
            None => self.tally.invalid += cue.n_requests,
        }
        self.land()
    }

    /// Takes in what has been answered meanwhile.
    fn land(&mut self) -> Result<(), Failure> {
        while let Some(landed) = self.flying.try_join_next() {
            let (n, answered) = landed.map_err(anyhow::Error::from)?;
            self.tally.add(&answered, n);
        }
        Ok(())
    }

    /// Of the minute that ends.
    fn note_calls(&mut self) {
        let calls = self.stage.sim.bill().calls;
        self.tally.busiest_minute = self.tally.busiest_minute.max(calls - self.n_calls);
        self.n_calls = calls;
    }

    async fn finish(mut self) -> Result<Tally, Failure> {
        while let Some(landed) = self.flying.join_next().await {
            let (n, answered) = landed.map_err(anyhow::Error::from)?;
            self.tally.add(&answered, n);
        }
        let bill = self.stage.sim.bill();
        self.tally.credits = bill.credits - self.before.0;
        self.tally.calls = bill.calls - self.before.1;
        Ok(self.tally)
    }

    /// The query of a canonical text, read once.
    fn query(&mut self, question: &Arc<str>) -> Option<Arc<Query>> {
        if let Some(known) = self.queries.get(question) {
            return known.clone();
        }
        let (target, body) = match question.split_once('\n') {
            Some((target, body)) => (target, Some(body)),
            None => (&**question, None),
        };
        let (path, raw_query) = target.split_once('?').unwrap_or((target, ""));
        let method = if body.is_some() { "POST" } else { "GET" };
        let body = Bytes::copy_from_slice(body.unwrap_or_default().as_bytes());
        let query = self.stage.cmcache.parse(method, path, raw_query, body).ok();
        self.queries.insert(Arc::clone(question), query.clone());
        query
    }
}

impl Tally {
    fn add(&mut self, answered: &Result<Answer, AnswerError>, n: u64) {
        match answered {
            Ok(answer) => self.answered(answer, n),
            Err(AnswerError::Bad(_)) => self.invalid += n,
            Err(error) => self.refused.add(error_kind(error), n),
        }
    }

    fn answered(&mut self, answer: &Answer, n: u64) {
        let state = match answer.cache {
            CacheState::Full => 0,
            CacheState::Partial => 1,
            CacheState::Cold => 2,
            CacheState::Stale => 3,
        };
        self.states[state] += n;
        *self.ages.entry(answer.age.as_secs()).or_default() += n;
        self.ages_ms += answer.age.as_millis() * u128::from(n);
    }

    fn tell(self, outcome: &mut Outcome, share: f64) {
        let answers: u64 = self.states.iter().sum();
        [outcome.full, outcome.partial, outcome.cold, outcome.stale] = self.states;
        outcome.answers = answers;
        outcome.played = self.n_cues;
        outcome.refused = self.refused;
        outcome.invalid = self.invalid;
        outcome.credits = self.credits;
        outcome.credits_per_month = whole(self.credits as f64 / share);
        outcome.calls = self.calls;
        outcome.busiest_minute = self.busiest_minute;
        if answers > 0 {
            outcome.age_mean_s = Some(self.ages_ms as f64 / 1_000.0 / answers as f64);
            outcome.age_p95_s = percentile(&self.ages, answers, 0.95);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "credits of a year are far below 2^53")]
#[expect(clippy::cast_sign_loss, reason = "shares of counts are not negative")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}

/// The age that so large a share of answers does not exceed, in whole seconds.
fn percentile(ages: &BTreeMap<u64, u64>, n_all: u64, share: f64) -> Option<u64> {
    let mut left = whole(n_all as f64 * share).max(1);
    let found = ages.iter().find(|(_, n)| {
        left = left.saturating_sub(**n);
        left == 0
    });
    found.map(|(age, _)| *age)
}

/// Which limit stood in the way.
fn error_kind(error: &AnswerError) -> Kind {
    let upstream = match error {
        AnswerError::Failed(FlightError::Denied(denied)) => {
            return match denied.refusal().map(|refusal| refusal.window) {
                Some(Window::Minute) => Kind::Minute,
                Some(Window::Day | Window::Month) => Kind::Credits,
                None => Kind::Other,
            };
        }
        AnswerError::Failed(FlightError::Upstream(error) | FlightError::Paused { error, .. }) => {
            error.kind
        }
        _ => return Kind::Other,
    };
    match upstream {
        UpstreamErrorKind::MinuteLimit | UpstreamErrorKind::Throttled => Kind::Minute,
        UpstreamErrorKind::DailyLimit | UpstreamErrorKind::MonthlyLimit => Kind::Credits,
        UpstreamErrorKind::PlanGate => Kind::Plan,
        _ => Kind::Other,
    }
}

/// What refused a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Credits,
    Minute,
    Plan,
    Other,
}
