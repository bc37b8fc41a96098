//! How an account leases blocks, tells the meter of them, and gives them back.

use std::{sync::Arc, time::Duration};

use super::{Account, ends::Unused, restart::Past};
use crate::{
    Ahead, Credits, Denied, Lease, LeaseAsk, LeaseTerms, MeterError, OpenBlock, Reason, Refusal,
    ReportAsk, ReservationId,
    blocks::{Draft, No, Report},
};

impl Account {
    /// Returns when a block should be leased so that nobody has to wait for one. For a background
    /// loop, which then calls [`lease_ahead`](Self::lease_ahead).
    pub async fn runs_low(&self) {
        self.0.low.notified().await;
    }

    /// Leases a block before somebody has to wait for it, if calls are going out and what is left
    /// will not last. What does not come can still be waited for.
    pub async fn lease_ahead(&self) {
        let Some(terms) = self.terms() else { return };
        let _turn = self.0.turn.acquire().await;
        let now = self.0.clock.now();
        let is_wanted = {
            let blocks = self.blocks();
            blocks.is_running_out(terms, now) && blocks.no(Credits::ZERO, now).is_none()
        };
        if is_wanted && let Err(Denied::MeterDown(_)) = self.lease(None, terms).await {
            self.books().n_meter_failures += 1;
        }
    }

    /// Stops drawing from the present blocks and gives back what is left of them: before the
    /// process ends, or when others need it more.
    pub async fn give_back(&self) {
        self.blocks().recall();
        self.sweep().await;
    }

    /// What is held ahead.
    #[must_use]
    pub fn ahead(&self) -> Ahead {
        self.blocks().ahead(self.0.clock.now())
    }

    /// The block that `price` was drawn from, which may have to be leased first.
    pub(super) async fn drawn(
        &self,
        price: Credits,
        terms: &LeaseTerms,
    ) -> Result<ReservationId, Denied> {
        if let Some(block) = self.draw(price, terms) {
            return Ok(block);
        }
        let _turn = self.0.turn.acquire().await;
        // While we waited for our turn, somebody may have leased enough for us, too.
        if let Some(block) = self.draw(price, terms) {
            return Ok(block);
        }
        match self.lease(Some(price), terms).await {
            Err(Denied::Budget(refusal)) if self.may_combine(&refusal) => {
                // Together with what we have left of other blocks it may be enough.
                self.blocks().recall();
                self.report().await.map_err(Denied::MeterDown)?;
                self.lease(Some(price), terms).await
            }
            leased => leased,
        }
    }

    fn draw(&self, price: Credits, terms: &LeaseTerms) -> Option<ReservationId> {
        let now = self.0.clock.now();
        let mut blocks = self.blocks();
        let drawn = blocks.draw(price, now);
        if drawn.is_some() && blocks.is_running_out(terms, now) && blocks.no(price, now).is_none() {
            self.0.low.notify_one();
        }
        drawn
    }

    fn may_combine(&self, refusal: &Refusal) -> bool {
        refusal.reason != Reason::TooBig && self.blocks().has_left(self.0.clock.now())
    }

    /// Leases a block, and draws `price` from it if there is one.
    async fn lease(
        &self,
        price: Option<Credits>,
        terms: &LeaseTerms,
    ) -> Result<ReservationId, Denied> {
        let least = price.unwrap_or(Credits::new(1));
        let now = self.0.clock.now();
        match self.blocks().no(least, now) {
            Some(No::Refused(_, refusal)) => return Err(Denied::Budget(refusal)),
            Some(No::Away) => return Err(Denied::MeterDown(MeterError::resting())),
            None => {}
        }
        self.make_room().await?;
        let draft = Draft::new(terms, &self.budget(), now);
        let lease = self.ask_for(&draft, least, terms).await;
        match lease {
            Ok(Lease::Granted(block)) => {
                self.blocks().add(&draft, block, price);
                Ok(draft.id)
            }
            Ok(Lease::Refused(refusal)) => {
                self.forget_block(draft.id);
                self.remember_no(No::Refused(least, refusal));
                Err(Denied::Budget(refusal))
            }
            Err(denied) => {
                self.remember_no(No::Away);
                Err(denied)
            }
        }
    }

    /// From now on, not from when it was asked: an ask that ran into its deadline took long.
    fn remember_no(&self, no: No) {
        let now = self.0.clock.now();
        self.blocks().remember_no(no, now);
    }

    /// Writes down that a block may be held from now on, and asks for it.
    async fn ask_for(
        &self,
        draft: &Draft,
        least: Credits,
        terms: &LeaseTerms,
    ) -> Result<Lease, Denied> {
        let account = Arc::clone(&self.0.name);
        let block = OpenBlock {
            id: draft.id,
            lost_at: draft.lost_at,
            account: Arc::clone(&account),
            charged: Credits::ZERO,
        };
        self.0.journal.leasing(&block).map_err(Denied::JournalDown)?;
        let unused = Unused::block(self, draft.id);
        let ask = LeaseAsk {
            account,
            id: draft.id,
            wanted: terms.wanted(least),
            budget: self.budget(),
            at: draft.at,
            lost_at: draft.lost_at,
        };
        let lease = self.0.meter.lease(&ask).await.map_err(Denied::MeterDown)?;
        unused.keep();
        Ok(lease)
    }

    /// Many small blocks may have been used up since the last report.
    async fn make_room(&self) -> Result<(), Denied> {
        if self.blocks().is_full() {
            self.report().await.map_err(Denied::MeterDown)?;
        }
        if self.blocks().is_full() {
            return Err(Denied::MeterDown(MeterError::full("lease one more block")));
        }
        Ok(())
    }

    /// Tells the meter all that it does not know of our blocks.
    pub(super) async fn report(&self) -> Result<(), MeterError> {
        // What it remembers has to be asked for before it is told anything.
        if self.books().past == Past::Unknown && !self.is_forgotten() {
            return Ok(());
        }
        let idle = self.idle_by_now().await;
        let reports = self.blocks().reports(idle, self.0.clock.now());
        for report in reports {
            self.0.meter.report(&self.report_ask(&report)).await?;
            let booked = self.blocks().told(&report);
            self.note_told(booked);
            if report.ended {
                self.forget_block(report.id);
            }
        }
        Ok(())
    }

    /// After how long an unused block is closed. While the meter is away, none is: nobody else
    /// could have what is left of it, and it is all that there is to spend.
    async fn idle_by_now(&self) -> Duration {
        let Some(terms) = self.0.policy.terms() else { return Duration::MAX };
        let has_idle = self.blocks().has_idle(terms.idle, self.0.clock.now());
        let is_there = has_idle && self.0.meter.usage(&self.usage_ask()).await.is_ok();
        if is_there { terms.idle } else { Duration::MAX }
    }

    fn report_ask(&self, report: &Report) -> ReportAsk {
        let Report { id, charged, ceiling, calls, ended, lost_at } = *report;
        ReportAsk {
            account: Arc::clone(&self.0.name),
            id,
            charged,
            ceiling,
            calls,
            ended,
            lost_at,
            at: self.0.clock.now(),
            anchor: self.budget().anchor,
        }
    }

    pub(super) fn forget_block(&self, id: ReservationId) {
        if self.0.journal.returned(id).is_err() {
            self.books().n_journal_failures += 1;
        }
    }
}
