use std::time::Duration;

use clock::{ManualClock, Timestamp};

use super::*;
use crate::{Filter, GroupBy, MemoryLedger, MemoryMeter, Part, Reason, Settled};

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const WELL: ShareOf =
    ShareOf { how: Settled { elapsed: Duration::from_millis(40), outcome: "ok" }, assumed: false };

struct Rig {
    key: Account,
    clients: Clients,
    ledger: MemoryLedger,
    clock: ManualClock,
}

fn purpose() -> Purpose {
    Purpose { operation: "quotes".into(), n_keys: 3 }
}

fn month(credits: u64) -> Budget {
    Budget { month: Some(Credits::new(credits)), ..Budget::UNLIMITED }
}

fn quota(month: u64) -> Quota {
    Quota { month: Some(Credits::new(month)), ..Quota::default() }
}

fn reserved(percent: u16) -> Quota {
    Quota { reserved: Part::permille(percent * 10), ..Quota::default() }
}

impl Rig {
    fn new(budget: Budget) -> Self {
        Self::with(budget, Arc::new(NoJournal))
    }

    fn with(budget: Budget, journal: Arc<dyn Journal>) -> Self {
        let clock = ManualClock::at(NOON);
        let meter: Arc<dyn Meter> = Arc::new(MemoryMeter::new());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let key = Account::new(AccountParts {
            name: "key".into(),
            meter: Arc::clone(&meter),
            journal: Arc::clone(&journal),
            budget,
            policy: Policy::Closed,
            clock: Arc::clone(&shared),
        });
        let policy = Policy::Closed;
        let parts = ClientsParts { key: key.clone(), meter, journal, policy, clock: shared };
        let clients = Clients::new(parts);
        Self { key, clients, ledger: MemoryLedger::new(), clock }
    }

    async fn client(&self, name: &str, quota: Quota) -> Client {
        self.clients.open(name, quota, &self.ledger).await.unwrap()
    }

    /// A call of one client, from its hold to its share.
    async fn spend(&self, client: &Client, credits: u64) -> Result<(), Denied> {
        let credits = Credits::new(credits);
        let hold = client.hold(credits, &purpose()).await?;
        let paid = self.key.reserve(credits, purpose()).await?;
        paid.settle(credits, WELL.how).await;
        hold.book(credits, &purpose(), WELL);
        Ok(())
    }

    async fn spend_all(&self, client: &Client) -> u64 {
        let mut spent = 0;
        while self.spend(client, 1).await.is_ok() {
            spent += 1;
        }
        spent
    }
}

#[tokio::test]
async fn a_quota_is_never_exceeded_by_those_under_way() {
    // Breaks if only what is settled counts: a burst would run through any quota.
    let rig = Rig::new(Budget::UNLIMITED);
    let client = rig.client("web", quota(3)).await;
    let first = client.hold(Credits::new(2), &purpose()).await.unwrap();
    let refused = client.hold(Credits::new(2), &purpose()).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().reason, Reason::Held);
    first.book(Credits::new(1), &purpose(), WELL);
    drop(first);
    assert!(client.hold(Credits::new(2), &purpose()).await.is_ok(), "the rest was given back");
    assert_eq!(client.usage().await.unwrap().month, Credits::new(1));
    assert_eq!(client.usage().await.unwrap().reserved, Credits::ZERO);
}

#[tokio::test]
async fn what_is_free_is_refused_to_nobody() {
    // The map of coins costs nothing: a used-up quota must not hide it.
    let rig = Rig::new(Budget::UNLIMITED);
    let client = rig.client("web", quota(0)).await;
    rig.clients.set_floor(Priority::Essential);
    assert!(client.hold(Credits::ZERO, &purpose()).await.is_ok());
    assert!(rig.clients.hold_for_house(Credits::ZERO, &purpose()).await.is_ok());
    assert!(client.hold(Credits::new(1), &purpose()).await.is_err());
}

