use std::{
    io,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

use async_trait::async_trait;
use clock::ManualClock;
use futures_util::FutureExt;

use super::*;
use crate::{
    Ahead, Credits, Decision, Denied, End, ErrorKind, Filter, GroupBy, Lease, LeaseAsk, Ledger,
    MemoryLedger, MemoryMeter, NoJournal, OpenBlock, Purpose, RaiseAsk, Recovered, ReleaseAsk,
    ReportAsk, Reservation, ReservationId, ReserveAsk, SettleAsk, Settled, Window, limits,
};

mod invariants;
mod leasing;

const NOON: Timestamp = Timestamp::from_millis(1_791_201_600_000);
const WELL: Settled = Settled { elapsed: Duration::from_millis(40), outcome: "ok" };

fn credits(amount: u64) -> Credits {
    Credits::new(amount)
}

fn purpose() -> Purpose {
    Purpose { operation: "quotes".into(), n_keys: 3 }
}

fn parts(meter: impl Meter, journal: impl Journal) -> AccountParts {
    AccountParts {
        name: "upstream".into(),
        meter: Arc::new(meter),
        journal: Arc::new(journal),
        budget: Budget { month: Some(credits(10)), ..Budget::UNLIMITED },
        policy: Policy::Closed,
        clock: Arc::new(ManualClock::at(NOON)),
    }
}

fn account() -> Account {
    Account::new(parts(MemoryMeter::new(), NoJournal))
}

async fn month_and_reserved(account: &Account) -> (u64, u64) {
    let usage = account.usage().await.unwrap();
    (usage.month.get(), usage.reserved.get())
}

/// A part that is away while it is told so.
#[derive(Clone, Debug, Default)]
struct Away(Arc<AtomicBool>);

impl Away {
    fn set(&self, away: bool) {
        self.0.store(away, Ordering::SeqCst);
    }

    fn check(&self) -> Result<(), MeterError> {
        match self.0.load(Ordering::SeqCst) {
            true => {
                Err(MeterError { operation: "any", kind: ErrorKind::Unavailable, source: None })
            }
            false => Ok(()),
        }
    }
}

/// A meter that may be away, and that takes a moment.
#[derive(Debug, Default)]
struct SlowMeter {
    inner: MemoryMeter,
    away: Away,
}

#[async_trait]
impl Meter for SlowMeter {
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
        self.away.check()?;
        let decision = self.inner.reserve(ask).await;
        tokio::task::yield_now().await;
        decision
    }
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
        self.away.check()?;
        tokio::task::yield_now().await;
        self.inner.settle(ask).await
    }
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
        self.away.check()?;
        tokio::task::yield_now().await;
        self.inner.release(ask).await
    }
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
        self.away.check()?;
        let lease = self.inner.lease(ask).await;
        tokio::task::yield_now().await;
        lease
    }
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
        self.away.check()?;
        tokio::task::yield_now().await;
        self.inner.report(ask).await
    }
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
        self.inner.usage(ask).await
    }
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
        self.inner.raise(ask).await
    }
}

/// A disk that is full.
#[derive(Debug)]
struct FullJournal;

