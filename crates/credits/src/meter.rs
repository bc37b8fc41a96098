use std::{fmt::Debug, sync::Arc};

use async_trait::async_trait;
use clock::Timestamp;

use crate::{
    BillingAnchor, Budget, Credits, Decision, Lease, MeterError, ReservationId, Usage, Wanted,
    Window,
};

/// Counts what is held and what is booked; the one place where two askers meet.
///
/// # Contract
/// - Atomic per account: between the look at the usage and the hold nobody else holds.
/// - It applies [`Budget::decide`] and nothing of its own.
/// - An end is booked once per id, however often it is told. An end of an unknown id is booked
///   too when it is a charge (the money is gone), and ignored when it is a release.
/// - A reservation not ended by its `lost_at` is booked as spent at its price, at that instant.
///   A charge told later corrects it.
/// - What is open counts in all windows; a charge is booked in the windows of the settling instant.
/// - A leased block is a hold of several calls: [`Budget::lease`] says how much is granted. Its
///   owner [reports](Self::report) what it has charged so far, in all, and how much the block may
///   still grow to: reported charges are booked, the rest is held. Reports may come twice, late and
///   in any order: charges only grow, ceilings only shrink, an end is final. A block that nobody
///   ends is lost like any other hold, and revived by its owner's next report.
#[async_trait]
pub trait Meter: Debug + Send + Sync + 'static {
    /// Whether it counts in the memory of this process, so that asking it is as quick as a leased
    /// block, and nothing can come between.
    fn is_local(&self) -> bool {
        false
    }
    /// Holds the price if it fits.
    async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError>;
    /// Ends the hold and books the charge.
    async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError>;
    /// Ends the hold; the call never went out, so that it is not counted either.
    async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError>;
    /// Holds a block of credits and calls ahead, or says why not even the least of it fits.
    async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError>;
    /// Books what a block has charged since the last report, and gives back what it needs no more.
    async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError>;
    /// What is used at this instant.
    async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError>;
    /// Lifts what is booked in a window to at least an amount known from elsewhere.
    async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError>;
}

/// For [`Meter::reserve`].
#[derive(Clone, Debug)]
pub struct ReserveAsk {
    /// Whose budget.
    pub account: Arc<str>,
    /// New for each ask.
    pub id: ReservationId,
    /// What to hold.
    pub price: Credits,
    /// The limits to apply.
    pub budget: Budget,
    /// Now.
    pub at: Timestamp,
    /// When the hold turns into spending by itself.
    pub lost_at: Timestamp,
}

/// For [`Meter::settle`].
#[derive(Clone, Debug)]
pub struct SettleAsk {
    /// Whose budget.
    pub account: Arc<str>,
    /// Which hold.
    pub id: ReservationId,
    /// What the call took.
    pub charged: Credits,
    /// Now.
    pub at: Timestamp,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

/// For [`Meter::release`].
#[derive(Clone, Debug)]
pub struct ReleaseAsk {
    /// Whose budget.
    pub account: Arc<str>,
    /// Which hold.
    pub id: ReservationId,
    /// Now.
    pub at: Timestamp,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

/// For [`Meter::lease`].
#[derive(Clone, Debug)]
pub struct LeaseAsk {
    /// Whose budget.
    pub account: Arc<str>,
    /// New for each block.
    pub id: ReservationId,
    /// How much of it.
    pub wanted: Wanted,
    /// The limits to apply.
    pub budget: Budget,
    /// Now.
    pub at: Timestamp,
    /// When the whole block turns into spending by itself.
    pub lost_at: Timestamp,
}

/// For [`Meter::report`]: a block as its owner sees it.
#[derive(Clone, Debug)]
pub struct ReportAsk {
    /// Whose budget.
    pub account: Arc<str>,
    /// Which block.
    pub id: ReservationId,
    /// What its calls have charged, in all.
    pub charged: Credits,
    /// What the block may grow to: what is charged, and what may yet be.
    pub ceiling: Credits,
    /// The calls that went out or may yet go out, in all.
    pub calls: u64,
    /// Whether this was its last word.
    pub ended: bool,
    /// When the rest turns into spending by itself.
    pub lost_at: Timestamp,
    /// Now.
    pub at: Timestamp,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

/// For [`Meter::usage`].
#[derive(Clone, Debug)]
pub struct UsageAsk {
    /// Whose.
    pub account: Arc<str>,
    /// Now.
    pub at: Timestamp,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

/// For [`Meter::raise`].
#[derive(Clone, Debug)]
pub struct RaiseAsk {
    /// Whose.
    pub account: Arc<str>,
    /// Which window; the minute takes calls.
    pub window: Window,
    /// To at least this many credits, or calls.
    pub to: u64,
    /// Now.
    pub at: Timestamp,
    /// Where the billing month begins.
    pub anchor: BillingAnchor,
}

macro_rules! delegate {
    ($($pointer:ident)+) => {$(
        #[async_trait]
        impl<M: Meter + ?Sized> Meter for $pointer<M> {
            fn is_local(&self) -> bool {
                (**self).is_local()
            }
            async fn reserve(&self, ask: &ReserveAsk) -> Result<Decision, MeterError> {
                (**self).reserve(ask).await
            }
            async fn settle(&self, ask: &SettleAsk) -> Result<(), MeterError> {
                (**self).settle(ask).await
            }
            async fn release(&self, ask: &ReleaseAsk) -> Result<(), MeterError> {
                (**self).release(ask).await
            }
            async fn lease(&self, ask: &LeaseAsk) -> Result<Lease, MeterError> {
                (**self).lease(ask).await
            }
            async fn report(&self, ask: &ReportAsk) -> Result<(), MeterError> {
                (**self).report(ask).await
            }
            async fn usage(&self, ask: &UsageAsk) -> Result<Usage, MeterError> {
                (**self).usage(ask).await
            }
            async fn raise(&self, ask: &RaiseAsk) -> Result<(), MeterError> {
                (**self).raise(ask).await
            }
        }
    )+};
}
delegate!(Arc Box);

const _: Option<&dyn Meter> = None;
