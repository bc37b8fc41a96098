//! One block, as its owner sees it.

use std::time::Duration;

use clock::Timestamp;

use super::{Draft, Report};
use crate::{Block, Credits, ReservationId, limits};

/// A block from its lease to its last report.
#[derive(Debug)]
pub(super) struct Owned {
    draft: Draft,
    granted: Block,
    /// What its calls have charged.
    charged: Credits,
    /// The prices of those under way.
    held: Credits,
    n_under_way: u64,
    /// Calls drawn, less those that never went out.
    n_calls: u64,
    used_at: Timestamp,
    is_closed: bool,
    told: Credits,
    told_ceiling: Credits,
}

impl Owned {
    pub(super) fn new(draft: &Draft, granted: Block) -> Self {
        Self {
            draft: *draft,
            granted,
            charged: Credits::ZERO,
            held: Credits::ZERO,
            n_under_way: 0,
            n_calls: 0,
            used_at: draft.at,
            is_closed: false,
            told: Credits::ZERO,
            told_ceiling: granted.credits,
        }
    }

    /// How many of its calls went out is not known: it gives none back.
    pub(super) fn left_behind(id: ReservationId, charged: Credits, lost_at: Timestamp) -> Self {
        let draft = Draft { id, at: lost_at, until: lost_at, lost_at };
        let granted = Block { credits: charged, calls: limits::CALLS_OF_BLOCK_MAX };
        let block = Self::new(&draft, granted);
        Self { charged, n_calls: limits::CALLS_OF_BLOCK_MAX, is_closed: true, ..block }
    }

    pub(super) const fn id(&self) -> ReservationId {
        self.draft.id
    }

    pub(super) const fn left(&self) -> Credits {
        self.granted.credits.saturating_sub(self.charged).saturating_sub(self.held)
    }

    pub(super) const fn calls_left(&self) -> u64 {
        self.granted.calls.saturating_sub(self.n_calls)
    }

    /// Whether it may be drawn from.
    pub(super) fn is_open(&self, now: Timestamp) -> bool {
        !self.is_closed && now < self.draft.until
    }

    pub(super) fn has(&self, price: Credits, now: Timestamp) -> bool {
        self.is_open(now) && self.calls_left() > 0 && self.left() >= price
    }

    pub(super) fn draw(&mut self, price: Credits, now: Timestamp) {
        self.held = self.held.saturating_add(price);
        self.n_under_way += 1;
        self.n_calls += 1;
        self.used_at = now;
    }

    /// No charge: the call never went out.
    pub(super) fn end(&mut self, price: Credits, charged: Option<Credits>) {
        self.held = self.held.saturating_sub(price);
        self.n_under_way = self.n_under_way.saturating_sub(1);
        match charged {
            Some(charged) => self.charged = self.charged.saturating_add(charged),
            None => self.n_calls = self.n_calls.saturating_sub(1),
        }
    }

    pub(super) fn is_idle(&self, idle: Duration, now: Timestamp) -> bool {
        now.since(self.used_at) >= idle
    }

    /// Whether the last part of its life has begun.
    pub(super) fn is_ageing(&self, now: Timestamp) -> bool {
        let life = self.draft.until.since(self.draft.at);
        now >= self.draft.until.before(life / 8)
    }

    pub(super) fn granted_quarter(&self) -> Block {
        let Block { credits, calls } = self.granted;
        Block { credits: Credits::new(credits.get() / 4), calls: calls / 4 }
    }

    pub(super) const fn close(&mut self) {
        self.is_closed = true;
    }

    pub(super) fn close_if_over(&mut self, idle: Duration, now: Timestamp) {
        let is_used_up = self.left().is_zero() || self.calls_left() == 0;
        let is_over = now >= self.draft.until || self.is_idle(idle, now);
        if is_over || (is_used_up && self.n_under_way == 0) {
            self.close();
        }
    }

    /// What the meter does not know yet; none if it knows all.
    pub(super) fn report(&self) -> Option<Report> {
        let ended = self.is_closed && self.n_under_way == 0;
        let ceiling = self.ceiling();
        let is_news = self.charged != self.told || ceiling != self.told_ceiling || ended;
        is_news.then(|| Report {
            id: self.id(),
            charged: self.charged,
            ceiling,
            calls: if self.is_closed { self.n_calls } else { self.granted.calls },
            ended,
            lost_at: self.draft.lost_at,
        })
    }

    /// Says how much more is booked by that. Reports may overtake each other.
    pub(super) fn told(&mut self, report: &Report) -> Credits {
        let booked = report.charged.saturating_sub(self.told);
        self.told = self.told.max(report.charged);
        self.told_ceiling = report.ceiling;
        booked
    }

    /// A closed one needs no more than what is under way.
    fn ceiling(&self) -> Credits {
        let in_use = self.charged.saturating_add(self.held);
        if self.is_closed { in_use } else { self.granted.credits.max(in_use) }
    }
}