impl Journal for FullJournal {
    fn opened(&self, _: &OpenReservation) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn closed(&self, _: &End) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn leasing(&self, _: &OpenBlock) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn returned(&self, _: ReservationId) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
    fn recover(&self, _: &str) -> io::Result<Recovered> {
        Ok(Recovered::default())
    }
    fn trim(&self, _: &[PostingId]) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[tokio::test]
async fn a_settled_call_is_booked_with_its_charge() {
    // The books are what the user pays by.
    let account = account();
    let reservation = account.reserve(credits(6), purpose()).await.unwrap();
    assert_eq!(month_and_reserved(&account).await, (0, 6));
    let id = reservation.id();
    reservation.settle(credits(2), WELL).await;
    assert_eq!(month_and_reserved(&account).await, (2, 0));
    let postings = account.drain_postings(10);
    let [posting] = &postings[..] else { panic!("{postings:?}") };
    assert_eq!((posting.id, posting.reserved, posting.charged), (id, credits(6), credits(2)));
    assert_eq!((posting.assumed, posting.elapsed_ms, &*posting.outcome), (false, 40, "ok"));
    account.acknowledged(&[id]);
    assert!(account.drain_postings(10).is_empty());
}

#[tokio::test]
async fn a_dropped_reservation_is_booked_as_spent_and_flagged() {
    // A budget that errs must err on the safe side.
    let account = account();
    drop(account.reserve(credits(6), purpose()).await.unwrap());
    assert_eq!(month_and_reserved(&account).await, (6, 0));
    let posting = &account.drain_postings(10)[0];
    assert_eq!((posting.charged, posting.assumed, &*posting.outcome), (credits(6), true, "lost"));
}

#[tokio::test]
async fn an_unknown_charge_can_be_told_with_its_outcome() {
    // A timed-out call is spent, too, but its holder knows why.
    let account = account();
    let reservation = account.reserve(credits(6), purpose()).await.unwrap();
    reservation.assume(Settled { outcome: "timed_out", ..WELL }).await;
    let posting = &account.drain_postings(10)[0];
    let found = (posting.charged, posting.assumed, &*posting.outcome);
    assert_eq!(found, (credits(6), true, "timed_out"));
}

#[tokio::test]
async fn a_released_reservation_leaves_no_trace() {
    // The call never went out.
    let account = account();
    account.reserve(credits(6), purpose()).await.unwrap().release(WELL).await;
    assert_eq!(month_and_reserved(&account).await, (0, 0));
    assert!(account.drain_postings(10).is_empty());
    assert_eq!(account.usage().await.unwrap().minute_calls, 0);
}

#[tokio::test]
async fn what_does_not_fit_is_denied_with_the_reason() {
    // The asker tells its own client when to come back.
    let account = account();
    let _held = account.reserve(credits(6), purpose()).await.unwrap();
    let denied = account.reserve(credits(5), purpose()).await.unwrap_err();
    let text = "the month budget of 10 is held by calls under way: 0 used, 6 held, 5 asked";
    assert_eq!(denied.to_string(), text);
    assert_eq!(denied.retry_at(), Timestamp::parse("2026-11-01T00:00:00Z"));
}

#[tokio::test]
async fn without_a_meter_nothing_is_spent_and_ends_are_kept_for_it() {
    // A dead meter denies; it must not forget what was under way.
    let meter = SlowMeter::default();
    let away = meter.away.clone();
    let account = Account::new(parts(meter, NoJournal));
    let reservation = account.reserve(credits(6), purpose()).await.unwrap();
    away.set(true);
    reservation.settle(credits(4), WELL).await;
    for _ in 0..3 {
        let denied = account.reserve(credits(1), purpose()).await.unwrap_err();
        assert!(matches!(denied, Denied::MeterDown(_)), "{denied}");
    }
    assert_eq!(account.drain_postings(10).len(), 1);
    assert_eq!(account.books().endings.len(), 1, "denied asks leave nothing behind");
    away.set(false);
    assert_eq!(month_and_reserved(&account).await, (4, 0));
}

#[tokio::test]
async fn what_cannot_be_journalled_is_not_spent() {
    // After a death nobody would know of it.
    let account = Account::new(parts(MemoryMeter::new(), FullJournal));
    let denied = account.reserve(credits(6), purpose()).await.unwrap_err();
    assert!(matches!(denied, Denied::JournalDown(_)), "{denied}");
    assert_eq!(month_and_reserved(&account).await, (0, 0));
}

#[tokio::test]
async fn an_ask_dropped_half_way_leaves_no_hold() {
    // Clients hang up at any moment; a leaked hold would starve all others.
    let account = Account::new(parts(SlowMeter::default(), NoJournal));
    assert!(account.reserve(credits(6), purpose()).now_or_never().is_none());
    assert_eq!(account.books().endings.len(), 1);
    assert_eq!(month_and_reserved(&account).await, (0, 0));
    assert!(account.drain_postings(10).is_empty());
}

#[tokio::test]
async fn an_end_dropped_half_way_is_finished_by_the_next_operation() {
    // The charge is booked at the first poll, whatever happens to the caller.
    let account = Account::new(parts(SlowMeter::default(), NoJournal));
    let reservation = account.reserve(credits(6), purpose()).await.unwrap();
    assert!(reservation.settle(credits(2), WELL).now_or_never().is_none());
    assert_eq!(account.drain_postings(10)[0].charged, credits(2));
    assert_eq!(month_and_reserved(&account).await, (2, 0));
    let reservation = account.reserve(credits(6), purpose()).await.unwrap();
    drop(reservation.settle(credits(2), WELL));
    assert_eq!(month_and_reserved(&account).await, (8, 0), "never polled is lost");
}

#[tokio::test]
async fn opening_goes_on_where_the_last_run_ended() {
    // A restart must not hand out a second budget.
    let folder = tempfile::tempdir().unwrap();
    let journal = || crate::FileJournal::open(folder.path()).unwrap();
    let ledger = MemoryLedger::new();
    {
        let account = Account::open(parts(MemoryMeter::new(), journal()), &ledger).await.unwrap();
        let booked = account.reserve(credits(2), purpose()).await.unwrap();
        booked.settle(credits(2), WELL).await;
        account.flush(&ledger).await.unwrap();
        let settled = account.reserve(credits(3), purpose()).await.unwrap();
        settled.settle(credits(1), WELL).await;
        account.reserve(credits(3), purpose()).await.unwrap().release(WELL).await;
        // Forgotten: neither its end nor its drop is ever seen.
        std::mem::forget(account.reserve(credits(4), purpose()).await.unwrap());
        // The forgotten one keeps the account alive, and with it the lock of the journal.
        account.0.journal.trim(&[]).unwrap();
    }
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(folder.path().join("credits.journal"), copy.path().join("credits.journal"))
        .unwrap();
    for _ in 0..2 {
        let journal = crate::FileJournal::open(copy.path()).unwrap();
        let account = Account::open(parts(MemoryMeter::new(), journal), &ledger).await.unwrap();
        assert_eq!(month_and_reserved(&account).await, (7, 0));
        assert_eq!(account.n_waiting(), 0);
    }
    let totals = ledger.totals(&Filter::default(), GroupBy::Outcome).await.unwrap();
    let lost = totals.iter().find(|total| total.key == "lost").unwrap();
    assert_eq!((lost.credits, lost.assumed, lost.calls), (credits(4), credits(4), 1));
}

/// A ledger that is away while it is told so.
#[derive(Debug, Default)]
struct FarLedger {
    inner: MemoryLedger,
    away: Away,
}

impl FarLedger {
    fn check(&self) -> Result<(), crate::LedgerError> {
        let away = |error: MeterError| crate::LedgerError {
            operation: "be there",
            kind: error.kind,
            source: None,
        };
        self.away.check().map_err(away)
    }
}

#[async_trait]
impl Ledger for FarLedger {
    async fn post(&self, postings: &[Posting]) -> Result<(), crate::LedgerError> {
        self.check()?;
        self.inner.post(postings).await
    }
    async fn query(
        &self,
        filter: &Filter,
        page: crate::Page,
    ) -> Result<crate::PageOf<Posting>, crate::LedgerError> {
        self.inner.query(filter, page).await
    }
    async fn totals(
        &self,
        filter: &Filter,
        by: GroupBy,
    ) -> Result<Vec<crate::Total>, crate::LedgerError> {
        self.check()?;
        self.inner.totals(filter, by).await
    }
}

/// A journal in which one call of 3 credits was left open, and a ledger that knows of 4.
async fn after_a_death(journal: &std::path::Path) -> (FarLedger, AccountParts) {
    let ledger = FarLedger::default();
    let before = Account::new(parts(MemoryMeter::new(), NoJournal));
    before.reserve(credits(4), purpose()).await.unwrap().settle(credits(4), WELL).await;
    before.flush(&ledger).await.unwrap();
    {
        let journal = crate::FileJournal::open(journal).unwrap();
        let open = before.draft(credits(3), purpose());
        journal.opened(&open).unwrap();
    }
    let parts = parts(MemoryMeter::new(), crate::FileJournal::open(journal).unwrap());
    (ledger, parts)
}

#[tokio::test]
async fn while_the_ledger_is_away_nothing_is_spent_on_a_guess() {
    // What only the ledger knows must not be handed out a second time.
    let folder = tempfile::tempdir().unwrap();
    let (ledger, parts) = after_a_death(folder.path()).await;
    ledger.away.set(true);
    let account = Account::open_ahead(parts, &ledger).await.unwrap();
    assert!(account.is_in_the_dark());
    assert_eq!(month_and_reserved(&account).await, (3, 0), "the journal counts at once");
    let denied = account.reserve(credits(1), purpose()).await.unwrap_err();
    assert!(matches!(denied, Denied::MeterDown(_)), "{denied}");
    assert!(account.catch_up(&ledger).await.is_err());
    ledger.away.set(false);
    assert_eq!(account.catch_up(&ledger).await.unwrap(), 1);
    assert_eq!(month_and_reserved(&account).await, (7, 0));
    assert!(account.reserve(credits(4), purpose()).await.is_err());
    account.reserve(credits(3), purpose()).await.unwrap().release(WELL).await;
}

#[tokio::test]
async fn upstreams_own_count_is_as_good_as_a_ledger_that_is_away() {
    // A gateway goes on serving, and paying, while the books are elsewhere.
    let folder = tempfile::tempdir().unwrap();
    let (ledger, parts) = after_a_death(folder.path()).await;
    ledger.away.set(true);
    let account = Account::open_ahead(parts, &ledger).await.unwrap();
    account.learn_used(2, credits(5), credits(6)).await.unwrap();
    assert!(!account.is_in_the_dark());
    let usage = account.usage().await.unwrap();
    assert_eq!((usage.minute_calls, usage.day, usage.month), (2, credits(5), credits(6)));
    account.reserve(credits(2), purpose()).await.unwrap().settle(credits(2), WELL).await;
    ledger.away.set(false);
    assert_eq!(account.catch_up(&ledger).await.unwrap(), 2);
    assert_eq!(month_and_reserved(&account).await, (9, 0), "4 on record, 3 left open, 2 now");
}

#[tokio::test]
async fn without_limits_a_ledger_that_is_away_denies_nothing() {
    // There is nothing to overspend.
    let mut parts = parts(MemoryMeter::new(), NoJournal);
    parts.budget = Budget::UNLIMITED;
    let ledger = FarLedger::default();
    ledger.away.set(true);
    let account = Account::open_ahead(parts, &ledger).await.unwrap();
    account.reserve(credits(1), purpose()).await.unwrap().release(WELL).await;
}

#[tokio::test]
async fn a_moved_billing_month_is_rebuilt_from_the_ledger() {
    // The key's own reset is known only after the first contact with upstream.
    let clock = ManualClock::at(NOON.before(Duration::from_secs(10 * 86_400)));
    let parts =
        AccountParts { clock: Arc::new(clock.clone()), ..parts(MemoryMeter::new(), NoJournal) };
    let ledger = MemoryLedger::new();
    let account = Account::new(parts);
    account.reserve(credits(5), purpose()).await.unwrap().settle(credits(5), WELL).await;
    account.flush(&ledger).await.unwrap();
    clock.set(NOON);
    account.reserve(credits(2), purpose()).await.unwrap().settle(credits(2), WELL).await;
    assert_eq!(account.usage().await.unwrap().month, credits(2));
    let anchor = crate::BillingAnchor::at(Timestamp::parse("2026-01-20T00:00:00Z").unwrap());
    account.set_budget(Budget { anchor, ..account.budget() });
    account.rebuild(&ledger).await.unwrap();
    assert_eq!(account.usage().await.unwrap().month, credits(7));
    account.raise(Window::Month, 9).await.unwrap();
    assert!(account.reserve(credits(2), purpose()).await.is_err());
}