#[tokio::test]
async fn the_greedy_leave_what_is_reserved() {
    // The promise: whatever others do, a part is there for whom it was reserved.
    let rig = Rig::new(month(100));
    let vip = rig.client("vip", reserved(30)).await;
    let greedy = rig.client("greedy", Quota::default()).await;
    assert_eq!(rig.spend_all(&greedy).await, 70);
    let refused = greedy.hold(Credits::new(1), &purpose()).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().window, Window::Month);
    assert!(rig.clients.hold_for_house(Credits::new(1), &purpose()).await.is_err());
    assert_eq!(rig.spend_all(&vip).await, 30);
    assert_eq!(rig.key.usage().await.unwrap().month, Credits::new(100), "nothing is left unused");
}

#[tokio::test]
async fn a_reserved_part_is_no_limit() {
    // What nobody else needs is there for everybody, also for those with a part of their own.
    let rig = Rig::new(month(100));
    let vip = rig.client("vip", reserved(30)).await;
    let other = rig.client("other", reserved(20)).await;
    assert_eq!(rig.spend_all(&vip).await, 80);
    assert_eq!(rig.spend_all(&other).await, 20);
}

#[tokio::test]
async fn parts_follow_the_budget_and_the_list() {
    // A plan that is learned late, or a client that goes, changes what others may take.
    let rig = Rig::new(Budget::UNLIMITED);
    let vip = rig.client("vip", reserved(50)).await;
    let greedy = rig.client("greedy", Quota::default()).await;
    rig.spend(&greedy, 10).await.unwrap();
    rig.key.set_budget(month(100));
    rig.clients.divide();
    rig.clients.learn_used().await.unwrap();
    assert_eq!(rig.spend_all(&greedy).await, 40, "half of it, and ten are spent");
    drop(vip);
    rig.clients.close("vip");
    assert_eq!(rig.spend_all(&greedy).await, 50);
}

#[tokio::test]
async fn what_others_spend_with_the_key_is_nobodys_part() {
    // Upstream's own count may be above ours: the parts of clients stay theirs.
    let rig = Rig::new(month(100));
    let vip = rig.client("vip", reserved(30)).await;
    let greedy = rig.client("greedy", Quota::default()).await;
    rig.key.learn_used(0, Credits::new(60), Credits::new(60)).await.unwrap();
    rig.clients.learn_used().await.unwrap();
    assert_eq!(rig.spend_all(&greedy).await, 10);
    assert_eq!(rig.spend_all(&vip).await, 30);
}

#[tokio::test]
async fn below_the_floor_nobody_spends() {
    // The last rung of the ladder: only those that matter go on.
    let rig = Rig::new(Budget::UNLIMITED);
    let of = |priority| Quota { priority, ..Quota::default() };
    let low = rig.client("low", of(Priority::Low)).await;
    let normal = rig.client("normal", of(Priority::Normal)).await;
    let essential = rig.client("essential", of(Priority::Essential)).await;
    let mut seen = Vec::new();
    for floor in Priority::ALL {
        rig.clients.set_floor(floor);
        assert_eq!(rig.clients.floor(), floor);
        let mut may = Vec::new();
        for client in [&low, &normal, &essential] {
            may.push(rig.spend(client, 1).await.is_ok());
        }
        let house = rig.clients.hold_for_house(Credits::new(1), &purpose()).await;
        may.push(house.is_ok());
        seen.push(may);
    }
    assert_eq!(seen[0], [true, true, true, true]);
    assert_eq!(seen[1], [false, true, true, true]);
    assert_eq!(seen[2], [false, false, true, false]);
    let refused = low.hold(Credits::new(1), &purpose()).await.unwrap_err();
    assert_eq!(refused.retry_at(), Some(NOON.after(crate::limits::WITHHELD_FOR)));
}

