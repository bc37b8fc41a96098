use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;

use super::*;

const SECOND: Duration = Duration::from_secs(1);

/// Counts its runs and finds what it is told to.
struct Told {
    runs: Arc<AtomicU32>,
    status: Status,
    takes: Duration,
    groups: Vec<(Group, Effect)>,
}

fn told(status: Status) -> Told {
    let groups = vec![(Group::Ready, Effect::Fatal)];
    Told { runs: Arc::default(), status, takes: Duration::ZERO, groups }
}

#[async_trait]
impl Check for Told {
    fn name(&self) -> &str {
        "told"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        &self.groups
    }

    async fn check(&self) -> Finding {
        self.runs.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(self.takes).await;
        Finding::of(self.status)
    }
}

fn registry(check: Told) -> (Registry, Arc<AtomicU32>) {
    let runs = Arc::clone(&check.runs);
    (Registry::new(10 * SECOND).with(check), runs)
}

#[tokio::test]
async fn a_finding_is_remembered_for_a_while() {
    // Probes that run on every request are a load of their own.
    let (registry, runs) = registry(told(Status::Healthy));
    for second in [0, 5, 9, 10, 15] {
        registry.report(Group::Ready, second * SECOND).await;
    }
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(start_paused = true)]
async fn however_many_ask_at_once_a_check_runs_once() {
    // A stampede of probes on an ill part makes it worse.
    let (registry, runs) = registry(Told { takes: SECOND, ..told(Status::Healthy) });
    let asks = (0..50).map(|_| registry.report(Group::Ready, Duration::ZERO));
    assert!(join_all(asks).await.iter().all(|report| report.status == Status::Healthy));
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_is_unhealthy_at_its_deadline() {
    // A hanging probe must not hang the report.
    let (registry, _) = registry(Told { takes: 3_600 * SECOND, ..told(Status::Healthy) });
    let report = registry.report(Group::Ready, Duration::ZERO).await;
    assert_eq!(report.status, Status::Unhealthy);
    assert_eq!(report.checks[0].finding.output, "no answer within 5s");
}

#[tokio::test(start_paused = true)]
async fn an_asker_who_leaves_does_not_end_the_run() {
    // The next asker continues it instead of starting anew.
    let (registry, runs) = registry(Told { takes: SECOND, ..told(Status::Healthy) });
    let left = tokio::time::timeout(SECOND / 2, registry.report(Group::Ready, Duration::ZERO));
    assert!(left.await.is_err());
    registry.report(Group::Ready, Duration::ZERO).await;
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_warning_never_takes_the_whole_out_of_rotation() {
    // An open breaker that made every instance unready was a famous outage.
    let groups = vec![(Group::Ready, Effect::Warning), (Group::Upstream, Effect::Fatal)];
    let (registry, _) = registry(Told { groups, ..told(Status::Unhealthy) });
    assert_eq!(registry.report(Group::Ready, Duration::ZERO).await.http_status(), 200);
    assert_eq!(registry.report(Group::Upstream, Duration::ZERO).await.http_status(), 503);
    assert_eq!(registry.report(Group::Deep, Duration::ZERO).await.http_status(), 200);
    assert!(registry.report(Group::Live, Duration::ZERO).await.checks.is_empty());
}

#[tokio::test]
async fn a_draining_process_is_alive_but_not_ready() {
    // The load balancer must stop sending, the supervisor must not kill.
    let (registry, _) = registry(told(Status::Healthy));
    registry.enter(Phase::Draining);
    assert_eq!(registry.report(Group::Ready, Duration::ZERO).await.http_status(), 503);
    assert_eq!(registry.report(Group::Live, Duration::ZERO).await.http_status(), 200);
}

#[tokio::test(start_paused = true)]
async fn a_run_left_beyond_its_deadline_starts_afresh() {
    // Else its timer has long fired: a part that is well would be reported as not answering.
    let (registry, runs) = registry(Told { takes: SECOND, ..told(Status::Healthy) });
    let left = tokio::time::timeout(SECOND / 2, registry.report(Group::Ready, Duration::ZERO));
    assert!(left.await.is_err());
    tokio::time::advance(3_600 * SECOND).await;
    let report = registry.report(Group::Ready, 3_600 * SECOND).await;
    assert_eq!((report.status, runs.load(Ordering::Relaxed)), (Status::Healthy, 2));
}

#[tokio::test(start_paused = true)]
async fn a_replaced_run_does_not_overwrite_its_successor() {
    // A late answer of an old run would hide what was found since.
    let (registry, runs) = registry(Told { takes: SECOND, ..told(Status::Healthy) });
    let both = [Duration::ZERO, 100 * SECOND].map(|now| registry.report(Group::Ready, now));
    join_all(both).await;
    let remembered = registry.report(Group::Ready, 103 * SECOND).await;
    assert_eq!((remembered.checks[0].age, runs.load(Ordering::Relaxed)), (3 * SECOND, 2));
}

#[tokio::test]
async fn a_clock_that_steps_back_does_not_freeze_a_finding() {
    // A finding "from the future" would otherwise hold until that future has come.
    let (registry, runs) = registry(told(Status::Healthy));
    registry.report(Group::Ready, 3_600 * SECOND).await;
    registry.report(Group::Ready, SECOND).await;
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

/// A check that is badly broken itself.
struct Broken;

#[async_trait]
impl Check for Broken {
    fn name(&self) -> &str {
        "broken"
    }

    async fn check(&self) -> Finding {
        panic!("a probe with a mistake in it")
    }
}

#[tokio::test]
async fn a_check_that_panics_is_a_finding() {
    // One broken probe must not take the page down; boxed, because wirings may box their checks.
    let boxed: Box<dyn Check> = Box::new(Broken);
    let registry = Registry::new(10 * SECOND).with(boxed);
    for now in [Duration::ZERO, SECOND] {
        let report = registry.report(Group::Ready, now).await;
        assert_eq!(report.checks[0].finding.output, "the check itself failed");
    }
}

#[tokio::test]
async fn a_start_ends_once_and_never_after_the_end() {
    // Breaks: an instance that is told to go while it starts comes back into the rotation.
    let ready = async |registry: &Registry| {
        let report = registry.report(Group::Ready, Duration::ZERO).await;
        (report.http_status(), report.output)
    };
    let (registry, _) = registry(told(Status::Healthy));
    let registry = registry.starting();
    assert_eq!(ready(&registry).await, (503, "starting"));
    assert_eq!(registry.report(Group::Live, Duration::ZERO).await.http_status(), 200);
    assert!(registry.begin());
    assert_eq!(ready(&registry).await, (200, ""));
    assert!(!registry.begin());
    let registry = registry.starting();
    registry.enter(Phase::Draining);
    assert!(!registry.begin());
    assert_eq!(ready(&registry).await, (503, "draining"));
}

/// Says when it is dropped.
struct Held(Arc<AtomicU32>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

struct Holding(Arc<AtomicU32>);

#[async_trait]
impl Check for Holding {
    fn name(&self) -> &str {
        "holding"
    }

    async fn check(&self) -> Finding {
        let _held = Held(Arc::clone(&self.0));
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_look_that_was_left_holds_nothing_once_the_process_drains() {
    // Breaks: a database waits for ever for the connection of a look that nobody continues.
    let dropped = Arc::new(AtomicU32::new(0));
    let registry = Registry::new(10 * SECOND).with(Holding(Arc::clone(&dropped)));
    let left = tokio::time::timeout(SECOND, registry.report(Group::Ready, Duration::ZERO));
    assert!(left.await.is_err());
    assert_eq!(dropped.load(Ordering::Relaxed), 0, "the next asker continues it");
    registry.enter(Phase::Draining);
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
    // Neither does anybody begin another one.
    let report = registry.report(Group::Ready, Duration::ZERO).await;
    assert_eq!((report.output, report.checks[0].status), ("draining", Status::Unknown));
}
