//! A start that is under way: what it waits for, told to whoever asks meanwhile.
//!
//! Stores may be slow or away, and each is given some seconds. Until the facade is there nobody can
//! be served, but a load balancer and an operator want to know that the process lives, and why it
//! is not ready.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use clock::{Clock, SystemClock, Timestamp};
use health::{Check, Effect, Finding, Group, Registry};

/// What a start is waiting for. Cheap to clone: all clones tell the same.
#[derive(Clone, Debug)]
pub struct Opening(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    step: Step,
    health: Registry,
}

/// What is waited for, in a few words; no address, which might hold a secret.
#[derive(Clone, Debug)]
struct Step(Arc<Mutex<Cow<'static, str>>>);

impl Default for Opening {
    fn default() -> Self {
        let step = Step(Arc::new(Mutex::new(Cow::Borrowed("its turn"))));
        // A finding that holds for no time is always the present one.
        let health = Registry::new(Duration::ZERO).starting().with(step.clone());
        Self(Arc::new(Inner { step, health }))
    }
}

impl Opening {
    /// Says what the start waits for from now on.
    pub(crate) fn waits_for(&self, what: impl Into<Cow<'static, str>>) {
        *self.0.step.0.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
    }

    /// What it waits for.
    #[must_use]
    pub fn waited_for(&self) -> Cow<'static, str> {
        self.0.step.waited_for()
    }

    /// As [`Cmcache::health_json`](crate::Cmcache::health_json), of a gateway that has no facade
    /// yet: it is alive, and nothing else.
    pub async fn health_json(&self, group: Group) -> (u16, String) {
        let now = self.now();
        let report = self.0.health.report(group, now.since_epoch()).await;
        (report.http_status(), report.to_health_json(&now.to_string()))
    }

    /// The present instant: there is no other clock yet.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        SystemClock.now()
    }
}

impl Step {
    fn waited_for(&self) -> Cow<'static, str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl Check for Step {
    fn name(&self) -> &str {
        "start:opening"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        // Of upstream and the budget nothing is known either, and to say "pass" would be a guess.
        &[
            (Group::Ready, Effect::Fatal),
            (Group::Upstream, Effect::Fatal),
            (Group::Budget, Effect::Fatal),
        ]
    }

    async fn check(&self) -> Finding {
        Finding::unhealthy(format!("starting: it waits for {}", self.waited_for()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_start_is_alive_and_nothing_else_and_says_what_it_waits_for() {
        // Breaks: a process that opens its stores is killed for it, or is sent clients.
        let opening = Opening::default();
        opening.clone().waits_for("the tier redis");
        assert_eq!(opening.waited_for(), "the tier redis");
        let (status, body) = opening.health_json(Group::Live).await;
        assert_eq!((status, body.as_str()), (200, r#"{"checks":{},"status":"pass"}"#));
        for group in [Group::Ready, Group::Upstream, Group::Budget, Group::Deep] {
            let (status, body) = opening.health_json(group).await;
            assert_eq!(status, 503, "{group:?}: {body}");
            assert!(body.contains("starting: it waits for the tier redis"), "{body}");
        }
        opening.waits_for("the clients");
        let (_, body) = opening.health_json(Group::Ready).await;
        assert!(body.contains("it waits for the clients"), "at once: {body}");
        assert!(body.contains(r#""output":"starting""#), "as while the first look lasts: {body}");
    }
}
