//! Departure where several instances share a store: one of them loads a key, the others follow.
//!
//! A batch takes the leases of its keys in one question. What it gets departs; what another
//! instance holds is waited for, until it lies in a shared tier or until its lease has ended.

use std::{collections::HashSet, sync::Arc, time::Duration};

use cache_tiers::{Key, Lease, Version};
use tokio_util::task::TaskTracker;

use super::{Group, board, still_due};
use crate::{entity::Entity, fetch::Crew, limits};

/// The leases under which a load departs.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    tokens: Vec<(Entity, Key, Version)>,
}

impl Holding {
    /// Of these groups.
    pub(super) fn of(groups: &[Group], carries: &[Entity]) -> Self {
        let leased: Vec<_> = groups.iter().filter(|group| group.lease.is_some()).collect();
        if leased.is_empty() {
            return Self::default();
        }
        let carries: HashSet<&Entity> = carries.iter().collect();
        let ours = leased.into_iter().filter(|group| carries.contains(&group.want.entity));
        let tokens = ours.filter_map(|group| {
            let (key, token) = group.lease.clone()?;
            Some((group.want.entity.clone(), key, token))
        });
        Self { tokens: tokens.collect() }
    }

    /// The version of what is loaded under a lease.
    pub(crate) fn token(&self, entity: &Entity) -> Option<Version> {
        self.tokens.iter().find(|(held, ..)| held == entity).map(|(.., token)| *token)
    }

    /// As the port takes them.
    pub(crate) fn leases(&self) -> Vec<(Key, Version)> {
        self.tokens.iter().map(|(_, key, token)| (key.clone(), *token)).collect()
    }
}

/// Sends off what this instance may load, and follows the rest until nobody waits for it.
pub(super) async fn depart(mut groups: Vec<Group>, crew: Arc<Crew>, tracker: TaskTracker) {
    let mut pause = limits::FOLLOW_PAUSE_MIN;
    while !groups.is_empty() {
        let (mine, theirs) = take(groups, &crew).await;
        board(mine, &crew, &tracker);
        if theirs.is_empty() {
            return;
        }
        groups = follow(theirs, &crew, pause).await;
        pause = (pause * 2).min(limits::FOLLOW_PAUSE_MAX);
    }
}

/// Splits into what is ours to load and what others are loading. Where nobody can be asked, all
/// of it is ours: a store that is down costs a duplicate call, never an answer.
async fn take(groups: Vec<Group>, crew: &Crew) -> (Vec<Group>, Vec<Group>) {
    let keys: Vec<Key> =
        groups.iter().map(|group| group.want.entity.key(&crew.namespace)).collect();
    let proposed = crew.versions.next(crew.clock.now());
    let Some(outcomes) = crew.common.take(&keys, proposed).await else {
        crew.metrics.leases_failed.increment(keys.len() as u64);
        return (groups, Vec::new());
    };
    let (mut mine, mut again, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for ((mut group, key), outcome) in groups.into_iter().zip(keys).zip(outcomes) {
        match outcome {
            Lease::Taken { token, after_another } => {
                crew.versions.observe(token);
                group.lease = Some((key, token));
                if after_another { again.push(group) } else { mine.push(group) }
            }
            Lease::Held { .. } => theirs.push(group),
        }
    }
    crew.metrics.leases_taken.increment((mine.len() + again.len()) as u64);
    crew.metrics.leases_held.increment(theirs.len() as u64);
    mine.extend(still_wanted(again, crew).await);
    (mine, theirs)
}

/// Of what another instance held before us: what it did not bring. The leases of the rest end.
async fn still_wanted(groups: Vec<Group>, crew: &Crew) -> Vec<Group> {
    if groups.is_empty() {
        return groups;
    }
    let leases: Vec<_> = groups.iter().filter_map(|group| group.lease.clone()).collect();
    let left = looked_up(groups, crew).await;
    let is_left =
        |key: &Key| left.iter().any(|group| group.lease.as_ref().is_some_and(|l| l.0 == *key));
    let ended: Vec<_> = leases.into_iter().filter(|(key, _)| !is_left(key)).collect();
    crew.common.release(&ended).await;
    left
}

/// Waits for news of what others load, and gives back what is still missing.
async fn follow(groups: Vec<Group>, crew: &Crew, pause: Duration) -> Vec<Group> {
    let keys = groups.iter().map(|group| group.want.entity.key(&crew.namespace)).collect();
    let following = crew.common.follow(keys);
    crew.common.news(pause).await;
    drop(following);
    looked_up(groups, crew).await
}

/// Hands out what the shared tiers hold of it by now; gives back the rest.
async fn looked_up(groups: Vec<Group>, crew: &Crew) -> Vec<Group> {
    let entities: Vec<Entity> = groups.iter().map(|group| group.want.entity.clone()).collect();
    crew.refresh(&entities).await;
    let n_before = groups.len();
    let left: Vec<Group> = groups
        .into_iter()
        .filter_map(|mut group| {
            group.jobs = group.jobs.into_iter().filter_map(|job| still_due(job, crew)).collect();
            (!group.jobs.is_empty()).then_some(group)
        })
        .collect();
    crew.metrics.followed.increment((n_before - left.len()) as u64);
    left
}
