//! A program that has nothing to do with market data watches its own queue and its own disk.

use std::time::Duration;

use async_trait::async_trait;
use health::{Check, Effect, Finding, Group, Registry};

/// The jobs that wait.
struct Queue {
    waiting: u32,
}

#[async_trait]
impl Check for Queue {
    fn name(&self) -> &str {
        "queue:waiting"
    }

    fn groups(&self) -> &[(Group, Effect)] {
        // A long queue is no reason to stop taking jobs.
        &[(Group::Ready, Effect::Warning)]
    }

    async fn check(&self) -> Finding {
        Finding::by_thresholds(f64::from(self.waiting), "jobs", (1_000.0, 10_000.0))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let registry = Registry::new(Duration::from_secs(5)).with(Queue { waiting: 1_200 });
    let report = registry.report(Group::Ready, Duration::ZERO).await;
    assert_eq!(report.http_status(), 200, "degraded is still in rotation");
    assert!(report.to_health_json("2026-01-01T00:00:00Z").contains("above 1000"));
}
