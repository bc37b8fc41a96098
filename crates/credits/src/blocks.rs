//! Credits leased ahead: what an account holds, draws from it, and has to tell the meter. Pure: it
//! is told the time, and asks nobody.

mod owned;

use std::time::Duration;

use clock::Timestamp;

use crate::{Block, Budget, Credits, Refusal, ReservationId, Wanted, Window, limits};

use owned::Owned;

/// How large a block is leased ahead, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// Credits of one block at most; a dearer call gets a block of its own price.
    pub credits_max: Credits,
    /// Calls of one block at most.
    pub calls_max: u64,
    /// No block is more than this part of what is left, so that blocks shrink near the limit.
    pub share: u64,
    /// How long a block is drawn from, also while the meter is away.
    pub life: Duration,
    /// How long a block lies unused before it is given back.
    pub idle: Duration,
}

impl Default for LeaseTerms {
    fn default() -> Self {
        Self {
            credits_max: Credits::new(50),
            calls_max: 50,
            share: 32,
            life: limits::BLOCK_LIFE,
            idle: limits::BLOCK_IDLE,
        }
    }
}

impl LeaseTerms {
    /// What to ask the meter for when a call of `price` is to go out.
    pub(crate) fn wanted(&self, price: Credits) -> Wanted {
        Wanted {
            least: price,
            most: self.credits_max.max(price),
            calls_most: self.calls_max.max(1),
            share: self.share,
        }
    }
}

/// A block that is about to be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) id: ReservationId,
    pub(crate) at: Timestamp,
    /// Nothing is drawn from it any more.
    pub(crate) until: Timestamp,
    /// The meter books it as spent.
    pub(crate) lost_at: Timestamp,
}

impl Draft {
    /// Calls are counted in the minute in which they are leased; where that matters, a block ends
    /// with it. What is drawn at its end has as long to come back as any other call.
    pub(crate) fn new(terms: &LeaseTerms, budget: &Budget, now: Timestamp) -> Self {
        let life = now.after(terms.life);
        let until = match budget.minute_calls {
            Some(_) => life.min(Window::Minute.reset(now, budget.anchor)),
            None => life,
        };
        let lost_at = life.after(limits::HOLD);
        Self { id: ReservationId::new(now), at: now, until, lost_at }
    }
}

/// What the meter has to be told of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) id: ReservationId,
    pub(crate) charged: Credits,
    pub(crate) ceiling: Credits,
    pub(crate) calls: u64,
    pub(crate) ended: bool,
    pub(crate) lost_at: Timestamp,
}

/// Why the meter need not be asked just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum No {
    /// So much, or more, did not fit a moment ago.
    Refused(Credits, Refusal),
    /// It was away a moment ago.
    Away,
}

/// How much an account holds ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// In so many blocks, those that wait for calls under way included.
    pub n_blocks: usize,
    /// What may still be drawn.
    pub left: Credits,
}

/// The blocks of an account, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    owned: Vec<Owned>,
    no: Option<(Timestamp, No)>,
}

impl Blocks {
    /// Takes `price` and a call out of a block that has as much. The oldest first, so that it can
    /// be given back.
    pub(crate) fn draw(&mut self, price: Credits, now: Timestamp) -> Option<ReservationId> {
        let has_enough = |block: &&mut Owned| block.has(price, now);
        let block = self.owned.iter_mut().find(has_enough)?;
        block.draw(price, now);
        Some(block.id())
    }

    /// A new block, from which `price` is drawn at once.
    pub(crate) fn add(&mut self, draft: &Draft, granted: Block, price: Option<Credits>) {
        self.no = None;
        let mut block = Owned::new(draft, granted);
        if let Some(price) = price {
            block.draw(price, draft.at);
        }
        self.owned.push(block);
    }

    /// A block that the last run left, of which it is known what was charged.
    pub(crate) fn adopt(&mut self, id: ReservationId, charged: Credits, lost_at: Timestamp) {
        self.owned.push(Owned::left_behind(id, charged, lost_at));
    }

    /// A call that had `price` of that block came back, or never went out.
    pub(crate) fn end(&mut self, id: ReservationId, price: Credits, charged: Option<Credits>) {
        if let Some(block) = self.owned.iter_mut().find(|block| block.id() == id) {
            block.end(price, charged);
        }
    }

    /// What the meter is to be told now. Blocks that are over or idle are closed by this: nothing
    /// is drawn from them any more, and what is left of them goes back.
    pub(crate) fn reports(&mut self, idle: Duration, now: Timestamp) -> Vec<Report> {
        for block in &mut self.owned {
            block.close_if_over(idle, now);
        }
        self.owned.iter().filter_map(Owned::report).collect()
    }

    /// The meter knows. Says how much it has booked by that.
    pub(crate) fn told(&mut self, report: &Report) -> Credits {
        let is_it = |block: &Owned| block.id() == report.id;
        let Some(at) = self.owned.iter().position(is_it) else { return Credits::ZERO };
        let booked = self.owned[at].told(report);
        if report.ended {
            self.owned.remove(at);
        }
        booked
    }

    /// Closes all of them: the next reports give back what is left.
    pub(crate) fn recall(&mut self) {
        self.no = None;
        self.owned.iter_mut().for_each(Owned::close);
    }

    /// Whether a block should be leased before somebody has to wait for it: calls are going out,
    /// and what is left will not last.
    pub(crate) fn is_running_out(&self, terms: &LeaseTerms, now: Timestamp) -> bool {
        let is_asked = self.owned.iter().any(|block| !block.is_idle(terms.idle, now));
        let in_use: Vec<_> = self.owned.iter().filter(|block| block.is_open(now)).collect();
        let Some(newest) = in_use.last().filter(|_| is_asked) else { return false };
        let quarter = newest.granted_quarter();
        let left = in_use.iter().fold(Block::default(), |left, block| Block {
            credits: left.credits.saturating_add(block.left()),
            calls: left.calls.saturating_add(block.calls_left()),
        });
        let is_low = left.credits < quarter.credits || left.calls < quarter.calls;
        is_low || newest.is_ageing(now)
    }

    /// Whether one of them lies unused.
    pub(crate) fn has_idle(&self, idle: Duration, now: Timestamp) -> bool {
        self.owned.iter().any(|block| block.is_open(now) && block.is_idle(idle, now))
    }

    /// Whether there is something that could be given back for another ask.
    pub(crate) fn has_left(&self, now: Timestamp) -> bool {
        self.owned.iter().any(|block| block.is_open(now) && !block.left().is_zero())
    }

    /// What is held ahead.
    pub(crate) fn ahead(&self, now: Timestamp) -> Ahead {
        let open = self.owned.iter().filter(|block| block.is_open(now));
        Ahead { n_blocks: self.owned.len(), left: open.map(Owned::left).sum() }
    }

    /// Whether no more may be owned.
    pub(crate) fn is_full(&self) -> bool {
        self.owned.len() >= limits::BLOCKS_MAX
    }

    /// Remembers for a moment that the meter said no, so that not everybody asks it.
    pub(crate) fn remember_no(&mut self, no: No, now: Timestamp) {
        self.no = Some((now, no));
    }

    /// The no that holds for `price` now.
    pub(crate) fn no(&self, price: Credits, now: Timestamp) -> Option<No> {
        let (at, no) = self.no?;
        let is_recent = at <= now && now.since(at) < limits::NO_HOLDS;
        let holds = match no {
            No::Refused(refused, _) => price >= refused,
            No::Away => true,
        };
        (is_recent && holds).then_some(no)
    }
}

#[cfg(test)]
mod tests;
