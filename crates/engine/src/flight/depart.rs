//! Departure where several instances share a store: one of them loads a key, the others follow.
//!
//! A batch takes the leases of its keys in one question. What it gets departs; what another
//! instance holds is waited for, until it lies in a shared tier or until its lease has ended.

use std::{collections::HashSet, sync::Arc, time::Duration};

use cache_tiers::{Key, Lease, Version};
use tokio_util::task::TaskTracker;

use super::{Group, board, still_due};
use crate::{
    entity::{Entity, Want},
    fetch::Crew,
    limits,
    pack::Load,
    sweep::Sweep,
};

/// The leases under which a load departs.
#[derive(Debug, Default)]
pub(crate) struct Holding {
    tokens: Vec<(Entity, Key, Version)>,
    /// Of the page as a whole: what it brings beyond what was asked for has no lease of its own.
    page: Option<(Key, Version)>,
}

/// A page that is due, and the lease under which it is bought.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) sweep: Sweep,
    lease: Option<(Key, Version)>,
}

impl Page {
    pub(super) const fn of(sweep: Sweep) -> Self {
        Self { sweep, lease: None }
    }
}

impl Holding {
    /// Those of these groups and pages that `load` is for.
    pub(super) fn of(groups: &[Group], load: &Load, pages: &mut [Page]) -> Self {
        let bought = Sweep::of(load);
        let page = pages.iter_mut().find(|page| Some(&page.sweep) == bought.as_ref());
        let page = page.and_then(|page| page.lease.take());
        let leased: Vec<_> = groups.iter().filter(|group| group.lease.is_some()).collect();
        if leased.is_empty() {
            return Self { page, ..Self::default() };
        }
        let carries: HashSet<&Entity> = load.carries.iter().collect();
        let ours = leased.into_iter().filter(|group| carries.contains(&group.want.entity));
        let tokens = ours.filter_map(|group| {
            let (key, token) = group.lease.clone()?;
            Some((group.want.entity.clone(), key, token))
        });
        Self { tokens: tokens.collect(), page }
    }

    /// The version of what is loaded under a lease.
    pub(crate) fn token(&self, entity: &Entity) -> Option<Version> {
        self.tokens.iter().find(|(held, ..)| held == entity).map(|(.., token)| *token)
    }

    /// Whether it is a page that other instances may wait for.
    pub(crate) const fn has_page(&self) -> bool {
        self.page.is_some()
    }

    /// As the port takes them.
    pub(crate) fn leases(&self) -> Vec<(Key, Version)> {
        let tokens = self.tokens.iter().map(|(_, key, token)| (key.clone(), *token));
        tokens.chain(self.page.clone()).collect()
    }
}

/// Sends off what this instance may load, and follows the rest until nobody waits for it.
pub(super) async fn depart(mut groups: Vec<Group>, crew: Arc<Crew>, tracker: TaskTracker) {
    let mut pause = limits::FOLLOW_PAUSE_MIN;
    while !groups.is_empty() {
        let (groups_left, mut theirs) = past_pages(groups, &crew).await;
        let (mine, loaded) = take(groups_left, &crew).await;
        let (mine, pages, awaited) = turn_pages(mine, &crew).await;
        theirs.extend(loaded.into_iter().chain(awaited));
        board(mine, pages, &crew, &tracker);
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

/// What is ours to load, and the pages that are ours to buy; and what the page of another
/// instance will bring, which is waited for like anything that it loads.
async fn turn_pages(mine: Vec<Group>, crew: &Crew) -> (Vec<Group>, Vec<Page>, Vec<Group>) {
    let wanted: Vec<Want> = mine.iter().map(|group| group.want.clone()).collect();
    let pages: Vec<Page> = crew.due(&wanted).into_iter().map(Page::of).collect();
    if pages.is_empty() {
        return (mine, pages, Vec::new());
    }
    let keys: Vec<Key> = pages.iter().map(|page| page.sweep.key(&crew.namespace)).collect();
    let proposed = crew.versions.next(crew.clock.now());
    let Some(outcomes) = crew.common.take(&keys, proposed).await else {
        return (mine, pages, Vec::new());
    };
    let (mut mine, mut ours, mut theirs) = (mine, Vec::new(), Vec::new());
    for ((mut page, key), outcome) in pages.into_iter().zip(keys).zip(outcomes) {
        let of_page = |group: &Group| crew.is_brought(&page.sweep, &group.want);
        let (brought, rest): (Vec<Group>, Vec<Group>) = mine.into_iter().partition(of_page);
        mine = rest;
        match outcome {
            Lease::Held { .. } => theirs.extend(behind(&key, brought, crew).await),
            Lease::Taken { token, after_another } => {
                crew.versions.observe(token);
                page.lease = Some((key, token));
                let n_brought = brought.len();
                let left = if after_another { still_wanted(brought, crew).await } else { brought };
                // What was found came with the page of another: the rest is not on it.
                if left.len() == n_brought {
                    ours.push(page);
                } else {
                    crew.common.release(page.lease.as_slice()).await;
                }
                mine.extend(left);
            }
        }
    }
    (mine, ours, theirs)
}

/// These groups, without leases of their own, wait for a page that another instance buys.
async fn behind(page: &Key, mut groups: Vec<Group>, crew: &Crew) -> Vec<Group> {
    let leases: Vec<_> = groups.iter_mut().filter_map(|group| group.lease.take()).collect();
    groups.iter_mut().for_each(|group| group.page = Some(page.clone()));
    crew.common.release(&leases).await;
    groups
}

/// Splits into those who wait for no page any more, and those whose page is still being bought.
async fn past_pages(groups: Vec<Group>, crew: &Crew) -> (Vec<Group>, Vec<Group>) {
    let awaited: HashSet<Key> = groups.iter().filter_map(|group| group.page.clone()).collect();
    if awaited.is_empty() {
        return (groups, Vec::new());
    }
    let keys: Vec<Key> = awaited.into_iter().collect();
    let proposed = crew.versions.next(crew.clock.now());
    let outcomes = crew.common.take(&keys, proposed).await;
    let mut bought = HashSet::new();
    let mut ended = Vec::new();
    for (key, outcome) in keys.into_iter().zip(outcomes.unwrap_or_default()) {
        match outcome {
            Lease::Held { .. } => drop(bought.insert(key)),
            Lease::Taken { token, .. } => ended.push((key, token)),
        }
    }
    crew.common.release(&ended).await;
    let is_bought = |group: &Group| group.page.as_ref().is_some_and(|page| bought.contains(page));
    let (theirs, mut others): (Vec<Group>, Vec<Group>) = groups.into_iter().partition(is_bought);
    let n_waited = others.iter_mut().filter_map(|group| group.page.take()).count();
    // Their page came since they looked, or never will.
    let others = if n_waited > 0 { looked_up(others, crew).await } else { others };
    (others, theirs)
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