#[tokio::test]
async fn shares_are_in_the_ledger_under_the_clients_account_and_survive_a_restart() {
    // Breaks if a restart gives every client its quota anew.
    let rig = Rig::new(Budget::UNLIMITED);
    let client = rig.client("web", quota(10)).await;
    rig.spend(&client, 4).await.unwrap();
    assert_eq!(rig.clients.n_waiting(), 1);
    rig.clients.catch_up(&rig.ledger).await.unwrap();
    rig.key.flush(&rig.ledger).await.unwrap();
    let totals = rig.ledger.totals(&Filter::default(), GroupBy::Account).await.unwrap();
    let by_account: Vec<_> = totals.iter().map(|t| (t.key.as_str(), t.credits.get())).collect();
    assert_eq!(by_account, [("key", 4), ("key/client:web", 4)]);
    let again = Rig { ledger: rig.ledger, ..Rig::new(Budget::UNLIMITED) };
    let client = again.client("web", quota(10)).await;
    assert_eq!(again.spend_all(&client).await, 6);
}

#[tokio::test]
async fn a_death_forgets_no_share_and_books_no_hold() {
    // What was under way is the key's: those who got no answer do not pay for it.
    let [before, after] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let journal = |at: &tempfile::TempDir| {
        Arc::new(crate::FileJournal::open(at.path()).unwrap()) as Arc<dyn Journal>
    };
    let rig = Rig::with(Budget::UNLIMITED, journal(&before));
    let client = rig.client("web", quota(10)).await;
    rig.spend(&client, 4).await.unwrap();
    let _held = client.hold(Credits::new(5), &purpose()).await.unwrap();
    // What a death would leave on the disk at this instant.
    let file = "credits.journal";
    std::fs::copy(before.path().join(file), after.path().join(file)).unwrap();
    let rig = Rig::with(Budget::UNLIMITED, journal(&after));
    let client = rig.client("web", quota(10)).await;
    assert_eq!(client.usage().await.unwrap().month, Credits::new(4));
    let page = rig.ledger.query(&Filter::default(), crate::Page::first(9)).await.unwrap();
    assert_eq!(page.items.len(), 1, "{page:?}");
    assert!(!page.items[0].assumed);
}

#[tokio::test]
async fn what_the_ledger_has_is_not_counted_again_from_the_journal() {
    // A journal gives its space back late: after a death it tells of what is in the ledger, too.
    let [before, after] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let journal = |at: &tempfile::TempDir| {
        Arc::new(crate::FileJournal::open(at.path()).unwrap()) as Arc<dyn Journal>
    };
    let rig = Rig::with(Budget::UNLIMITED, journal(&before));
    let client = rig.client("web", quota(10)).await;
    rig.spend(&client, 4).await.unwrap();
    rig.clients.catch_up(&rig.ledger).await.unwrap();
    let file = "credits.journal";
    std::fs::copy(before.path().join(file), after.path().join(file)).unwrap();
    let again = Rig::with(Budget::UNLIMITED, journal(&after));
    let again = Rig { ledger: rig.ledger, ..again };
    let client = again.client("web", quota(10)).await;
    assert_eq!(client.usage().await.unwrap().month, Credits::new(4));
}

#[tokio::test]
async fn a_client_that_is_gone_is_remembered_until_its_shares_are_written() {
    // Revoked while its call is in the air: the call is still somebody's.
    let rig = Rig::new(Budget::UNLIMITED);
    let client = rig.client("web", quota(10)).await;
    let hold = client.hold(Credits::new(2), &purpose()).await.unwrap();
    drop(client);
    rig.clients.close("web");
    rig.clients.catch_up(&rig.ledger).await.unwrap();
    assert!(rig.clients.get("web").is_none());
    hold.book(Credits::new(2), &purpose(), WELL);
    drop(hold);
    assert_eq!(rig.clients.n_waiting(), 1);
    assert_eq!(rig.clients.catch_up(&rig.ledger).await.unwrap(), 1);
    assert!(lock(&rig.clients.0.leaving).is_empty());
}

#[tokio::test]
async fn a_new_day_opens_the_quota_again() {
    // Breaks if a client's windows do not turn with the clock.
    let rig = Rig::new(Budget::UNLIMITED);
    let daily = Quota { day: Some(Credits::new(2)), ..Quota::default() };
    let client = rig.client("web", daily).await;
    assert_eq!(rig.spend_all(&client).await, 2);
    rig.clock.advance(Duration::from_secs(86_400));
    assert_eq!(rig.spend_all(&client).await, 2);
}
